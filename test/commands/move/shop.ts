import { expect } from 'vitest';
import { run } from '../run-program.ts';

export type Env = Record<string, string>;

/** Runs a command that must succeed, and answers what it printed. */
export async function ok(env: Env, argv: readonly string[], input = ''): Promise<string> {
  const { status, output, errors } = await run(argv, { env, input });
  expect({ argv, status, errors: status === 0 ? '' : errors }).toEqual({ argv, status: 0, errors: '' });
  return output;
}

export interface Item {
  kind: string;
  metadata: Record<string, unknown> & { name: string; uid: string };
  [field: string]: unknown;
}

export async function everything(env: Env, namespace: string): Promise<Item[]> {
  const text = await ok(env, ['get', 'everything', '-n', namespace, '-o', 'json']);
  return (JSON.parse(text) as { items: Item[] }).items.filter(({ kind }) => kind !== 'Event');
}

/** Objects by kind and name without what a server owns; owners by name. */
export function comparable(items: readonly Item[]): Record<string, unknown> {
  return Object.fromEntries(
    items.map((item) => {
      const { status: _status, metadata, ...rest } = structuredClone(item);
      for (const field of ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields']) {
        delete metadata[field];
      }
      const owners = metadata['ownerReferences'] as { uid?: string }[] | undefined;
      for (const owner of owners ?? []) delete owner.uid;
      return [`${item.kind}/${item.metadata.name}`, { ...rest, metadata }];
    }),
  );
}

const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', shortNames: ['ct'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

export const configMap = (name: string, namespace: string, data: Record<string, string>, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...more },
  data,
});

/** A namespace with objects of many kinds, custom ones among them, and owners. */
export async function fill(env: Env, namespace: string, count: number): Promise<void> {
  const objects: object[] = [
    CRD,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: 'web' } } },
  ];
  for (let n = 0; n < count; n++) {
    const metadata = { name: `o${n}`, namespace, labels: { n: String(n % 5) } };
    const template = { metadata: { labels: { app: `o${n}` } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
    const kinds: object[] = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { n: String(n), text: 'ü\n'.repeat(n % 7) } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata,
        type: 'Opaque',
        data: { k: Buffer.from([n & 255, 0]).toString('base64') },
      },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: `o${n}` }, ports: [{ port: 80 }] } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { replicas: n % 3, selector: { matchLabels: { app: `o${n}` } }, template },
      },
      { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata, spec: { cronSpec: '* * * * *', n } },
    ];
    objects.push(kinds[n % kinds.length] ?? {});
  }
  await ok(env, ['create', '-f', '-'], objects.map((each) => JSON.stringify(each)).join('\n'));
  const owner = JSON.parse(await ok(env, ['get', 'deployment', 'o3', '-n', namespace, '-o', 'json'])) as Item;
  const ownerReferences = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'o3',
      uid: owner.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
  await ok(env, ['create', '-f', '-'], JSON.stringify(configMap('owned', namespace, { a: 'b' }, { ownerReferences })));
}
