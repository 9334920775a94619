import { describe, expect, it } from 'vitest';
import { decodeTyped } from '../../../src/model/decode/decode-typed.ts';
import type { JsonObject } from '../../../src/model/json-value.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';
import type { TypeSchema } from '../../../src/model/schema/type-schema.ts';

function type(apiVersion: string, kind: string): TypeSchema {
  const found = typeForKind(apiVersion, kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

const POD = type('v1', 'Pod');

function pod(spec: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec };
}

describe('decodeTyped', () => {
  it('orders fields as Go does, and writes what Go always writes', () => {
    const input = { status: {}, spec: { containers: [{ image: 'i', name: 'c' }] }, metadata: { name: 'p' } };
    expect(JSON.stringify(decodeTyped(POD, input).value)).toBe(
      '{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","resources":{}}]},"status":{}}',
    );
    expect(decodeTyped(type('v1', 'Event'), { metadata: {} }).value).toEqual({
      metadata: {},
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    });
  });

  it('drops nulls and empty values where Go does', () => {
    const { value } = decodeTyped(POD, {
      metadata: { name: 'p', labels: {}, finalizers: null, generation: 0 },
      spec: { containers: null, hostNetwork: false, terminationGracePeriodSeconds: 0, nodeName: '', tolerations: [] },
    });
    expect(value).toEqual({
      metadata: { name: 'p' },
      spec: { containers: null, terminationGracePeriodSeconds: 0 },
      status: {},
    });
  });

  it('reads fields of inlined structs', () => {
    const { value, unknownFields } = decodeTyped(POD, pod({ volumes: [{ name: 'v', emptyDir: {} }], containers: [] }));
    expect(unknownFields).toEqual([]);
    expect((value['spec'] as JsonObject)['volumes']).toEqual([{ name: 'v', emptyDir: {} }]);
  });

  it('tells unknown fields with their whole path, in the order of sorted keys', () => {
    const spec = {
      containers: [{ name: 'c', imag: 'x' }],
      zzz: 1,
      aaa: { b: 1 },
      volumes: [{ name: 'v', emptyDir: { size: 1 } }],
    };
    expect(decodeTyped(POD, { ...pod(spec), dat: 1 }).unknownFields).toEqual([
      'dat',
      'spec.aaa',
      'spec.containers[0].imag',
      'spec.volumes[0].emptyDir.size',
      'spec.zzz',
    ]);
  });

  it.each<[JsonObject, string]>([
    [
      { hostNetwork: 'yes' },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      { containers: {} },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      { containers: ['x'] },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
    [
      { nodeSelector: { a: 1 } },
      'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeSelector of type string',
    ],
    [
      { restartPolicy: 1 },
      'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [{ priority: 1.5 }, 'json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32'],
    [
      { priority: 2_147_483_648 },
      'json: cannot unmarshal number 2147483648 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      { overhead: { cpu: 'lots' } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('refuses %j', (spec, message) => {
    expect(() => decodeTyped(POD, pod(spec))).toThrow(message);
  });

  it('tells a wrong time and wrong base64', () => {
    const metadata = { creationTimestamp: 'yesterday' };
    expect(() => decodeTyped(POD, { metadata })).toThrow(
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    );
    const secret = type('v1', 'Secret');
    expect(() => decodeTyped(secret, { data: { a: 'abc' } })).toThrow('illegal base64 data at input byte 0');
    expect(() => decodeTyped(secret, { data: { a: 'abcd=' } })).toThrow('illegal base64 data');
    expect(decodeTyped(secret, { data: { a: 'YQ==' } }).value['data']).toEqual({ a: 'YQ==' });
  });
});
