import { crc32c } from '../database/crc32c.ts';
import { idText, memberJson, type NewCluster, type NewMember } from './cluster-members.ts';
import { message } from './message.ts';
import { storeJson } from './store-json.ts';

/** The kinds of a log record (etcd's wal package). */
const METADATA = 1;
const ENTRY = 2;
const STATE = 3;
const CRC = 4;
const SNAPSHOT = 5;

/** The kind of a raft entry that changes the membership. */
const CONF_CHANGE = 1;
const TERM = 1;

/** etcd preallocates a file of the log to this size; the rest is zeros. */
export const LOG_FILE_SIZE = 64 * 1000 * 1000;
export const LOG_FILE_NAME = '0000000000000000-0000000000000000.wal';

/** The index of the last entry of a new cluster: one entry a member. */
export function firstIndex(cluster: NewCluster): number {
  return cluster.members.length;
}

/**
 * The write-ahead log with which a member of a new cluster begins: who it is, one entry a member that adds it, all of them
 * committed, and the snapshot that holds their result. As etcdctl writes it, byte for byte, but for the voters in the last
 * record, which etcd 3.5 adds.
 */
export function firstLog(cluster: NewCluster, member: NewMember): Buffer {
  const log = new RecordLog();
  log.crc();
  log.add(METADATA, message([1, member.id], [2, cluster.id]));
  log.add(SNAPSHOT, message([1, 0], [2, 0]));
  for (const [index, each] of cluster.members.entries()) {
    const change = message([1, 0], [2, 0], [3, each.id], [4, Buffer.from(memberJson(each))]);
    log.add(ENTRY, message([1, CONF_CHANGE], [2, TERM], [3, index + 1], [4, change]));
  }
  const [first] = cluster.members;
  const commit = firstIndex(cluster);
  log.add(STATE, message([1, TERM], [2, first?.id ?? 0n], [3, commit]));
  log.add(SNAPSHOT, message([1, commit], [2, TERM], [3, voters(cluster)]));
  return log.bytes();
}

/** The name and the content of the raft snapshot of a new cluster (etcd's snap package). */
export function firstSnapshot(cluster: NewCluster): { name: string; content: Buffer } {
  const commit = firstIndex(cluster);
  const metadata = message([1, Buffer.concat([voters(cluster), message([5, 0])])], [2, commit], [3, TERM]);
  const data = message([1, Buffer.from(storeJson(cluster))], [2, metadata]);
  const hex = (value: number): string => value.toString(16).padStart(16, '0');
  return { name: `${hex(TERM)}-${hex(commit)}.snap`, content: message([1, crc32c(data)], [2, data]) };
}

/** Who votes, as etcd 3.5 keeps it in JSON beside the keys. */
export function confStateJson(cluster: NewCluster): string {
  return `{"voters":[${cluster.members.map(({ id }) => id).join(',')}],"auto_leave":false}`;
}

/** How a member is named in a bucket. */
export const memberKey = ({ id }: NewMember): string => idText(id);

function voters(cluster: NewCluster): Buffer {
  return message(...cluster.members.map(({ id }) => [1, id] as const));
}

/** Records with a running checksum, each behind its length and filled up to eight bytes. */
class RecordLog {
  readonly #parts: Buffer[] = [];
  #sum = 0;

  crc(): void {
    this.#frame(message([1, CRC], [2, this.#sum]));
  }

  add(type: number, data: Buffer): void {
    this.#sum = crc32c(data, this.#sum);
    this.#frame(message([1, type], [2, this.#sum], [3, data]));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #frame(record: Buffer): void {
    const padding = (8 - (record.length % 8)) % 8;
    const length = Buffer.alloc(8);
    length.writeUInt32LE(record.length, 0);
    // The last byte says that there is padding and how much.
    if (padding > 0) length[7] = 0x80 | padding;
    this.#parts.push(length, record, Buffer.alloc(padding));
  }
}
