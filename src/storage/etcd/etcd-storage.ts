import { randomBytes } from 'node:crypto';
import type { AnswerOf, RequestOf, UnaryMethod } from '../etcd-methods.ts';
import { StorageError } from '../storage-error.ts';
import type {
  RangeRequest,
  RangeResult,
  ServerHeader,
  Storage,
  StorageStatus,
  TxnRequest,
  TxnResult,
  WatchBatch,
  WatchRequest,
} from '../storage.ts';
import { CallFailure } from './call-failure.ts';
import type { EtcdClient } from './etcd-client.ts';
import { fromRangeResponse, fromTxnResponse, toRangeRequest, toTxnRequest } from './etcd-messages.ts';
import { watchEtcd } from './etcd-watch.ts';
import { keepAliveOnce } from './keep-alive.ts';
import { isFullDatabase, outcomeUnknown, toStorageError } from './rpc-failures.ts';
import { type Guard, guardOf, type Settlement, settleTxn } from './settle-txn.ts';

/** etcd's own largest, which its server checks only where the lease is used. */
const LONGEST_TTL_SECONDS = 9_000_000_000;

/**
 * A Storage on an etcd cluster. Reads are linearizable. A read is repeated within its deadline; a write only when it
 * certainly was not done, or when its compares prove from the key's history what became of it.
 */
export class EtcdStorage implements Storage {
  readonly #client: EtcdClient;
  readonly #watchResumeTimeoutMs: number;
  readonly #closing = new AbortController();

  constructor(client: EtcdClient, watchResumeTimeoutMs: number) {
    this.#client = client;
    this.#watchResumeTimeoutMs = watchResumeTimeoutMs;
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    const answer = await this.#read('KV/Range', toRangeRequest(request));
    return fromRangeResponse(answer, Number(answer.header.revision));
  }

  async txn(request: TxnRequest): Promise<TxnResult> {
    const message = toTxnRequest(request);
    const deadline = this.#client.newDeadline();
    if (isReadOnly(request)) return fromTxnResponse(request, await this.#read('KV/Txn', message));
    const guard = guardOf(request);
    const before = guard === undefined ? 0 : await this.#knownRevision(guard, deadline);
    let lost: CallFailure | undefined;
    for (;;) {
      try {
        return fromTxnResponse(request, await this.#client.call('KV/Txn', message, { kind: 'write', deadline }));
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        if (isFullDatabase(error.last)) {
          return await this.#settleFull(request, guard, { failure: error, before, deadline });
        }
        // An attempt that was not done when it was looked for may still have been on its way.
        if (!error.ambiguous) throw lost === undefined ? toStorageError(error) : outcomeUnknown(lost.last, error);
        lost = error;
        const settlement = await this.#settle(request, guard, { failure: error, before, deadline });
        if (settlement.type === 'done') return settlement.result;
        if (settlement.type === 'unknown') throw outcomeUnknown(error.last, error);
      }
    }
  }

  async *watch(request: WatchRequest): AsyncIterable<WatchBatch> {
    const signals = [this.#closing.signal, ...(request.signal === undefined ? [] : [request.signal])];
    yield* watchEtcd(request, {
      client: this.#client,
      signal: AbortSignal.any(signals),
      resumeTimeoutMs: this.#watchResumeTimeoutMs,
    });
  }

  async compact(revision: number): Promise<void> {
    // Compacted after a lost answer is what a compaction that was done looks like.
    await this.#idempotent('KV/Compact', { revision }, 'Compacted');
  }

  async grantLease(ttl: number, id = 0n): Promise<{ id: bigint; ttl: number }> {
    if (ttl > LONGEST_TTL_SECONDS) throw new StorageError('InvalidArgument', `the lease's time is too long: ${ttl} s`);
    // An id of our own choice makes it safe to ask again: nobody else has it.
    const chosen = id === 0n ? randomLeaseId() : id;
    const request = { TTL: ttl, ID: chosen.toString() };
    const answer = await this.#idempotent('Lease/LeaseGrant', request, id === 0n ? 'LeaseExists' : undefined);
    if (answer === undefined) return { id: chosen, ttl: (await this.leaseTimeToLive(chosen)).grantedTtl };
    return { id: BigInt(answer.ID), ttl: Number(answer.TTL) };
  }

  async revokeLease(id: bigint): Promise<void> {
    await this.#idempotent('Lease/LeaseRevoke', { ID: id.toString() }, 'LeaseNotFound');
  }

  async keepLeaseAlive(id: bigint): Promise<{ ttl: number }> {
    try {
      const ttl = await keepAliveOnce(this.#client, id);
      if (ttl > 0) return { ttl };
    } catch (error) {
      throw error instanceof CallFailure ? toStorageError(error) : error;
    }
    throw new StorageError('LeaseNotFound', 'there is no such lease');
  }

  async leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    const answer = await this.#read('Lease/LeaseTimeToLive', { ID: id.toString(), keys: true });
    return { ttl: Number(answer.TTL), grantedTtl: Number(answer.grantedTTL), keys: answer.keys };
  }

  async status(): Promise<StorageStatus> {
    const { header, version, dbSize } = await this.#read('Maintenance/Status', {});
    // A member's own status may lag behind the cluster; an empty linearizable read does not.
    const { revision } = await this.range({ key: Buffer.from([0]), countOnly: true });
    return {
      driver: 'etcd',
      version,
      revision: Math.max(revision, Number(header.revision)),
      sizeBytes: Number(dbSize),
      clusterId: BigInt(header.cluster_id).toString(16),
      location: this.#client.endpoints.join(','),
    };
  }

  lastHeader(): ServerHeader | undefined {
    return this.#client.lastHeader;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#client.close();
  }

  async #read<M extends UnaryMethod>(method: M, request: RequestOf<M>): Promise<AnswerOf<M>> {
    try {
      return await this.#client.call(method, request, { kind: 'read', deadline: this.#client.newDeadline() });
    } catch (error) {
      throw error instanceof CallFailure ? toStorageError(error) : error;
    }
  }

  /**
   * A call that may be made twice. When one answer was lost and the next is the refusal `doneCode`, the first was done:
   * resolves with undefined. Without a `doneCode` that refusal leaves the outcome unknown.
   */
  async #idempotent<M extends UnaryMethod>(
    method: M,
    request: RequestOf<M>,
    doneCode: StorageError['code'] | undefined,
  ): Promise<AnswerOf<M> | undefined> {
    const deadline = this.#client.newDeadline();
    let lost: CallFailure | undefined;
    for (;;) {
      try {
        return await this.#client.call(method, request, { kind: 'write', deadline });
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        const storageError = toStorageError(error);
        if (!error.ambiguous) {
          if (lost === undefined) throw storageError;
          if (storageError.code === doneCode) return undefined;
          throw outcomeUnknown(lost.last, lost);
        }
        lost = error;
        if (Date.now() + 50 > deadline) throw storageError;
      }
    }
  }

  /** A revision that the store has reached for certain, for the history of a key that must be missing. */
  async #knownRevision(guard: Guard, deadline: number): Promise<number> {
    if (this.#client.lastRevision === 0 && guard.revision === 0) {
      // Any member's word will do, so this one asks no leader.
      const request = { key: guard.key, count_only: true, serializable: true };
      try {
        await this.#client.call('KV/Range', request, { kind: 'read', deadline });
      } catch (error) {
        throw error instanceof CallFailure ? toStorageError(error) : error;
      }
    }
    return this.#client.lastRevision;
  }

  /** etcd tells the write that takes it over its quota that it is full, and keeps what it wrote. */
  async #settleFull(
    request: TxnRequest,
    guard: Guard | undefined,
    context: { failure: CallFailure; before: number; deadline: number },
  ): Promise<TxnResult> {
    const settlement = await this.#settle(request, guard, context);
    if (settlement.type === 'done') return settlement.result;
    const refusal = toStorageError(context.failure);
    if (settlement.type === 'open') throw refusal;
    throw new StorageError('OutcomeUnknown', `${refusal.message}; this one may or may not have been done`, {
      cause: context.failure,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    });
  }

  async #settle(
    request: TxnRequest,
    guard: Guard | undefined,
    { failure, before, deadline }: { failure: CallFailure; before: number; deadline: number },
  ): Promise<Settlement> {
    if (guard === undefined) return { type: 'unknown' };
    try {
      return await settleTxn({ client: this.#client, before, deadline }, request, guard);
    } catch (error) {
      if (error instanceof CallFailure) throw outcomeUnknown(failure.last, error);
      throw error;
    }
  }
}

function isReadOnly({ success, failure = [] }: TxnRequest): boolean {
  return [...success, ...failure].every(({ type }) => type === 'range');
}

/** A positive int64, of which two are the same as good as never. */
function randomLeaseId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 1n) | 1n;
}
