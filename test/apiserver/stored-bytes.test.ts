import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeObject } from '../../src/model/protobuf/decode-object.ts';
import { apiHarness } from './api-harness.ts';

interface Recorded {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly input: { readonly spec?: object };
  readonly object: {
    readonly metadata: { readonly uid: string; readonly creationTimestamp: string };
    readonly spec?: { readonly clusterIP?: string };
  };
  readonly key: string;
  readonly value: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
) as Recorded[];

/** The kinds that are complete in every respect. */
const COMPLETE = ['ConfigMap', 'Secret', 'Namespace', 'Pod', 'Service', 'Node', 'ServiceAccount', 'Deployment'];

/** What a create at the recorded moment, with the recorded uid, by the recorded client puts under the recorded key. */
async function stored({
  group,
  version,
  resource,
  namespaced,
  input,
  object,
  key,
}: Recorded): Promise<Buffer | undefined> {
  const { uid, creationTimestamp } = object.metadata;
  const api = apiHarness({ randomness: { uuid: () => uid, letters: (length) => 'x'.repeat(length) } });
  api.now = new Date(creationTimestamp);
  const headers = { 'user-agent': 'Python-urllib/3.11' };
  if (namespaced) await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'storage-test' } }, headers);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  await api.send('POST', `${root}${namespaced ? '/namespaces/storage-test' : ''}/${resource}`, input, headers);
  const { kvs } = await api.memory.range({ key: Buffer.from(key) });
  return kvs[0]?.value;
}

describe('a create stores the bytes that kube-apiserver stored', () => {
  const complete = recorded.filter(({ kind, group }) => COMPLETE.includes(kind) && (group === '' || group === 'apps'));

  it('of all complete kinds', () => {
    expect(complete.map(({ kind }) => kind).sort()).toEqual([...COMPLETE].sort());
  });

  it.each(complete.map((each) => [each.kind, each] as const))('%s', async (kind, each) => {
    const value = await stored(each);
    const expected = Buffer.from(each.value, 'base64');
    if (value === undefined) throw new Error(`nothing is stored under ${each.key}`);
    if (kind !== 'Service') {
      expect(value.toString('hex')).toBe(expected.toString('hex'));
      return;
    }
    // The cluster IP and the node port are allocated at random; all else is the same.
    const withoutAllocations = (bytes: Buffer): string =>
      JSON.stringify(decodeObject(bytes))
        .replaceAll(/"10\.0\.0\.\d+"/g, '"IP"')
        .replaceAll(/"nodePort":\d+/g, '"nodePort":0');
    expect(withoutAllocations(value)).toBe(withoutAllocations(expected));
  });
});
