import { StorageError } from '../storage-error.ts';
import { deadlineIn, isCurrent, remaining, type Deadline, type LeaseClock } from './lease-clock.ts';
import { integer, type LocalDatabase } from './local-database.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordWriter } from './record-writer.ts';

/** etcd's bounds: shorter leases are lengthened, longer ones refused. */
const MIN_TTL = 2;
const MAX_TTL = 9_000_000_000;

interface Lease {
  readonly id: bigint;
  readonly ttl: number;
  readonly deadline: Deadline;
}

const COLUMNS = "id||'', ttl, boot, uptime, wall";

/** The leases of a store. Everything here runs inside a transaction of the database. */
export class LeaseTable {
  readonly #db: LocalDatabase;
  readonly #reader: RecordReader;
  readonly #clock: LeaseClock;

  constructor(db: LocalDatabase, reader: RecordReader, clock: LeaseClock) {
    this.#db = db;
    this.#reader = reader;
    this.#clock = clock;
  }

  grant(ttl: number, id: bigint): { id: bigint; ttl: number } {
    if (!(ttl <= MAX_TTL)) throw new StorageError('InvalidArgument', 'too large lease TTL');
    const granted = { id: id === 0n ? this.#freeId() : checkedId(id), ttl: Math.max(MIN_TTL, Math.ceil(ttl)) };
    if (this.#find(granted.id) !== undefined) {
      throw new StorageError('LeaseExists', `lease ${granted.id} already exists`);
    }
    const { boot, uptime, wall } = deadlineIn(this.#clock, granted.ttl);
    this.#db.run(
      'INSERT INTO lease(id,ttl,boot,uptime,wall) VALUES(?,?,?,?,?)',
      granted.id,
      granted.ttl,
      boot,
      uptime,
      wall,
    );
    return granted;
  }

  /** Throws LeaseNotFound unless the lease exists; lease 0 is no lease. */
  require(id: bigint): void {
    if (id !== 0n) this.#get(id);
  }

  keepAlive(id: bigint): { ttl: number } {
    const { ttl } = this.#get(id);
    this.#setDeadline(id, deadlineIn(this.#clock, ttl));
    return { ttl };
  }

  timeToLive(id: bigint): { ttl: number; grantedTtl: number; keys: Buffer[] } {
    const lease = this.#find(id);
    if (lease === undefined || this.#left(lease) <= 0) return { ttl: -1, grantedTtl: 0, keys: [] };
    const keys = this.#reader.keysOfLease(id).map((key) => Buffer.from(key));
    return { ttl: Math.floor(this.#left(lease)), grantedTtl: lease.ttl, keys };
  }

  /** Ends a lease and deletes its keys with `writer`. */
  revoke(id: bigint, writer: RecordWriter): void {
    this.#get(id);
    for (const key of this.#reader.keysOfLease(id)) {
      const newest = this.#reader.newest(key);
      if (newest !== undefined && newest.version > 0 && newest.lease === id) writer.delete(newest);
    }
    this.#db.run('DELETE FROM lease WHERE id=?', id);
  }

  /** The leases whose time is over. */
  expired(): bigint[] {
    return this.#all()
      .filter((lease) => this.#left(lease) <= 0)
      .map((lease) => lease.id);
  }

  /**
   * Gives leases that were granted before the machine restarted a deadline that counts from now, so that one whose wall
   * clock was wrong does not live for ever.
   */
  adopt(): void {
    for (const lease of this.#all()) {
      if (isCurrent(this.#clock, lease.deadline) || this.#clock.boot() === '') continue;
      this.#setDeadline(lease.id, deadlineIn(this.#clock, this.#left(lease)));
    }
  }

  #left(lease: Lease): number {
    return remaining(this.#clock, lease.deadline, lease.ttl);
  }

  #get(id: bigint): Lease {
    const lease = this.#find(id);
    if (lease === undefined) throw new StorageError('LeaseNotFound', `requested lease ${id} not found`);
    return lease;
  }

  #find(id: bigint): Lease | undefined {
    const row = this.#db.get(`SELECT ${COLUMNS} FROM lease WHERE id=?`, checkedId(id));
    return row === undefined ? undefined : toLease(row);
  }

  #all(): Lease[] {
    return this.#db.all(`SELECT ${COLUMNS} FROM lease`).map(toLease);
  }

  #setDeadline(id: bigint, deadline: Deadline): void {
    const { boot, uptime, wall } = deadline;
    this.#db.run('UPDATE lease SET boot=?, uptime=?, wall=? WHERE id=?', boot, uptime, wall, id);
  }

  #freeId(): bigint {
    for (;;) {
      const [random = 0n] = crypto.getRandomValues(new BigInt64Array(1));
      const id = BigInt.asUintN(63, random);
      if (id !== 0n && this.#find(id) === undefined) return id;
    }
  }
}

function checkedId(id: bigint): bigint {
  if (BigInt.asIntN(64, id) !== id) throw new StorageError('InvalidArgument', `lease ID ${id} is no 64-bit integer`);
  return id;
}

function toLease(row: unknown[]): Lease {
  const [id, ttl, boot, uptime, wall] = row;
  return {
    id: BigInt(String(id)),
    ttl: integer(ttl),
    deadline: { boot: String(boot), uptime: integer(uptime), wall: integer(wall) },
  };
}
