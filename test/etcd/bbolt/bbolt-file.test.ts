import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BboltFile } from '../../../src/etcd/bbolt/bbolt-file.ts';
import { BboltWriter } from '../../../src/etcd/bbolt/bbolt-writer.ts';
import { checkFile } from '../../../src/etcd/bbolt/check-file.ts';
import { writeMeta } from '../../../src/etcd/bbolt/meta.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-bbolt-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = (): string => path.join(folder, `${files++}.db`);

type Content = Record<string, Record<string, string>>;

function write(content: Content, pageSize = 4096): string {
  const file = newPath();
  const writer = new BboltWriter(file, pageSize);
  for (const [name, entries] of Object.entries(content).sort(byName)) {
    const bucket = writer.bucket(Buffer.from(name), 7n);
    for (const [key, value] of Object.entries(entries).sort(byName)) bucket.add(Buffer.from(key), Buffer.from(value));
    bucket.end();
  }
  writer.finish();
  return file;
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** All that is in a file. */
function read(file: string): Content {
  const db = BboltFile.open(file);
  try {
    const content: Content = {};
    for (const { name, bucket } of db.root.buckets()) {
      const entries: Record<string, string> = {};
      for (const { key, value } of bucket.entries()) entries[key.toString()] = value.toString();
      content[name.toString()] = entries;
    }
    return content;
  } finally {
    db.close();
  }
}

function numbered(count: number, value = 'v'): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`key-${String(index).padStart(6, '0')}`, value]),
  );
}

/** The problem of reading and checking a file; undefined when there is none. Anything but a named problem is thrown. */
async function problemOf(file: string): Promise<string | undefined> {
  try {
    const db = BboltFile.open(file);
    try {
      await checkFile(db);
      read(file);
      for (const { bucket } of db.root.buckets()) {
        bucket.last();
        bucket.get(Buffer.from('key-000100'));
      }
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof StorageError && error.code === 'Corrupt') return error.message;
    throw error;
  }
  return undefined;
}

describe('a bbolt file', () => {
  it('holds what was written, whatever the sizes of keys, values and pages', () => {
    const key = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
    const value = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.integer({ min: 1000, max: 20_000 }).map((size) => 'x'.repeat(size)),
    );
    const safe = key.filter((each) => each !== '__proto__' && !/^\d+$/.test(each));
    const content = fc.dictionary(safe, fc.dictionary(safe, value, { maxKeys: 60 }), { maxKeys: 5 });
    fc.assert(
      fc.property(content, fc.constantFrom(1024, 4096, 16_384), (wanted, pageSize) => {
        const file = write(wanted, pageSize);
        expect(read(file)).toEqual(structuredClone(wanted));
        fs.rmSync(file);
      }),
      { numRuns: 25 },
    );
  });

  it('finds single keys, the keys from one on, and the last, in a tree of several levels', async () => {
    const file = write({ big: numbered(20_000), empty: {} });
    const db = BboltFile.open(file);
    await checkFile(db);
    const bucket = db.root.bucket(Buffer.from('big'));
    expect(bucket?.sequence).toBe(7n);
    for (const index of [0, 1, 777, 10_000, 19_999]) {
      expect(bucket?.get(Buffer.from(`key-${String(index).padStart(6, '0')}`))?.toString()).toBe('v');
    }
    expect(bucket?.get(Buffer.from('key-0001'))).toBeUndefined();
    expect(bucket?.get(Buffer.from('zzz'))).toBeUndefined();
    expect(bucket?.last()?.key.toString()).toBe('key-019999');
    const rest = [...(bucket?.entries(Buffer.from('key-0199955')) ?? [])].map(({ key }) => key.toString());
    expect(rest).toEqual(['key-019996', 'key-019997', 'key-019998', 'key-019999']);
    expect(db.root.bucket(Buffer.from('empty'))?.last()).toBeUndefined();
    expect([...(db.root.bucket(Buffer.from('empty'))?.entries() ?? [])]).toEqual([]);
    expect(db.root.bucket(Buffer.from('absent'))).toBeUndefined();
    db.close();
  });

  it('is read by its other meta page when one is damaged', () => {
    const file = write({ b: numbered(10) });
    for (const [meta, at] of [
      [0, 30],
      [1, 4096 + 30],
    ] as const) {
      const bytes = fs.readFileSync(file);
      bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
      const damaged = newPath();
      fs.writeFileSync(damaged, bytes);
      expect(Object.keys(read(damaged)['b'] ?? {})).toHaveLength(10);
      const db = BboltFile.open(damaged);
      expect(db.metaProblem).toBe(`meta page ${meta}: its checksum does not match`);
      db.close();
    }
  });

  it('says what is no bbolt file at all', async () => {
    const other = newPath();
    fs.writeFileSync(other, 'SQLite format 3\0'.repeat(1000));
    expect(await problemOf(other)).toMatch(/this is no bbolt database: meta page 0: it has no bbolt magic number/);
    fs.writeFileSync(other, '');
    expect(await problemOf(other)).toBe(`${other}: the file is empty`);
  });

  it('names the page whose tree goes in a circle', async () => {
    const file = write({ big: numbered(3000) });
    const bytes = fs.readFileSync(file);
    const branch = pageOfKind(bytes, 1);
    bytes.writeBigUInt64LE(BigInt(branch), branch * 4096 + 16 + 8);
    fs.writeFileSync(file, bytes);
    expect(() => read(file)).toThrow(
      `${file}: page ${branch}: the tree is more than 64 pages deep here: it goes in a circle`,
    );
    expect(await problemOf(file)).toBe(`${file}: page ${branch}: two places refer to it`);
  });

  it('names the page that two places refer to, that is missing, or of another kind', async () => {
    const original = fs.readFileSync(write({ big: numbered(3000) }));
    const branch = pageOfKind(original, 1);
    const second = branch * 4096 + 16 + 16 + 8;
    const first = original.readBigUInt64LE(branch * 4096 + 16 + 8);
    for (const [child, problem] of [
      [first, /page 3: (its first key is below the key that page \d+ has for it|two places refer to it)/],
      [0xff_ff_ffn, /page 16777215: page \d+ refers to it, and the pages of data are 2 to \d+/],
      [2n, /page 2: its kind is 0x10, neither branch nor leaf/],
    ] as const) {
      const bytes = Buffer.from(original);
      bytes.writeBigUInt64LE(child, second);
      const file = newPath();
      fs.writeFileSync(file, bytes);
      expect(await problemOf(file)).toMatch(problem);
    }
  });

  it('is never read wrongly beyond its end, and never loops, whatever bit is flipped', async () => {
    const original = fs.readFileSync(write({ big: numbered(1500), large: { one: 'y'.repeat(9000), two: 'z' } }));
    const file = newPath();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(original.length * 8 - 1), { minLength: 1, maxLength: 4 }), async (bits) => {
        const bytes = Buffer.from(original);
        for (const bit of bits) bytes.writeUInt8((bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7)), bit >>> 3);
        fs.writeFileSync(file, bytes);
        if ((await problemOf(file)) !== undefined) found++;
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(10);
    // What tells where things are is a small part of a file: damage there alone.
    const headers = Array.from({ length: original.length / 4096 }, (_, page) => page * 4096).slice(3);
    found = 0;
    for (const start of headers) {
      for (const at of [0, 8, 10, 12, 20, 24, 28]) {
        const bytes = Buffer.from(original);
        bytes.writeUInt8((bytes[start + at] ?? 0) ^ 0x81, start + at);
        fs.writeFileSync(file, bytes);
        if ((await problemOf(file)) !== undefined) found++;
      }
    }
    // Nothing can be told of pages that only hold the rest of a large value, and of the size of a page's last value.
    expect(found).toBeGreaterThanOrEqual((headers.length - 2) * 6);
  });

  it('is refused when it is shorter than it says', async () => {
    const original = fs.readFileSync(write({ big: numbered(500) }));
    const file = newPath();
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), async (length) => {
        fs.writeFileSync(file, original.subarray(0, length));
        expect(await problemOf(file)).toMatch(/the file is (truncated|empty)|no bbolt database/);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when its meta page says nonsense with a right checksum', async () => {
    const original = fs.readFileSync(write({ b: numbered(5) }));
    const file = newPath();
    const meta = { pageSize: 4096, root: 3, highWater: original.length / 4096, transaction: 9n, freelist: 2n };
    const pages = [
      [{ ...meta, root: 0 }, /page 0: a bucket refers to it/],
      [{ ...meta, highWater: 2 ** 40 }, /the file is truncated: it has \d+ bytes, and its pages need 4503599627370496/],
    ] as const;
    for (const [wrong, problem] of pages) {
      fs.writeFileSync(file, Buffer.concat([writeMeta(0, wrong), original.subarray(4096)]));
      expect(await problemOf(file)).toMatch(problem);
    }
  });
});

/** The first page of a kind: 1 is a branch. */
function pageOfKind(bytes: Buffer, kind: number): number {
  for (let page = 3; page * 4096 < bytes.length; page++) {
    if (bytes.readUInt16LE(page * 4096 + 8) === kind) return page;
  }
  throw new Error(`no page of kind ${kind}`);
}
