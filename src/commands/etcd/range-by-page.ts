import type { KeyRange, KeyValue, RangeResult, Storage } from '../../storage/storage.ts';

const PAGE = 500;

export interface PageOptions {
  /** 0 is all. */
  readonly limit: number;
  /** 0 is now. */
  readonly revision: number;
  readonly keysOnly: boolean;
  readonly serializable?: boolean;
  /** Told of the first page. */
  readonly onPage?: (first: RangeResult) => void;
}

/** The keys of a range, read page by page at one revision. */
export async function* rangeByPage(
  storage: Storage,
  range: KeyRange,
  { limit, keysOnly, serializable = false, ...options }: PageOptions,
): AsyncGenerator<KeyValue> {
  let { key } = range;
  let { revision } = options;
  let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  let isFirst = true;
  while (left > 0) {
    const page = await storage.range({ ...range, key, revision, limit: Math.min(PAGE, left), keysOnly, serializable });
    if (isFirst) options.onPage?.(page);
    isFirst = false;
    // Later pages are read as the first one was, whatever is written meanwhile.
    if (revision === 0) ({ revision } = page);
    yield* page.kvs;
    left -= page.kvs.length;
    const last = page.kvs.at(-1);
    if (!page.more || last === undefined || range.rangeEnd === undefined) return;
    key = Buffer.concat([last.key, Buffer.from([0])]);
  }
}
