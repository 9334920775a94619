import { ProtobufReader } from '../../model/protobuf/protobuf-reader.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { BboltFile } from '../bbolt/bbolt-file.ts';
import type { Bucket } from '../bbolt/bucket.ts';
import { damage } from '../bbolt/damage.ts';
import { parseRevisionKey } from './revision-key.ts';

/** What etcd keeps besides keys (its server/storage/schema). Numbers of 64 bits are bigints, as ids are. */
export interface DatabaseFacts {
  /** The last Raft entry that the database holds, and its term; term 0 before etcd 3.5. */
  readonly consistentIndex: bigint;
  readonly term: bigint;
  /** The revision of the last compaction that was asked for; the last one that was finished. 0 for none. */
  readonly scheduledCompactRevision: number;
  readonly finishedCompactRevision: number;
  /** The format, as etcd 3.6 and newer write it: `3.6.0`. */
  readonly storageVersion: string | undefined;
  /** `3.4.0` */
  readonly clusterVersion: string | undefined;
  readonly authEnabled: boolean;
  readonly authRevision: bigint;
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly members: readonly DatabaseMember[];
  /** Ids of members that were removed and may not come back. */
  readonly removedMembers: readonly bigint[];
  readonly alarms: readonly { readonly member: bigint; readonly alarm: 'NOSPACE' | 'CORRUPT' | 'UNKNOWN' }[];
  readonly leases: readonly DatabaseLease[];
}

export interface DatabaseMember {
  readonly id: bigint;
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly clientURLs: readonly string[];
  readonly isLearner: boolean;
}

export interface DatabaseLease {
  readonly id: bigint;
  /** Seconds granted. */
  readonly ttl: number;
  /** Seconds left at the last checkpoint; 0 when none was made. */
  readonly remainingTtl: number;
}

/** The newest minor version of etcd 3 whose database is laid out as this reader knows it. */
const NEWEST_MINOR = 8;
const ALARMS = ['UNKNOWN', 'NOSPACE', 'CORRUPT'] as const;

/** Reads the small buckets. Throws StorageError Corrupt for what cannot be read, NewerFormat for a format that is not known. */
export function readFacts(file: BboltFile): DatabaseFacts {
  const meta = file.root.bucket(Buffer.from('meta'));
  if (meta === undefined || file.root.bucket(Buffer.from('key')) === undefined) {
    throw damage(
      file.path,
      undefined,
      'this bbolt database is not an etcd database: it lacks the buckets "meta" and "key"',
    );
  }
  const text = (bucket: string, key: string): string | undefined =>
    file.root.bucket(Buffer.from(bucket))?.get(Buffer.from(key))?.toString('utf8');
  const storageVersion = text('meta', 'storageVersion') || undefined;
  if (storageVersion !== undefined) refuseNewer(file.path, storageVersion);
  return {
    consistentIndex: uint64(file, meta, 'consistent_index'),
    term: uint64(file, meta, 'term'),
    scheduledCompactRevision: revision(file, meta, 'scheduledCompactRev'),
    finishedCompactRevision: revision(file, meta, 'finishedCompactRev'),
    storageVersion,
    clusterVersion: text('cluster', 'clusterVersion'),
    authEnabled: text('auth', 'authEnabled') === '\u0001',
    authRevision: uint64(file, file.root.bucket(Buffer.from('auth')), 'authRevision'),
    users: names(file, 'authUsers'),
    roles: names(file, 'authRoles'),
    members: entries(file, 'members').map(({ key, value }) => member(file, key, value)),
    removedMembers: names(file, 'members_removed').map((name) => memberId(file, name)),
    alarms: entries(file, 'alarm').map(({ key }) => alarm(file, key)),
    leases: entries(file, 'lease').map(({ value }) => lease(file, value)),
  };
}

function refuseNewer(path: string, version: string): void {
  const [major, minor] = version.split('.').map(Number);
  if (major === 3 && minor !== undefined && minor <= NEWEST_MINOR) return;
  throw new StorageError(
    'NewerFormat',
    `${path}: the database has the format of etcd ${version}; formats up to 3.${NEWEST_MINOR} are known`,
    { hint: `Read it with etcdutl of etcd ${version}, or restore it there and read that etcd.` },
  );
}

function uint64(file: BboltFile, bucket: Bucket | undefined, name: string): bigint {
  const value = bucket?.get(Buffer.from(name));
  if (value === undefined || value.length === 0) return 0n;
  if (value.length !== 8) throw damage(file.path, undefined, `${name} has ${value.length} bytes, not 8`);
  return value.readBigUInt64BE(0);
}

function revision(file: BboltFile, bucket: Bucket, name: string): number {
  const value = bucket.get(Buffer.from(name));
  if (value === undefined) return 0;
  const parsed = parseRevisionKey(value);
  if (parsed === undefined) throw damage(file.path, undefined, `${name} is no revision`);
  return parsed.main;
}

function entries(file: BboltFile, bucket: string): { key: Buffer; value: Buffer }[] {
  return [...(file.root.bucket(Buffer.from(bucket))?.entries() ?? [])];
}

function names(file: BboltFile, bucket: string): string[] {
  return entries(file, bucket).map(({ key }) => key.toString('utf8'));
}

function memberId(file: BboltFile, name: string): bigint {
  if (!/^[0-9a-f]{1,16}$/.test(name)) {
    throw damage(file.path, undefined, `${JSON.stringify(name)} is no id of a member`);
  }
  return BigInt(`0x${name}`);
}

function member(file: BboltFile, key: Buffer, value: Buffer): DatabaseMember {
  const id = memberId(file, key.toString('utf8'));
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString('utf8'));
  } catch (error) {
    throw damage(file.path, undefined, `the member ${id.toString(16)} is no JSON: ${String(error)}`);
  }
  const fields = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const texts = (name: string): string[] => {
    const list = fields[name];
    return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
  };
  return {
    id,
    name: typeof fields['name'] === 'string' ? fields['name'] : '',
    peerURLs: texts('peerURLs'),
    clientURLs: texts('clientURLs'),
    isLearner: fields['isLearner'] === true,
  };
}

function alarm(file: BboltFile, key: Buffer): DatabaseFacts['alarms'][number] {
  const [id = 0n, type = 0n] = integers(file, key, 2);
  return { member: id, alarm: ALARMS[Number(type)] ?? 'UNKNOWN' };
}

function lease(file: BboltFile, value: Buffer): DatabaseLease {
  const [id = 0n, ttl = 0n, remaining = 0n] = integers(file, value, 3);
  return { id: BigInt.asIntN(64, id), ttl: Number(ttl), remainingTtl: Number(remaining) };
}

/** The integers of a message whose fields 1 to `count` are integers. */
function integers(file: BboltFile, bytes: Buffer, count: number): bigint[] {
  const found = Array.from({ length: count }, () => 0n);
  try {
    const reader = new ProtobufReader(bytes);
    while (reader.more) {
      const tag = reader.tag();
      if ((tag & 7) === 0 && tag >>> 3 <= count) found[(tag >>> 3) - 1] = BigInt(reader.uint64());
      else reader.skipUnknown('etcd message', tag);
    }
  } catch (error) {
    throw damage(file.path, undefined, `an entry of "lease" or "alarm" cannot be read: ${String(error)}`);
  }
  return found;
}
