import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import type { Operation, Storage } from '../../../src/storage/storage.ts';

export interface Planted {
  /** `CODE KEY` of every fault, with its severity before it. */
  readonly faults: readonly string[];
  readonly glutton: { readonly namespace: string; readonly resource: string; readonly manager: string };
}

const GLUTTON = { namespace: 'greedy', resource: 'configmaps', manager: 'glutton-operator' };
const PIECE = 100_000;
const TIME = '2026-01-02T03:04:05Z';

type Fields = Record<string, unknown>;

/** An object with what an API server gives every one. */
function object(
  apiVersion: string,
  kind: string,
  metadata: Fields,
  { manager = 'kubectl-create', ...rest }: Fields = {},
) {
  const { name, namespace = '' } = metadata as { name: string; namespace?: string };
  const managedFields = [
    { manager, operation: 'Update', apiVersion, time: TIME, fieldsType: 'FieldsV1', fieldsV1: { 'f:data': {} } },
  ];
  const uid = `uid-of-${kind}-${namespace}-${name}`;
  return { apiVersion, kind, metadata: { uid, creationTimestamp: TIME, managedFields, ...metadata }, ...rest };
}

const protobuf = (...args: Parameters<typeof object>): Buffer => encodeObject(object(...args) as never);
const json = (...args: Parameters<typeof object>): Buffer => Buffer.from(`${JSON.stringify(object(...args))}\n`);

const configMap = (namespace: string, name: string, data: Fields = { a: 'b' }, manager?: string): Buffer =>
  protobuf('v1', 'ConfigMap', { name, namespace }, { data, ...(manager === undefined ? {} : { manager }) });

/** An envelope of a kind that the tables do not have. */
function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const field = (number: number, bytes: Buffer): Buffer => {
    if (bytes.length > 127) throw new Error('too long for this test');
    return Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
  };
  const type = Buffer.concat([field(1, Buffer.from(apiVersion)), field(2, Buffer.from(kind))]);
  return Buffer.concat([
    Buffer.from('k8s\0', 'latin1'),
    field(1, type),
    field(2, raw),
    field(3, Buffer.alloc(0)),
    field(4, Buffer.alloc(0)),
  ]);
}

/** What is as it should be, housekeeping of API servers included. */
function healthy(): [string, Buffer][] {
  const namespaces = ['default', 'kube-system', 'web', GLUTTON.namespace].map((name): [string, Buffer] => [
    `namespaces/${name}`,
    protobuf('v1', 'Namespace', { name }, { spec: { finalizers: ['kubernetes'] } }),
  ]);
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const deployment = { selector: { matchLabels: { a: 'b' } }, template };
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: 'uid-of-Deployment-web-web',
    controller: true,
  };
  const set = { name: 'web-1', namespace: 'web', ownerReferences: [owner] };
  const definition = {
    spec: {
      group: 'example.com',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true },
        { name: 'v1beta1', served: true, storage: false },
      ],
    },
  };
  const aggregated = {
    spec: { group: 'metrics.example.com', version: 'v1', service: { name: 's', namespace: 'web' } },
  };
  const elsewhere = { apiVersion: 'metrics.example.com/v1', kind: 'Meter', name: 'm', uid: 'kept-elsewhere' };
  const soon = { deletionTimestamp: new Date().toISOString().replace(/\.\d+/, ''), finalizers: ['example.com/wait'] };
  return [
    ...namespaces,
    ['deployments/web/web', protobuf('apps/v1', 'Deployment', { name: 'web', namespace: 'web' }, { spec: deployment })],
    ['replicasets/web/web-1', protobuf('apps/v1', 'ReplicaSet', set, { spec: deployment })],
    ['pods/web/ends', protobuf('v1', 'Pod', { name: 'ends', namespace: 'web', ...soon }, { spec: template.spec })],
    [
      'services/specs/web/web',
      protobuf('v1', 'Service', { name: 'web', namespace: 'web' }, { spec: { clusterIP: '10.0.0.1' } }),
    ],
    ['services/endpoints/web/web', protobuf('v1', 'Endpoints', { name: 'web', namespace: 'web' })],
    ['minions/node-1', protobuf('v1', 'Node', { name: 'node-1' })],
    ['events/web/e.1', protobuf('v1', 'Event', { name: 'e.1', namespace: 'web' }, { reason: 'r' })],
    [
      'configmaps/web/measured',
      protobuf('v1', 'ConfigMap', { name: 'measured', namespace: 'web', ownerReferences: [elsewhere] }),
    ],
    [
      'apiextensions.k8s.io/customresourcedefinitions/widgets.example.com',
      json('apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', { name: 'widgets.example.com' }, definition),
    ],
    [
      'apiregistration.k8s.io/apiservices/v1.metrics.example.com',
      json('apiregistration.k8s.io/v1', 'APIService', { name: 'v1.metrics.example.com' }, aggregated),
    ],
    ['example.com/widgets/web/w', json('example.com/v1', 'Widget', { name: 'w', namespace: 'web' })],
    ['masterleases/10.0.0.1', protobuf('v1', 'Endpoints', { name: '' })],
    ['peerserviceips/abc', protobuf('v1', 'Endpoints', { name: 'other' })],
    ['ranges/serviceips', envelope('v1', 'RangeAllocation', Buffer.from([10, 0]))],
    ['ranges/servicenodeports', envelope('v1', 'RangeAllocation', Buffer.from([10, 0]))],
    ['servers.kube-lite/1', Buffer.from('kube-lite serve, process 1 on host')],
  ];
}

/** Severity and code, the key below the prefix, its value. */
function faulty(): [string, string, Buffer][] {
  const gone = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'gone', uid: 'nobody' };
  const there = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-of-Deployment-web-web' };
  const whole = configMap('web', 'cut');
  const stuck = { name: 'stuck', namespace: 'web', deletionTimestamp: TIME, finalizers: ['example.com/never'] };
  const scaler = { spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 2 } };
  return [
    [
      'warning orphan',
      'configmaps/web/orphan',
      protobuf('v1', 'ConfigMap', { name: 'orphan', namespace: 'web', ownerReferences: [gone] }),
    ],
    [
      'info dangling-owner',
      'configmaps/web/half',
      protobuf('v1', 'ConfigMap', { name: 'half', namespace: 'web', ownerReferences: [gone, there] }),
    ],
    ['error damaged-value', 'configmaps/web/cut', whole.subarray(0, whole.length - 20)],
    ['error damaged-value', 'configmaps/web/text', Buffer.from('this is no object')],
    ['error damaged-value', 'configmaps/web/empty', Buffer.alloc(0)],
    [
      'error damaged-value',
      'example.com/widgets/web/broken',
      Buffer.from('{"apiVersion":"example.com/v1","kind":"Wid'),
    ],
    ['error missing-namespace', 'configmaps/nowhere/lost', configMap('nowhere', 'lost')],
    ['error wrong-key', 'configmaps/web/alias', configMap('web', 'real-name')],
    ['error wrong-key', 'configmaps/web/moved', configMap('default', 'moved')],
    ['error wrong-kind', 'configmaps/web/secret', protobuf('v1', 'Secret', { name: 'secret', namespace: 'web' })],
    [
      'warning old-version',
      'horizontalpodautoscalers/web/old',
      protobuf('autoscaling/v1', 'HorizontalPodAutoscaler', { name: 'old', namespace: 'web' }, scaler),
    ],
    [
      'error removed-version',
      'example.com/widgets/web/ancient',
      json('example.com/v1alpha1', 'Widget', { name: 'ancient', namespace: 'web' }),
    ],
    [
      'warning no-definition',
      'example.com/gadgets/web/g',
      json('example.com/v1', 'Gadget', { name: 'g', namespace: 'web' }),
    ],
    [
      'warning unknown-kind',
      'podsecuritypolicy/restricted',
      envelope('policy/v1beta1', 'PodSecurityPolicy', Buffer.from([10, 0])),
    ],
    [
      'warning stuck-deletion',
      'pods/web/stuck',
      protobuf('v1', 'Pod', stuck, { spec: { containers: [{ name: 'c', image: 'i' }] } }),
    ],
    ['warning large-value', 'configmaps/web/huge', configMap('web', 'huge', { a: 'x'.repeat(1_400_001) })],
  ];
}

/** Fills a store with what is as it should be, every fault, and one namespace that has so many bytes. */
export async function plant(storage: Storage, gluttonBytes: number): Promise<Planted> {
  const entries: [string, Buffer][] = [
    ...healthy(),
    ...faulty().map(([, key, value]): [string, Buffer] => [key, value]),
  ];
  const put = (key: string, value: Buffer): Operation => ({ type: 'put', key: Buffer.from(key), value });
  await storage.txn({ compares: [], success: [put('compact_rev_key', Buffer.from('1'))] });
  for (const [key, value] of entries) {
    await storage.txn({ compares: [], success: [put(`/registry/${key}`, value)] });
  }
  const count = Math.ceil(gluttonBytes / PIECE);
  for (let start = 0; start < count; start += 10) {
    const some = Array.from({ length: Math.min(10, count - start) }, (_, index) => {
      const name = `blob-${String(start + index).padStart(6, '0')}`;
      const value = configMap(GLUTTON.namespace, name, { blob: 'y'.repeat(PIECE) }, GLUTTON.manager);
      return put(`/registry/configmaps/${GLUTTON.namespace}/${name}`, value);
    });
    await storage.txn({ compares: [], success: some });
  }
  return {
    faults: faulty()
      .map(([code, key]) => `${code} /registry/${key}`)
      .sort(),
    glutton: GLUTTON,
  };
}
