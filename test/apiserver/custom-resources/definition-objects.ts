import type { KubeObject } from '../../../src/model/kube-object.ts';
import type { ApiHarness } from '../api-harness.ts';

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const CRON_TABS = '/apis/stable.example.com/v1/namespaces/default/crontabs';

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['cronSpec'],
      properties: {
        cronSpec: { type: 'string', minLength: 1 },
        image: { type: 'string', default: 'busybox' },
        replicas: { type: 'integer', minimum: 1, maximum: 10 },
        note: { type: 'string', nullable: true },
      },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
};

/** A definition of CronTabs with all that a version may have; `change` makes another one of it. */
export function cronTabDefinition(change: (spec: Record<string, unknown>) => void = () => undefined): KubeObject {
  const spec: Record<string, unknown> = {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'], categories: ['all'] },
    versions: [version('v1')],
  };
  change(spec);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec,
  };
}

export function version(name: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: SCHEMA },
    subresources: {
      status: {},
      scale: {
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    },
    additionalPrinterColumns: [
      { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
      { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    selectableFields: [{ jsonPath: '.spec.image' }],
    ...fields,
  };
}

export function cronTab(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'stable.example.com/v1',
    kind: 'CronTab',
    metadata: { name },
    spec: { cronSpec: '* * * * *', ...spec },
  };
}

/** What is wrong with a body that is sent: `field: text` for each cause. */
export async function causes(api: ApiHarness, path: string, body: unknown): Promise<string[]> {
  const { body: status } = await api.request('POST', path, body);
  const { details, message } = status as {
    message: string;
    details?: { causes?: { field: string; message: string }[] };
  };
  return details?.causes?.map((cause) => `${cause.field}: ${cause.message}`) ?? [message];
}
