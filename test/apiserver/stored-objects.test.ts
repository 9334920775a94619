import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BuiltInCatalog } from '../../src/apiserver/built-in-catalog.ts';
import { apiHarness } from './api-harness.ts';

interface Recorded {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly input: unknown;
  readonly object: {
    kind: string;
    metadata: { name: string; namespace?: string; [field: string]: unknown };
    [field: string]: unknown;
  };
  readonly key: string;
  readonly value: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
) as Recorded[];

/** Where the API has a recorded object. */
function pathOf({ group, version, resource, namespaced, object }: Recorded): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const namespace = namespaced ? `/namespaces/${String(object.metadata.namespace)}` : '';
  return `${root}${namespace}/${resource}/${object.metadata.name}`;
}

describe('what a real kube-apiserver stored', () => {
  it.each(recorded.map((each) => [each.key, each] as const))('%s is answered as it answered', async (key, each) => {
    const api = apiHarness();
    const { revision } = await api.memory.txn({
      compares: [],
      success: [{ type: 'put', key: Buffer.from(key), value: Buffer.from(each.value, 'base64') }],
    });
    const answer = await api.send('GET', pathOf(each));
    const expected = structuredClone(each.object);
    expected.metadata['resourceVersion'] = String(revision);
    const shown = JSON.parse(JSON.stringify(answer)) as Recorded['object'];
    // The object was recorded at its creation, its bytes a little later: controllers had written these kinds' status by then.
    if (['CustomResourceDefinition', 'FlowSchema'].includes(each.kind)) {
      for (const side of [shown, expected]) {
        delete side['status'];
        delete side.metadata['managedFields'];
      }
    }
    expect(shown).toEqual(expected);
    expect(JSON.stringify(shown)).toBe(JSON.stringify(expected));
  });

  it.each(recorded.map((each) => [each.key, each] as const))('%s is managed as it was', async (_key, each) => {
    const api = apiHarness();
    if (each.namespaced) {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'storage-test' } };
      await api.send('POST', '/api/v1/namespaces', namespace);
    }
    const path = pathOf(each);
    const headers = { 'user-agent': 'Python-urllib/3.11' };
    const created = await api.send('POST', path.slice(0, path.lastIndexOf('/')), each.input, headers);
    const expected = (each.object.metadata['managedFields'] ?? []) as {
      time: string;
      fieldsV1: { 'f:metadata'?: unknown };
    }[];
    const time = created.metadata.creationTimestamp;
    // kube-apiserver's conversion to its internal DaemonSet adds an annotation, which it takes for the client's.
    if (each.kind === 'DaemonSet') for (const entry of expected) delete entry.fieldsV1['f:metadata'];
    const managed = JSON.parse(JSON.stringify(created.metadata.managedFields ?? [])) as unknown;
    expect(managed).toEqual(expected.map((entry) => ({ ...entry, time })));
  });

  it.each(recorded.map((each) => [each.key, each] as const))(
    '%s keeps its bytes through its version',
    async (key, each) => {
      const api = apiHarness();
      const value = Buffer.from(each.value, 'base64');
      await api.memory.txn({ compares: [], success: [{ type: 'put', key: Buffer.from(key), value }] });
      const { revision } = api.memory;
      const served = await new BuiltInCatalog().find(each.group, each.version, each.resource);
      if (served === undefined) throw new Error(`${each.resource} is not served`);
      const name = {
        namespace: each.object.metadata.namespace ?? '',
        name: each.object.metadata.name,
      };
      await api.storage.update(served.stored, name, {
        update(current) {
          if (current === undefined) throw new Error('it is not there');
          return { type: 'write', object: served.toStored(served.fromStored(current)) };
        },
      });
      expect(api.memory.revision).toBe(revision);
    },
  );
});
