import { StorageError } from './storage-error.ts';
import type { Operation, Storage, TxnRequest, TxnResult } from './storage.ts';

/** kube-apiserver's --event-ttl. */
const EVENT_SECONDS = 3600;
/** A lease is given to all events of so many seconds, and to no more than so many events (etcd3's lease manager). */
const REUSE_SECONDS = 60;
const MOST_EVENTS = 1000;

interface ExpiringEventsOptions {
  readonly storage: Storage;
  /** What all keys begin with: `/registry`. */
  readonly prefix: string;
  /** Seconds that never go back. */
  readonly now: () => number;
}

/**
 * The store as kube-apiserver writes to it: an Event is put with a lease, and so ends an hour after it was last written.
 * Every other write is what it was.
 */
export function withExpiringEvents(options: ExpiringEventsOptions): Storage {
  const { storage } = options;
  const leases = new EventLeases(options);
  return {
    range: (request) => storage.range(request),
    txn: (request) => leases.txn(request),
    watch: (request) => storage.watch(request),
    compact: (revision) => storage.compact(revision),
    grantLease: (ttl, id) => storage.grantLease(ttl, id),
    revokeLease: (id) => storage.revokeLease(id),
    keepLeaseAlive: (id) => storage.keepLeaseAlive(id),
    leaseTimeToLive: (id) => storage.leaseTimeToLive(id),
    status: () => storage.status(),
    close: () => storage.close(),
  };
}

class EventLeases {
  readonly #storage: Storage;
  readonly #prefix: Buffer;
  readonly #now: () => number;
  #lease: { readonly id: Promise<bigint>; readonly until: number; events: number } | undefined;

  constructor({ storage, prefix, now }: ExpiringEventsOptions) {
    this.#storage = storage;
    this.#prefix = Buffer.from(`${prefix}/events/`);
    this.#now = now;
  }

  async txn(request: TxnRequest): Promise<TxnResult> {
    if (!request.success.some((operation) => this.#isEvent(operation))) return this.#storage.txn(request);
    try {
      return await this.#storage.txn(await this.#leased(request));
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'LeaseNotFound') throw error;
      // The lease ended early, as somebody revoked it or the clock stood still; nothing was written.
      this.#lease = undefined;
      return this.#storage.txn(await this.#leased(request));
    }
  }

  #isEvent(operation: Operation): boolean {
    if (operation.type !== 'put' || operation.lease !== undefined) return false;
    const { key } = operation;
    const { length } = this.#prefix;
    return key.length >= length && this.#prefix.compare(key, 0, length) === 0;
  }

  async #leased(request: TxnRequest): Promise<TxnRequest> {
    const lease = await this.#current();
    const success = request.success.map((each) => (this.#isEvent(each) ? { ...each, lease } : each));
    return { ...request, success };
  }

  #current(): Promise<bigint> {
    const now = this.#now();
    if (this.#lease === undefined || now >= this.#lease.until || this.#lease.events >= MOST_EVENTS) {
      const id = this.#storage.grantLease(EVENT_SECONDS + REUSE_SECONDS).then((granted) => granted.id);
      const lease = { id, until: now + REUSE_SECONDS, events: 0 };
      this.#lease = lease;
      // One that could not be had is asked for again.
      id.catch(() => {
        if (this.#lease === lease) this.#lease = undefined;
      });
    }
    this.#lease.events++;
    return this.#lease.id;
  }
}
