import { describe, expect, it } from 'vitest';
import { ipAddressStrategy, serviceCidrStrategy } from '../../../src/apiserver/kinds/networking/service-addresses.ts';
import { fieldErrorText } from '../../../src/model/field-error.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';

const serviceCidr = (...cidrs: string[]): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'c' },
  spec: { cidrs },
});

describe('ServiceCIDR', () => {
  it.each([
    [[], ['spec.cidrs: Required value: at least one CIDR required']],
    [['10.0.0.0/16'], []],
    [['10.0.0.0/16', '2001:db8::/64'], []],
    [['10.0.0.1/16'], ['spec.cidrs[0]: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length']],
    [
      ['10.0.0.0/16', '10.1.0.0/16'],
      ['spec: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: may only contain one value per IP family'],
    ],
  ])('%j', (cidrs, expected) => {
    const errors = serviceCidrStrategy.validate(serviceCidr(...cidrs));
    expect(errors.map((error) => `${error.field}: ${fieldErrorText(error)}`)).toEqual(expected);
  });

  it('does not change', () => {
    const errors = serviceCidrStrategy.validateUpdate(serviceCidr('10.0.0.0/16'), serviceCidr('10.1.0.0/16'));
    expect(errors).toMatchObject([{ field: 'spec.cidrs', detail: 'field is immutable' }]);
  });
});

describe('IPAddress', () => {
  it('is named by an address in canonical form', () => {
    expect(ipAddressStrategy.validateName?.('10.0.0.1', false)).toEqual([]);
    expect(ipAddressStrategy.validateName?.('010.0.0.1', false)).not.toEqual([]);
  });

  it('needs to know whose it is', () => {
    const object = { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: '10.0.0.1' } };
    expect(ipAddressStrategy.validate({ ...object, spec: {} })).toMatchObject([{ field: 'spec.parentRef' }]);
    expect(ipAddressStrategy.validate({ ...object, spec: { parentRef: { resource: 'services', name: 's' } } })).toEqual(
      [],
    );
  });
});
