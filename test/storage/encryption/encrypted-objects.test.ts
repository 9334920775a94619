import { describe, expect, it } from 'vitest';
import { ObjectStorage, type StoredKind } from '../../../src/storage/object-storage.ts';
import { configuredValues } from '../../../src/storage/encryption/configured-values.ts';
import { MemoryStorage } from '../memory-storage.ts';

const SECRETS: StoredKind = {
  path: 'secrets',
  namespaced: true,
  encoding: 'protobuf',
  resource: { group: '', resource: 'secrets' },
};
const valuesOf = (...keys: [string, number][]) =>
  configuredValues(
    JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources: [
        {
          resources: ['secrets'],
          providers: [
            {
              aesgcm: {
                keys: keys.map(([name, fill]) => ({ name, secret: Buffer.alloc(32, fill).toString('base64') })),
              },
            },
            { identity: {} },
          ],
        },
      ],
    }),
    '/registry',
  );
const secret = (name: string, owner?: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace: 'default',
    ...(owner === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: owner }] }),
  },
  data: { password: 'aGVsbG8=' },
});
const nameOf = (name: string) => ({ namespace: 'default', name });

async function headAt(memory: MemoryStorage, name: string): Promise<string> {
  const { kvs } = await memory.range({ key: Buffer.from(`/registry/secrets/default/${name}`) });
  return kvs[0]?.value.toString('latin1', 0, 22) ?? '';
}

describe('objects encrypted at rest', () => {
  it('are written encrypted by create, createMissing and update, and read, listed and watched as they are', async () => {
    const memory = new MemoryStorage();
    const storage = new ObjectStorage({ storage: memory, values: valuesOf(['k', 1]) });
    const created = await storage.create(SECRETS, nameOf('a'), secret('a'));
    expect(created['data']).toEqual({ password: 'aGVsbG8=' });
    await storage.createMissing([{ kind: SECRETS, name: nameOf('b'), object: secret('b') }]);
    const updated = await storage.update(SECRETS, nameOf('a'), {
      update: (current) => ({ type: 'write', object: { ...secret('a'), ...current, data: { password: 'Ynll' } } }),
    });
    expect(updated['data']).toEqual({ password: 'Ynll' });
    for (const name of ['a', 'b']) expect(await headAt(memory, name)).toMatch(/^k8s:enc:aesgcm:v1:k:/);
    const { objects } = await storage.list(SECRETS, '');
    expect(objects.map(({ data }) => data)).toEqual([{ password: 'Ynll' }, { password: 'aGVsbG8=' }]);
    for await (const event of storage.watch(SECRETS, '', {})) {
      expect(event.type === 'ADDED' && event.object['data']).toEqual({ password: 'Ynll' });
      break;
    }
  });

  it('are not written again when nothing changed, but are with a new key', async () => {
    const memory = new MemoryStorage();
    const before = new ObjectStorage({ storage: memory, values: valuesOf(['old', 1]) });
    await before.create(SECRETS, nameOf('a'), secret('a'));
    const touch = (storage: ObjectStorage) =>
      storage.update(SECRETS, nameOf('a'), {
        update: (current) => ({ type: 'write', object: current ?? secret('a') }),
      });
    const { revision } = memory;
    await touch(before);
    expect(memory.revision).toBe(revision);
    await touch(new ObjectStorage({ storage: memory, values: valuesOf(['new', 2], ['old', 1]) }));
    expect(memory.revision).toBe(revision + 1);
    expect((await headAt(memory, 'a')).startsWith('k8s:enc:aesgcm:v1:new:')).toBe(true);
  });

  it('name their owners', async () => {
    const storage = new ObjectStorage({ storage: new MemoryStorage(), values: valuesOf(['k', 1]) });
    await storage.create(SECRETS, nameOf('a'), secret('a', 'uid-1'));
    const { owned } = await storage.scanOwners({ paths: [SECRETS], namespace: '' });
    expect(owned).toEqual([{ key: 'secrets/default/a', owners: [{ uid: 'uid-1', blocks: false }] }]);
  });

  it('cannot be read without the key: a list names each of them, and the provider', async () => {
    const memory = new MemoryStorage();
    const written = new ObjectStorage({ storage: memory, values: valuesOf(['k', 1]) });
    await written.create(SECRETS, nameOf('a'), secret('a'));
    await written.create(SECRETS, nameOf('b'), secret('b'));
    const storage = new ObjectStorage({ storage: memory });
    await expect(storage.list(SECRETS, '')).rejects.toThrow(
      'failed to read one or more secrets from the storage: /registry/secrets/default/a: the value is encrypted at rest by aesgcm with the key "k", and no key for it is configured (--etcd-encryption-config names the file) (and 1 more)',
    );
    await expect(storage.get(SECRETS, nameOf('b'))).rejects.toThrow('/registry/secrets/default/b');
    const { revision } = memory;
    await expect(
      storage.update(SECRETS, nameOf('b'), { update: () => ({ type: 'write', object: secret('b') }) }),
    ).rejects.toThrow('encrypted at rest');
    expect(memory.revision).toBe(revision);
  });
});
