import type { KeyValue, Operation, OperationResult, TxnRequest, TxnResult } from '../storage.ts';
import type { EtcdClient } from './etcd-client.ts';
import { fromKeyValue, toBuffer, toKeyRange } from './etcd-messages.ts';

/**
 * What became of a transaction whose answer was lost. `open`: it was not done, and sending it again does it at most once
 * or fails on its compares as it would have. `unknown`: that cannot be told.
 */
export type Settlement = { readonly type: 'done'; readonly result: TxnResult } | { readonly type: 'open' | 'unknown' };

/**
 * One compare that tells a transaction's own write from all others: the key is at one revision (0: missing), and the
 * transaction puts or deletes it. After the write the key is never again at a revision above 0 that it was at before.
 */
export interface Guard {
  readonly key: Buffer;
  /** The mod revision that the key must have; 0 when it must be missing. */
  readonly revision: number;
  /** What the transaction puts; undefined when it deletes. */
  readonly value: Buffer | undefined;
}

/** The guard of a transaction, or undefined when a lost answer to it cannot be made up for by reading. */
export function guardOf({ compares, success, failure = [] }: TxnRequest): Guard | undefined {
  // What a lost read in between saw cannot be told afterwards; a failure that writes has no compare of its own.
  if (success.some(({ type }) => type === 'range') || failure.some(({ type }) => type !== 'range')) return undefined;
  for (const compare of compares) {
    const { rangeEnd, result, target, operand } = compare;
    if (rangeEnd !== undefined || result !== '=') continue;
    const missing = operand === 0 && target !== 'value';
    if (!missing && (target !== 'mod' || operand === 0)) continue;
    const key = toBuffer(compare.key);
    const write = success.find((each) => each.type !== 'range' && isSingle(each) && key.equals(each.key));
    if (write?.type === 'put') return { key, revision: Number(operand), value: toBuffer(write.value) };
    if (write?.type === 'delete' && !missing) return { key, revision: Number(operand), value: undefined };
  }
  return undefined;
}

function isSingle(operation: Operation): boolean {
  return operation.type === 'put' || !('rangeEnd' in operation) || operation.rangeEnd === undefined;
}

export interface SettleContext {
  readonly client: EtcdClient;
  readonly deadline: number;
  /** A revision that the store had reached before the transaction was first sent. */
  readonly before: number;
}

/** How far back the history of a key is read; more than this happens in no time that a lost answer takes. */
const MOST_STEPS = 64;
const MOST_REVISIONS = 1024;
const REVISIONS_A_READ = 128;

/** Finds out, from the key's history, what became of a transaction. Rejects as EtcdClient.call does. */
export async function settleTxn(context: SettleContext, request: TxnRequest, guard: Guard): Promise<Settlement> {
  const history = new KeyHistory(context, guard.key);
  const now = await history.now();
  const floor = Math.max(guard.revision, context.before);
  const changes = await history.putsAfter(guard.revision === 0 ? context.before : guard.revision, floor, now);
  if (changes === undefined) return { type: 'unknown' };
  const revision = await ownRevision(history, guard, changes, { floor, now });
  if (revision === undefined) return { type: 'open' };
  return {
    type: 'done',
    result: { revision, succeeded: true, results: await history.results(request.success, revision) },
  };
}

async function ownRevision(
  history: KeyHistory,
  guard: Guard,
  changes: readonly KeyValue[],
  { floor, now }: { floor: number; now: Snapshot },
): Promise<number | undefined> {
  const { value } = guard;
  const first = changes.at(-1);
  if (guard.revision === 0) {
    return changes.find((kv) => kv.version === 1 && value?.equals(kv.value) === true)?.modRevision;
  }
  // What changed the key before the transaction was sent was another's, and has made its compare fail.
  if (first !== undefined && first.modRevision <= floor) return undefined;
  if (value !== undefined) {
    return first?.version !== 1 && first?.value.equals(value) === true ? first.modRevision : undefined;
  }
  // Deleted: then the key is missing now, or the first put after the deletion made it anew.
  if (first === undefined ? now.kv !== undefined : first.version > 1) return undefined;
  return history.goneSince(guard.revision, floor, (first?.modRevision ?? now.revision + 1) - 1);
}

interface Snapshot {
  readonly revision: number;
  readonly kv: KeyValue | undefined;
}

/** A key as it was at past revisions. */
class KeyHistory {
  readonly #context: SettleContext;
  readonly #key: Buffer;

  constructor(context: SettleContext, key: Buffer) {
    this.#context = context;
    this.#key = key;
  }

  async now(): Promise<Snapshot> {
    const answer = await this.#call({ key: this.#key });
    const kv = answer.kvs[0];
    return { revision: Number(answer.header.revision), kv: kv === undefined ? undefined : fromKeyValue(kv) };
  }

  /**
   * The key's puts after a revision, the newest first. Where the key is missing, its past is looked through down to
   * `floor`. Undefined when there is too much of it.
   */
  async putsAfter(revision: number, floor: number, now: Snapshot): Promise<KeyValue[] | undefined> {
    const puts: KeyValue[] = [];
    let at = now.revision;
    let kv = now.kv;
    for (let step = 0; step < MOST_STEPS; step++) {
      if (kv === undefined) {
        const found = await this.#newestPresent(floor, at);
        if (found === 'too-far') return undefined;
        if (found === undefined) return puts;
        kv = found;
      }
      if (kv.modRevision <= revision) return puts;
      puts.push(kv);
      at = kv.modRevision - 1;
      if (at <= revision) return puts;
      kv = await this.#at(at);
    }
    return undefined;
  }

  /**
   * The revision that deleted the key, which was last put at `put`: after `floor`, and `missing` at the latest. Undefined
   * when it was gone at `floor` already.
   */
  async goneSince(put: number, floor: number, missing: number): Promise<number | undefined> {
    if ((await this.#at(floor))?.modRevision !== put) return undefined;
    let low = floor;
    let high = missing;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#at(middle))?.modRevision === put) low = middle;
      else high = middle;
    }
    return high;
  }

  /** What the operations of a transaction at `revision` answered. */
  async results(operations: readonly Operation[], revision: number): Promise<OperationResult[]> {
    const results: OperationResult[] = [];
    for (const operation of operations) {
      if (operation.type === 'range') throw new TypeError('a transaction that reads cannot be settled');
      if (operation.type === 'put' && operation.prevKv !== true) {
        results.push({ type: 'put' });
        continue;
      }
      const { kvs } = await this.#call({ ...toKeyRange(operation), revision: revision - 1 });
      const before = kvs.map(fromKeyValue);
      if (operation.type === 'put') {
        results.push(before[0] === undefined ? { type: 'put' } : { type: 'put', prevKv: before[0] });
      } else results.push({ type: 'delete', deleted: before.length, prevKvs: operation.prevKv === true ? before : [] });
    }
    return results;
  }

  async #at(revision: number): Promise<KeyValue | undefined> {
    const kv = (await this.#call({ key: this.#key, revision })).kvs[0];
    return kv === undefined ? undefined : fromKeyValue(kv);
  }

  /** The key as it was when it was last there, after `floor` and before `at`. */
  async #newestPresent(floor: number, at: number): Promise<KeyValue | undefined | 'too-far'> {
    if (at - floor > MOST_REVISIONS) return 'too-far';
    for (let high = at - 1; high > floor; high -= REVISIONS_A_READ) {
      const count = Math.min(REVISIONS_A_READ, high - floor);
      const reads = Array.from({ length: count }, (_, index) => ({
        request_range: { key: this.#key, revision: high - index },
      }));
      const { client, deadline } = this.#context;
      const { responses } = await client.call('KV/Txn', { success: reads }, { kind: 'read', deadline });
      const found = responses.find(({ response_range: { kvs } }) => kvs.length > 0)?.response_range.kvs[0];
      if (found !== undefined) return fromKeyValue(found);
    }
    return undefined;
  }

  async #call(request: { key: Buffer; range_end?: Buffer; revision?: number }) {
    const { client, deadline } = this.#context;
    return client.call('KV/Range', request, { kind: 'read', deadline });
  }
}
