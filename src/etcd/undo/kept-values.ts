import { StorageError } from '../../storage/storage-error.ts';
import type {
  Compare,
  KeyValue,
  OperationResult,
  Operation,
  RangeRequest,
  Storage,
  TxnRequest,
  TxnResult,
} from '../../storage/storage.ts';
import type { UndoJournal } from './undo-journal.ts';

type Write = Exclude<Operation, { type: 'range' }>;

const MOST_REMEMBERED = 2000;
const MOST_BYTES = 16 * 1024 * 1024;
const PAGE = 500;

/** Failures after which a write may have been done. */
const UNSURE: readonly string[] = ['OutcomeUnknown', 'Internal'];

/**
 * Keeps what transactions overwrite and delete. The old value is on the disk before the write is sent; a write whose
 * compares say that there is no old value costs nothing, and one that says which version it replaces costs no read when that
 * version was read before.
 */
export class KeptValues {
  readonly #storage: Storage;
  readonly #open: (() => Promise<UndoJournal | undefined>) | undefined;
  #journal: Promise<UndoJournal | undefined> | undefined;
  // A key's value at a mod revision never changes, so that what was read is as good as a new read.
  readonly #read = new Map<string, KeyValue>();
  #bytes = 0;

  constructor(storage: Storage, open: (() => Promise<UndoJournal | undefined>) | undefined) {
    this.#storage = storage;
    this.#open = open;
  }

  remember(kvs: readonly KeyValue[]): void {
    if (this.#open === undefined) return;
    for (const kv of kvs) {
      const name = kv.key.toString('latin1');
      this.#forget(name);
      this.#read.set(name, kv);
      this.#bytes += kv.value.length;
    }
    for (const name of this.#read.keys()) {
      if (this.#read.size <= MOST_REMEMBERED && this.#bytes <= MOST_BYTES) return;
      this.#forget(name);
    }
  }

  /** Runs a transaction and keeps what it replaces. */
  async around(request: TxnRequest, run: (request: TxnRequest) => Promise<TxnResult>): Promise<TxnResult> {
    if (this.#open === undefined) return run(request);
    const replaced = await this.#replacedBy(request);
    if (replaced.length === 0 && !hasBlindWrite(request)) return run(request);
    this.#journal ??= this.#open();
    const journal = await this.#journal;
    if (journal === undefined) return run(request);
    const entries = replaced.map(({ kv, change }) => journal.keep(kv, change));
    if (entries.length > 0) await journal.sync();
    let result: TxnResult;
    try {
      result = await run(withPrevious(request));
    } catch (error) {
      if (!(error instanceof StorageError && UNSURE.includes(error.code))) journal.drop(entries);
      throw error;
    }
    if (!result.succeeded) journal.drop(entries);
    const saved = new Set(replaced.map(({ kv }) => versionOf(kv)));
    const late = previousIn(result).filter(({ kv }) => !saved.has(versionOf(kv)));
    const done = result.succeeded ? entries : [];
    journal.done([...done, ...late.map(({ kv, change }) => journal.keep(kv, change))], result.revision);
    return asAsked(result, request);
  }

  /** The values that the writes of the success branch replace, as far as can be known before. */
  async #replacedBy({ compares, success }: TxnRequest): Promise<Replaced[]> {
    const replaced: Replaced[] = [];
    for (const write of success) {
      if (write.type === 'range') continue;
      const expected = expectedRevision(write, compares);
      if (expected === 0) continue;
      for await (const kv of this.#valuesAt(write, expected)) replaced.push({ kv, change: write.type });
    }
    return replaced;
  }

  async *#valuesAt(write: Write, expected: number | undefined): AsyncGenerator<KeyValue> {
    const known = this.#read.get(Buffer.from(write.key).toString('latin1'));
    if (expected !== undefined && known?.modRevision === expected) {
      yield known;
      return;
    }
    let { key } = write;
    const { rangeEnd } = write.type === 'delete' ? write : {};
    for (;;) {
      const request: RangeRequest = { key, limit: PAGE, ...(rangeEnd === undefined ? {} : { rangeEnd }) };
      const { kvs, more } = await this.#storage.range(request);
      // Another version than the one to be replaced: the write will not be done.
      for (const kv of kvs) if (expected === undefined || kv.modRevision === expected) yield kv;
      const last = kvs.at(-1);
      if (!more || last === undefined || rangeEnd === undefined) return;
      key = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#read.get(name)?.value.length ?? 0;
    this.#read.delete(name);
  }
}

interface Replaced {
  readonly kv: KeyValue;
  readonly change: Write['type'];
}

const versionOf = ({ key, modRevision }: KeyValue): string => `${modRevision} ${key.toString('latin1')}`;

/** The mod revision that a key must have for a write to happen (0: it must not exist); undefined when any will do. */
function expectedRevision(write: Write, compares: readonly Compare[]): number | undefined {
  if (write.type === 'delete' && write.rangeEnd !== undefined) return undefined;
  for (const compare of compares) {
    const same = compare.rangeEnd === undefined && Buffer.from(compare.key).equals(Buffer.from(write.key));
    if (!same || compare.result !== '=' || compare.target === 'value' || compare.target === 'lease') continue;
    if (compare.operand === 0 || compare.target === 'mod') return compare.operand;
  }
  return undefined;
}

function hasBlindWrite({ compares, success, failure = [] }: TxnRequest): boolean {
  const blind = (write: Operation): boolean =>
    write.type !== 'range' && expectedRevision(write, compares) === undefined;
  return success.some(blind) || failure.some(({ type }) => type !== 'range');
}

/** The request, with writes that tell what they replaced where that is not known for certain before. */
function withPrevious(request: TxnRequest): TxnRequest {
  const asked = (operation: Operation): Operation =>
    operation.type === 'range' || expectedRevision(operation, request.compares) !== undefined
      ? operation
      : { ...operation, prevKv: true };
  const { failure } = request;
  return {
    ...request,
    success: request.success.map(asked),
    ...(failure === undefined ? {} : { failure: failure.map(asked) }),
  };
}

/** The result without the previous values that only this journal asked for. */
function asAsked(result: TxnResult, { success, failure = [] }: TxnRequest): TxnResult {
  const operations = result.succeeded ? success : failure;
  const results = result.results.map((each, at): OperationResult => {
    const operation = operations[at];
    if (operation === undefined || operation.type === 'range' || operation.prevKv === true) return each;
    if (each.type === 'delete') return { ...each, prevKvs: [] };
    return each.type === 'put' ? { type: 'put' } : each;
  });
  return { ...result, results };
}

function previousIn(result: TxnResult): Replaced[] {
  return result.results.flatMap((each): Replaced[] => {
    if (each.type === 'delete') return each.prevKvs.map((kv) => ({ kv, change: 'delete' }));
    if (each.type === 'put' && each.prevKv !== undefined) return [{ kv: each.prevKv, change: 'put' }];
    return [];
  });
}
