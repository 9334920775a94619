import { encryptedWith } from '../../storage/encrypted-value.ts';
import type { KeyRange, KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { objectKeyReader, resourceName } from '../object-key.ts';
import { compactRevision } from '../past/compact-revision.ts';
import { ALL_KEYS, pastChanges } from '../past/past-changes.ts';
import { scanPages } from '../past/scan-pages.ts';
import { keyText } from '../show-key-value.ts';
import { lastManager } from './last-manager.ts';

/** What a part of a store holds. */
export interface Share {
  readonly name: string;
  readonly keys: number;
  /** Of keys and values as they are stored. */
  readonly bytes: number;
  /** How often its keys were written since each was created: what etcd counts as their versions. */
  readonly versions: number;
  /** With `history`: how many revisions of its keys are kept, and their bytes. */
  readonly keptRevisions?: number;
  readonly keptBytes?: number;
}

export interface StoreUsage {
  /** The revision that was read. */
  readonly revision: number;
  /** With `history`: from where the past is kept. */
  readonly compactRevision?: number;
  readonly total: Share;
  /** All of them largest first. */
  readonly resources: readonly Share[];
  readonly namespaces: readonly Share[];
  /** By the field manager that wrote an object last. */
  readonly managers: readonly Share[];
  /** The largest keys. */
  readonly largest: readonly { readonly key: string; readonly bytes: number; readonly versions: number }[];
}

export interface UsageRequest {
  readonly storage: Storage;
  readonly range: KeyRange;
  /** `/registry` */
  readonly prefix: string;
  readonly values: ValueTransformer;
  /** Whether to read all kept revisions too. */
  readonly history: boolean;
  /** How many of the largest keys are told. */
  readonly largest: number;
  readonly signal?: AbortSignal;
}

/** The namespace of what has none. */
const CLUSTER = '(cluster-wide)';

/** Adds up what a store holds, page by page at one revision. Rejects with StorageError. */
export async function storeUsage(request: UsageRequest): Promise<StoreUsage> {
  const { storage, range, signal } = request;
  const { revision } = await storage.range({ ...range, countOnly: true });
  const shares = new Shares(request);
  const largest = new Largest(request.largest);
  for await (const page of scanPages(storage, range, { revision })) {
    signal?.throwIfAborted();
    for (const kv of page) {
      shares.add(kv, 'current');
      largest.offer(kv);
    }
  }
  const compacted = request.history ? await addHistory(request, revision, shares) : undefined;
  return {
    revision,
    ...(compacted === undefined ? {} : { compactRevision: compacted }),
    ...shares.result(),
    largest: largest.result(),
  };
}

/** Adds what was there at the compaction and all that happened since. */
async function addHistory({ storage, range, signal }: UsageRequest, revision: number, shares: Shares): Promise<number> {
  const compacted = await compactRevision(storage);
  if (compacted > 0) {
    for await (const page of scanPages(storage, range, { revision: compacted })) {
      for (const kv of page) shares.add(kv, 'kept');
    }
  }
  const { key, rangeEnd = Buffer.concat([key, Buffer.of(0)]) } = range;
  const isWanted = (each: Buffer): boolean =>
    each.compare(key) >= 0 && ((rangeEnd.length === 1 && rangeEnd[0] === 0) || each.compare(rangeEnd) < 0);
  const past = { from: compacted + 1, to: revision, ...(signal === undefined ? {} : { signal }) };
  for await (const { kv } of pastChanges(storage, ALL_KEYS, past)) {
    if (isWanted(kv.key)) shares.add(kv, 'kept');
  }
  return compacted;
}

interface Sum {
  keys: number;
  bytes: number;
  versions: number;
  keptRevisions: number;
  keptBytes: number;
}

/** The sums by each of the groupings. */
class Shares {
  readonly #request: UsageRequest;
  readonly #read: ReturnType<typeof objectKeyReader>;
  readonly #root: string;
  readonly #total = new Map<string, Sum>();
  readonly #resources = new Map<string, Sum>();
  readonly #namespaces = new Map<string, Sum>();
  readonly #managers = new Map<string, Sum>();

  constructor(request: UsageRequest) {
    this.#request = request;
    this.#read = objectKeyReader(request.prefix);
    this.#root = `${request.prefix}/`;
    sumOf(this.#total, 'total');
  }

  add(kv: KeyValue, as: 'current' | 'kept'): void {
    const object = this.#read(kv.key);
    const resource = object === undefined ? this.#pathOf(kv.key) : resourceName(object.resource);
    const namespace = object?.namespace || CLUSTER;
    const sums = [
      sumOf(this.#total, 'total'),
      sumOf(this.#resources, resource),
      sumOf(this.#namespaces, namespace),
      sumOf(this.#managers, this.#managerOf(kv)),
    ];
    const bytes = kv.key.length + kv.value.length;
    for (const sum of sums) {
      if (as === 'kept') {
        sum.keptRevisions++;
        sum.keptBytes += bytes;
      } else {
        sum.keys++;
        sum.bytes += bytes;
        sum.versions += kv.version;
      }
    }
  }

  result(): Pick<StoreUsage, 'total' | 'resources' | 'namespaces' | 'managers'> {
    const { history } = this.#request;
    const [total] = sorted(this.#total, history);
    return {
      total: total ?? { name: 'total', keys: 0, bytes: 0, versions: 0 },
      resources: sorted(this.#resources, history),
      namespaces: sorted(this.#namespaces, history),
      managers: sorted(this.#managers, history),
    };
  }

  /** What keys are called that are no object's: `(masterleases)`. */
  #pathOf(key: Buffer): string {
    const text = key.toString('utf8');
    if (!text.startsWith(this.#root)) return `(outside ${this.#request.prefix})`;
    return `(${text.slice(this.#root.length).split('/')[0] ?? ''})`;
  }

  #managerOf({ key, value }: KeyValue): string {
    if (encryptedWith(value) === undefined) return lastManager(value);
    try {
      return lastManager(this.#request.values.fromStorage(key, value).value);
    } catch {
      return '(encrypted)';
    }
  }
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  let sum = sums.get(name);
  if (sum === undefined) sums.set(name, (sum = { keys: 0, bytes: 0, versions: 0, keptRevisions: 0, keptBytes: 0 }));
  return sum;
}

function sorted(sums: ReadonlyMap<string, Sum>, history: boolean): Share[] {
  const weight = (sum: Sum): number => (history ? sum.keptBytes : sum.bytes);
  return [...sums]
    .sort(([a, one], [b, other]) => weight(other) - weight(one) || (a < b ? -1 : 1))
    .map(([name, { keys, bytes, versions, keptRevisions, keptBytes }]) => ({
      name,
      keys,
      bytes,
      versions,
      ...(history ? { keptRevisions, keptBytes } : {}),
    }));
}

/** Keeps the largest keys of many, with few in memory. */
class Largest {
  readonly #most: number;
  #kept: { key: string; bytes: number; versions: number }[] = [];
  #least = -1;

  constructor(most: number) {
    this.#most = most;
  }

  offer({ key, value, version }: KeyValue): void {
    const bytes = key.length + value.length;
    if (bytes <= this.#least) return;
    this.#kept.push({ key: keyText(key), bytes, versions: version });
    if (this.#kept.length >= this.#most * 2 + 16) this.#cut();
  }

  result(): StoreUsage['largest'] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1)).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#least = this.#kept.at(-1)?.bytes ?? 0;
  }
}
