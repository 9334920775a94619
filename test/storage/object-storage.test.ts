import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { StatusError } from '../../src/model/status.ts';
import { GuardChanged, ObjectStorage, type StoredKind } from '../../src/storage/object-storage.ts';
import { StorageError, type StorageErrorCode } from '../../src/storage/storage-error.ts';
import { MemoryStorage } from './memory-storage.ts';

const CONFIG_MAPS: StoredKind = {
  path: 'configmaps',
  namespaced: true,
  encoding: 'protobuf',
  resource: { group: '', resource: 'configmaps' },
};
const WIDGETS: StoredKind = {
  path: 'example.com/widgets',
  namespaced: true,
  encoding: 'sorted-json',
  resource: { group: 'example.com', resource: 'widgets' },
};
const C = { namespace: 'default', name: 'c' };

function configMap(data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data };
}

function storageOf(): { memory: MemoryStorage; storage: ObjectStorage } {
  const memory = new MemoryStorage();
  return { memory, storage: new ObjectStorage({ storage: memory }) };
}

async function bytesAt(memory: MemoryStorage, key: string): Promise<Buffer | undefined> {
  return (await memory.range({ key: Buffer.from(key) })).kvs[0]?.value;
}

async function failureOf(call: Promise<unknown>): Promise<StatusError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StatusError)) throw new Error(`no StatusError: ${String(error)}`);
  return error;
}

describe('encodings', () => {
  it('writes built-in kinds as protobuf, without the resourceVersion', async () => {
    const { memory, storage } = storageOf();
    const created = await storage.create(CONFIG_MAPS, C, {
      ...configMap({ a: '1' }),
      metadata: { name: 'c', resourceVersion: '77' },
    });
    expect(created.metadata.resourceVersion).toBe(String(memory.revision));
    const value = await bytesAt(memory, '/registry/configmaps/default/c');
    expect(value?.subarray(0, 4).toString('latin1')).toBe('k8s\0');
    expect(value?.includes(Buffer.from('77'))).toBe(false);
  });

  it('writes custom resources as Go writes maps', async () => {
    const { memory, storage } = storageOf();
    const widget = {
      kind: 'Widget',
      apiVersion: 'example.com/v1',
      spec: { z: '<&>', a: 9_007_199_254_740_993n },
      metadata: { name: 'c' },
    };
    const created = await storage.create(WIDGETS, C, widget);
    expect((await bytesAt(memory, '/registry/example.com/widgets/default/c'))?.toString()).toBe(
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"c"},"spec":{"a":9007199254740993,"z":"\\u003c\\u0026\\u003e"}}\n',
    );
    expect(created['spec']).toEqual({ z: '<&>', a: 9_007_199_254_740_993n });
  });

  it('reads either and writes back what it found', async () => {
    const { memory, storage } = storageOf();
    const key = Buffer.from('/registry/configmaps/default/c');
    const value = Buffer.from(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"default"},"data":{"a":"1"}}\n',
    );
    await memory.txn({ compares: [], success: [{ type: 'put', key, value }] });
    await storage.update(CONFIG_MAPS, C, {
      update: (current) => ({ type: 'write', object: { ...(current as KubeObject), data: { a: '2' } } }),
    });
    expect((await bytesAt(memory, key.toString()))?.toString()).toBe(value.toString().replace('"1"', '"2"'));
  });

  it('writes back the fields of an object that it does not know', async () => {
    const { memory, storage } = storageOf();
    await storage.create(CONFIG_MAPS, C, configMap({ a: '1' }));
    const key = Buffer.from('/registry/configmaps/default/c');
    const value = (await bytesAt(memory, key.toString())) ?? Buffer.alloc(0);
    // Field 15 of ConfigMap, which no version has.
    const raw = rawField(value);
    const changed = Buffer.concat([
      value.subarray(0, raw.lengthAt),
      Buffer.from([raw.length + 2]),
      value.subarray(raw.lengthAt + 1, raw.end),
      Buffer.from([0x78, 0x01]),
      value.subarray(raw.end),
    ]);
    await memory.txn({ compares: [], success: [{ type: 'put', key, value: changed }] });
    expect((await storage.get(CONFIG_MAPS, C))?.object['data']).toEqual({ a: '1' });
    await storage.update(CONFIG_MAPS, C, {
      update: (current) => ({ type: 'write', object: { ...(current as KubeObject), data: { a: '2' } } }),
    });
    // The text of the data is one byte, which alone is another one now.
    const expected = Buffer.from(changed);
    expected[changed.lastIndexOf('1')] = '2'.charCodeAt(0);
    expect(await bytesAt(memory, key.toString())).toEqual(expected);
  });
});

/** Where the object's own bytes stand in a small protobuf envelope. */
function rawField(value: Buffer): { lengthAt: number; length: number; end: number } {
  const typeMeta = value[5] ?? 0;
  const lengthAt = 4 + 2 + typeMeta + 1;
  const length = value[lengthAt] ?? 0;
  return { lengthAt, length, end: lengthAt + 1 + length };
}

describe('reference objects', () => {
  interface Recorded {
    readonly key: string;
    readonly value: string;
  }
  const recorded = JSON.parse(
    readFileSync(new URL('../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
  ) as Recorded[];

  it('are written back byte for byte', async () => {
    for (const { key, value } of recorded) {
      const { memory, storage } = storageOf();
      const bytes = Buffer.from(value, 'base64');
      await memory.txn({ compares: [], success: [{ type: 'put', key: Buffer.from(key), value: bytes }] });
      const slash = key.lastIndexOf('/');
      const kind: StoredKind = {
        ...CONFIG_MAPS,
        namespaced: false,
        encoding: 'json',
        path: key.slice('/registry/'.length, slash),
      };
      const name = { namespace: '', name: key.slice(slash + 1) };
      const found = await storage.get(kind, name);
      const copy = { namespace: '', name: 'copy' };
      const encoding = bytes.subarray(0, 4).toString('latin1') === 'k8s\0' ? 'protobuf' : 'json';
      await storage.create({ ...kind, encoding }, copy, found?.object ?? configMap());
      expect((await bytesAt(memory, `/registry/${kind.path}/copy`))?.toString('base64')).toBe(value);
    }
  });
});

describe('writes', () => {
  it('create once', async () => {
    const { storage } = storageOf();
    await storage.create(CONFIG_MAPS, C, configMap());
    expect((await failureOf(storage.create(CONFIG_MAPS, C, configMap()))).message).toBe(
      'configmaps "c" already exists',
    );
  });

  it('create only while a guard stands', async () => {
    const { memory, storage } = storageOf();
    const other = { namespace: 'default', name: 'other' };
    await storage.create(CONFIG_MAPS, other, configMap());
    const { revision } = memory;
    const guard = { kind: CONFIG_MAPS, name: other, revision };
    await storage.create(CONFIG_MAPS, C, configMap(), { guard });
    await storage.delete(CONFIG_MAPS, other);
    await expect(storage.create(CONFIG_MAPS, { ...C, name: 'd' }, configMap(), { guard })).rejects.toBeInstanceOf(
      GuardChanged,
    );
    expect((await failureOf(storage.create(CONFIG_MAPS, C, configMap(), { guard }))).reason).toBe('AlreadyExists');
  });

  it('make the missing ones of several, and leave the others', async () => {
    const { memory, storage } = storageOf();
    await storage.create(CONFIG_MAPS, C, configMap({ mine: 'yes' }));
    const entries = ['c', 'd', 'e'].map((name) => ({ kind: CONFIG_MAPS, name: { ...C, name }, object: configMap() }));
    await storage.createMissing(entries);
    expect((await storage.get(CONFIG_MAPS, C))?.object['data']).toEqual({ mine: 'yes' });
    expect(await storage.count(CONFIG_MAPS, 'default')).toBe(3);
    const fresh = storageOf();
    await fresh.storage.createMissing(entries);
    expect(fresh.memory.calls).toEqual(['txn']);
    expect(memory.revision).toBe(4);
  });

  it('update again when another writer came first', async () => {
    const { memory, storage } = storageOf();
    await storage.create(CONFIG_MAPS, C, configMap({ n: '0' }));
    let raced = false;
    memory.before = async (method) => {
      if (method !== 'txn' || raced) return;
      raced = true;
      await storage.update(CONFIG_MAPS, C, {
        update: () => ({ type: 'write', object: configMap({ n: '1', other: 'yes' }) }),
      });
    };
    const updated = await storage.update(CONFIG_MAPS, C, {
      update: (current) => ({ type: 'write', object: configMap({ ...(current?.['data'] as object), n: '2' }) }),
    });
    expect(updated['data']).toEqual({ n: '2', other: 'yes' });
  });

  it('read again when what was cached is stale', async () => {
    const { storage } = storageOf();
    await storage.create(CONFIG_MAPS, C, configMap({ n: '0' }));
    const cached = await storage.get(CONFIG_MAPS, C);
    await storage.update(CONFIG_MAPS, C, { update: () => ({ type: 'write', object: configMap({ n: '1' }) }) });
    const updated = await storage.update(CONFIG_MAPS, C, {
      cached,
      update(current) {
        if (JSON.stringify(current?.['data']) === '{"n":"0"}') throw new Error('stale');
        return { type: 'write', object: configMap({ n: '2' }) };
      },
    });
    expect(updated['data']).toEqual({ n: '2' });
    expect((await storage.delete(CONFIG_MAPS, C, { cached }))['data']).toEqual({ n: '2' });
    expect((await failureOf(storage.delete(CONFIG_MAPS, C))).reason).toBe('NotFound');
  });

  it('check preconditions', async () => {
    const { memory, storage } = storageOf();
    const created = await storage.create(CONFIG_MAPS, C, { ...configMap(), metadata: { name: 'c', uid: 'u1' } });
    const wrongUid = await failureOf(storage.delete(CONFIG_MAPS, C, { preconditions: { uid: 'u2' } }));
    expect(wrongUid.message).toBe(
      'Operation cannot be fulfilled on configmaps "c": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/c, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: u2, UID in object meta: u1',
    );
    const wrongVersion = await failureOf(storage.delete(CONFIG_MAPS, C, { preconditions: { resourceVersion: '999' } }));
    expect(wrongVersion.reason).toBe('Conflict');
    const deleted = await storage.delete(CONFIG_MAPS, C, {
      preconditions: { uid: 'u1', resourceVersion: created.metadata.resourceVersion ?? '' },
    });
    expect(deleted.metadata.resourceVersion).toBe(String(memory.revision));
  });

  it('share nothing with what they were given', async () => {
    const { storage } = storageOf();
    const object = configMap({ a: '1' });
    const created = await storage.create(CONFIG_MAPS, C, object);
    (created['data'] as Record<string, string>)['a'] = 'changed';
    expect((await storage.get(CONFIG_MAPS, C))?.object['data']).toEqual({ a: '1' });
    expect(object).toEqual(configMap({ a: '1' }));
  });
});

describe('failures of the store', () => {
  it.each([
    ['Unavailable', 503, 'ServiceUnavailable'],
    ['Locked', 503, 'ServiceUnavailable'],
    ['OutcomeUnknown', 504, 'Timeout'],
    ['DeadlineExceeded', 504, 'Timeout'],
    ['TooLarge', 413, 'RequestEntityTooLarge'],
    ['TooManyOperations', 413, 'RequestEntityTooLarge'],
    ['NoSpace', 500, 'InternalError'],
    ['Corrupt', 500, 'InternalError'],
    ['PermissionDenied', 500, 'InternalError'],
    ['Compacted', 410, 'Expired'],
  ] satisfies [StorageErrorCode, number, string][])(
    '%s is a Status with the error as its cause',
    async (code, status, reason) => {
      const { memory, storage } = storageOf();
      const failure = new StorageError(code, `it is ${code}`, { hint: 'do this' });
      memory.before = () => {
        throw failure;
      };
      for (const call of [
        storage.get(CONFIG_MAPS, C),
        storage.list(CONFIG_MAPS, ''),
        storage.create(CONFIG_MAPS, C, configMap()),
      ]) {
        const error = await failureOf(call);
        expect(error.code).toBe(status);
        expect(error.reason).toBe(reason);
        expect(error.cause).toBe(failure);
      }
    },
  );

  it('leave no half of a list', async () => {
    const { memory, storage } = storageOf();
    for (const name of ['a', 'b']) await storage.create(CONFIG_MAPS, { ...C, name }, configMap());
    const key = Buffer.from('/registry/configmaps/default/aa');
    await memory.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from('{"no":"object"}') }] });
    const error = await failureOf(storage.list(CONFIG_MAPS, 'default'));
    expect(error.message).toBe(
      'failed to read one or more configmaps from the storage: /registry/configmaps/default/aa: the value is no Kubernetes object',
    );
  });
});
