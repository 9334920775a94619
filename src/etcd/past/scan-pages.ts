import type { KeyRange, KeyValue, RangeResult, Storage } from '../../storage/storage.ts';
import { DatabaseStorage } from '../database/database-storage.ts';

const FIRST_PAGE = 250;
const LARGEST_PAGE = 20_000;
/** How many bytes of values a page is to have. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** What a key costs besides its value. */
const KEY_BYTES = 200;

export interface ScanOptions {
  /** 0 is now. */
  readonly revision: number;
  readonly keysOnly?: boolean;
}

/**
 * The keys of a range in order and at one revision, in pages of bounded bytes; the next one is read while one is used. Rejects
 * with StorageError, Compacted also when the revision is compacted meanwhile.
 */
export async function* scanPages(
  storage: Storage,
  range: KeyRange,
  { revision, keysOnly = false }: ScanOptions,
): AsyncGenerator<KeyValue[]> {
  // A database file is walked once; page by page each one would count what is behind it.
  if (storage instanceof DatabaseStorage) return yield* databasePages(storage, range, { revision, keysOnly });
  let at = revision;
  let limit = keysOnly ? LARGEST_PAGE : FIRST_PAGE;
  const read = (key: Uint8Array): Promise<RangeResult> => {
    const page = storage.range({ ...range, key, revision: at, limit, keysOnly });
    // Whoever stops in the middle of a scan does not wait for the page ahead.
    page.catch(() => undefined);
    return page;
  };
  let next: Promise<RangeResult> | undefined = read(range.key);
  while (next !== undefined) {
    const page: RangeResult = await next;
    if (at === 0) at = page.revision;
    const last = page.kvs.at(-1);
    limit = pageLimit(page.kvs, keysOnly);
    next = page.more && last !== undefined ? read(Buffer.concat([last.key, Buffer.of(0)])) : undefined;
    yield page.kvs;
  }
}

function pageLimit(kvs: readonly KeyValue[], keysOnly: boolean): number {
  if (keysOnly || kvs.length === 0) return LARGEST_PAGE;
  let bytes = 0;
  for (const { value } of kvs) bytes += value.length + KEY_BYTES;
  return Math.max(1, Math.min(LARGEST_PAGE, Math.floor((PAGE_BYTES * kvs.length) / bytes)));
}

async function* databasePages(
  storage: DatabaseStorage,
  range: KeyRange,
  { revision, keysOnly }: Required<ScanOptions>,
): AsyncGenerator<KeyValue[]> {
  let page: KeyValue[] = [];
  for await (const kv of storage.database.scan(range, revision)) {
    page.push(keysOnly ? { ...kv, value: Buffer.alloc(0) } : kv);
    if (page.length < FIRST_PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
