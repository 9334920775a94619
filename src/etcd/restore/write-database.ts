import { setImmediate as turn } from 'node:timers/promises';
import type { BboltFile } from '../bbolt/bbolt-file.ts';
import { BboltWriter } from '../bbolt/bbolt-writer.ts';
import { damage } from '../bbolt/damage.ts';
import { parseRevisionKey, revisionKey } from '../database/revision-key.ts';
import { memberJson, type NewCluster } from './cluster-members.ts';
import { confStateJson, firstIndex, memberKey } from './first-log.ts';

/** What a restored database has other than the one that it is made of. */
export interface DatabaseChanges {
  readonly cluster: NewCluster;
  /** Raises the newest revision to this one and marks what is older as compacted; undefined leaves the revision. */
  readonly raisedRevision: number | undefined;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly isBucket?: boolean;
}

const SLICE = 2000;
const EMPTY = Buffer.alloc(0);

/**
 * Writes a new database with all entries of another, for a cluster that begins: its members in place of the old ones, the
 * place in the log, and the revision raised when that is wanted. Rejects with StorageError Corrupt for damage in the source;
 * the target is then incomplete.
 */
export async function writeDatabase(source: BboltFile, target: string, changes: DatabaseChanges): Promise<void> {
  const writer = new BboltWriter(target, source.meta.pageSize);
  try {
    const buckets = new Map([...source.root.buckets()].map(({ name, bucket }) => [name.toString('latin1'), bucket]));
    const names = [...new Set([...buckets.keys(), 'members', 'members_removed'])].toSorted();
    let count = 0;
    for (const name of names) {
      const bucket = buckets.get(name);
      const tree = writer.bucket(Buffer.from(name, 'latin1'), bucket?.sequence);
      for (const { key, value, isBucket } of entriesOf(name, bucket?.entries() ?? [], changes, source.path)) {
        if (isBucket === true) throw damage(source.path, undefined, `there is a bucket within the bucket "${name}"`);
        tree.add(key, value);
        if (++count % SLICE !== 0) continue;
        await turn();
        changes.signal.throwIfAborted();
      }
      tree.end();
    }
    writer.finish();
  } finally {
    writer.close();
  }
}

function entriesOf(name: string, old: Iterable<Entry>, changes: DatabaseChanges, path: string): Iterable<Entry> {
  switch (name) {
    case 'key':
      return keyEntries(old, changes, path);
    case 'meta':
      return metaEntries(old, changes);
    case 'members':
      return changes.cluster.members
        .map((member) => ({ key: Buffer.from(memberKey(member)), value: Buffer.from(memberJson(member)) }))
        .toSorted((one, other) => one.key.compare(other.key));
    case 'members_removed':
      return [];
    default:
      return old;
  }
}

function* keyEntries(old: Iterable<Entry>, { raisedRevision }: DatabaseChanges, path: string): Generator<Entry> {
  for (const entry of old) {
    if (parseRevisionKey(entry.key) === undefined) {
      throw damage(path, undefined, `the bucket "key" has an entry that is no revision: ${entry.key.toString('hex')}`);
    }
    yield entry;
  }
  // As etcdutl does it: an entry without a key holds the revision.
  if (raisedRevision !== undefined) {
    yield { key: revisionKey({ main: raisedRevision, sub: 0, deleted: false }), value: EMPTY };
  }
}

function metaEntries(old: Iterable<Entry>, { cluster, raisedRevision }: DatabaseChanges): Entry[] {
  const entries = new Map([...old].map(({ key, value }) => [key.toString('latin1'), value]));
  entries.set('consistent_index', uint64(firstIndex(cluster)));
  // What etcd 3.4 does not have, and 3.5 and newer must not keep of the old cluster.
  if (entries.has('term')) entries.set('term', uint64(1));
  if (entries.has('confState')) entries.set('confState', Buffer.from(confStateJson(cluster)));
  if (raisedRevision !== undefined) {
    entries.set('scheduledCompactRev', revisionKey({ main: raisedRevision, sub: 0, deleted: false }));
  }
  return [...entries]
    .map(([key, value]) => ({ key: Buffer.from(key, 'latin1'), value }))
    .toSorted((one, other) => one.key.compare(other.key));
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
