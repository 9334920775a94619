import { describe, expect, it } from 'vitest';
import { convertObject } from '../../../src/apiserver/conversion/convert-object.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';

const V1 = 'apiextensions.k8s.io/v1';
const V1BETA1 = 'apiextensions.k8s.io/v1beta1';

function crd(versions: unknown[], conversion: unknown = { strategy: 'None' }): KubeObject {
  const names = { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList' };
  return {
    kind: 'CustomResourceDefinition',
    apiVersion: V1,
    metadata: { name: 'crontabs.example.com' },
    spec: { group: 'example.com', names, scope: 'Namespaced', versions, conversion },
    status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
  };
}

const columns = [{ name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' }];
const schema = { openAPIV3Schema: { type: 'object' } };

describe('CustomResourceDefinition', () => {
  it('says what all versions share once in v1beta1', () => {
    const stored = convertObject(
      crd([{ name: 'v1', served: true, storage: true, schema, additionalPrinterColumns: columns }]),
      V1BETA1,
    );
    expect(stored['spec']).toMatchObject({
      version: 'v1',
      validation: schema,
      additionalPrinterColumns: [{ name: 'Spec', type: 'string', JSONPath: '.spec.cronSpec' }],
      versions: [{ name: 'v1', served: true, storage: true }],
      preserveUnknownFields: false,
    });
  });

  it.each([
    [
      'one version',
      crd([
        {
          name: 'v1',
          served: true,
          storage: true,
          schema,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
        },
      ]),
    ],
    [
      'different versions',
      crd([
        { name: 'v1', served: true, storage: true, schema, additionalPrinterColumns: columns },
        { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object', description: 'x' } } },
      ]),
    ],
    [
      'a webhook',
      crd([{ name: 'v1', served: true, storage: true, schema }], {
        strategy: 'Webhook',
        webhook: { clientConfig: { url: 'https://example.com' }, conversionReviewVersions: ['v1'] },
      }),
    ],
  ])('comes back from v1beta1: %s', (_what, object) => {
    expect(convertObject(convertObject(object, V1BETA1), V1)).toEqual(object);
  });

  it('reads the old form with one version', () => {
    const old: KubeObject = {
      kind: 'CustomResourceDefinition',
      apiVersion: V1BETA1,
      metadata: { name: 'x' },
      spec: { group: 'example.com', version: 'v1alpha1', names: {}, scope: 'Cluster', subresources: { status: {} } },
    };
    expect(convertObject(old, V1)['spec']).toEqual({
      group: 'example.com',
      names: {},
      scope: 'Cluster',
      versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }],
      preserveUnknownFields: true,
    });
  });
});

describe('HorizontalPodAutoscaler', () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
  const memory = {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
  };

  function autoscaler(metrics: unknown[]): KubeObject {
    return {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'web', annotations: { mine: 'yes' } },
      spec: { scaleTargetRef: target, minReplicas: 1, maxReplicas: 4, metrics },
      status: { desiredReplicas: 0, currentMetrics: null },
    };
  }

  it('has its CPU metric as a field in v1', () => {
    const v1 = convertObject(autoscaler([cpu]), 'autoscaling/v1');
    expect(v1['spec']).toEqual({
      scaleTargetRef: target,
      minReplicas: 1,
      maxReplicas: 4,
      targetCPUUtilizationPercentage: 80,
    });
    expect(v1.metadata.annotations).toEqual({ mine: 'yes' });
  });

  it.each([[[cpu]], [[memory, cpu]], [[memory]], [[]]])('comes back from v1: %j', (metrics) => {
    const object = autoscaler(metrics);
    if (metrics.length === 0) delete (object['spec'] as Record<string, unknown>)['metrics'];
    expect(convertObject(convertObject(object, 'autoscaling/v1'), 'autoscaling/v2')).toEqual(object);
  });
});

describe('other kinds', () => {
  it('change their apiVersion alone', () => {
    const object: KubeObject = {
      kind: 'MutatingAdmissionPolicy',
      apiVersion: 'admissionregistration.k8s.io/v1',
      metadata: {},
      spec: {},
    };
    expect(convertObject(object, 'admissionregistration.k8s.io/v1beta1')).toEqual({
      ...object,
      apiVersion: 'admissionregistration.k8s.io/v1beta1',
    });
    expect(convertObject(object, object.apiVersion)).toBe(object);
  });
});
