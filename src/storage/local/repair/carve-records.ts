import { checksum, type LogRecord } from '../record.ts';
import { type Cell, type Column, pageCells } from './page-cells.ts';
import { PageImages } from './page-images.ts';

/** What compaction had done when the files were written, and which records are the newest of their keys. */
interface Landmarks {
  /** Up to which id records may have been forgotten; Infinity when nobody can tell. */
  readonly pruned: number;
  readonly newest: ReadonlySet<number>;
  /** Pages that hold nothing any more. */
  readonly free: ReadonlySet<number>;
}

/**
 * Gives every record whose checksum is right in the files of a store, each at least once, in no order. Images of pages that
 * are not in use any more count too, but what compaction has forgotten does not come back: a deleted key would live again.
 */
export function* carveRecords(file: string): Generator<LogRecord, void, undefined> {
  const images = new PageImages(file);
  try {
    const { pruned, newest, free } = findLandmarks(images);
    const read = (page: number): Buffer => images.current(page);
    for (const page of images.numbers()) {
      const inUse = !free.has(page);
      for (const record of recordsOf(images.current(page), page, read)) {
        if (inUse || record.id > pruned || newest.has(record.id)) yield record;
      }
      for (const image of images.older(page)) {
        for (const record of recordsOf(image, page, read)) {
          if (record.id > pruned || newest.has(record.id)) yield record;
        }
      }
    }
  } finally {
    images.close();
  }
}

function* recordsOf(
  image: Buffer,
  page: number,
  read: (page: number) => Buffer,
): Generator<LogRecord, void, undefined> {
  for (const cell of pageCells(image, page === 1, read)) {
    const record = toRecord(cell);
    if (record !== undefined) yield record;
  }
}

function toRecord({ rowid, columns }: Cell): LogRecord | undefined {
  const [id, prev, key, createRevision, version, lease, crc, value] = columns;
  if (columns.length !== 8 || id !== null || !Buffer.isBuffer(key) || !Buffer.isBuffer(value)) return undefined;
  if (typeof prev !== 'number' || typeof createRevision !== 'number' || typeof version !== 'number') return undefined;
  if (!isInteger(lease)) return undefined;
  const record: LogRecord = { id: rowid, prev, key, createRevision, version, lease: BigInt(lease), value };
  return checksum(record) === crc ? record : undefined;
}

function isInteger(column: Column | undefined): column is number | bigint {
  return typeof column === 'bigint' || (typeof column === 'number' && Number.isInteger(column));
}

function findLandmarks(images: PageImages): Landmarks {
  const newest = new Set<number>();
  let pruned: number | undefined;
  const read = (page: number): Buffer => images.current(page);
  for (const page of images.numbers()) {
    for (const { columns } of pageCells(images.current(page), page === 1, read)) {
      const [first, second] = columns;
      if (columns.length === 4 && Buffer.isBuffer(first) && typeof second === 'number') newest.add(second);
      if (columns.length === 2 && first === 'pruned' && typeof second === 'number') {
        pruned = Math.max(pruned ?? 0, second);
      }
      // A store that was never compacted counts what was overwritten, and has no number of what it has forgotten.
      if (columns.length === 2 && first === 'superseded') pruned ??= 0;
    }
  }
  return { pruned: pruned ?? Infinity, newest, free: freePages(images) };
}

/** The pages on SQLite's list of free ones, as far as the list can be followed. */
function freePages(images: PageImages): Set<number> {
  const free = new Set<number>();
  let trunk = images.current(1).readUInt32BE(32);
  while (trunk !== 0 && !free.has(trunk)) {
    free.add(trunk);
    const image = images.current(trunk);
    const count = Math.min(image.readUInt32BE(4), image.length / 4 - 2);
    for (let index = 0; index < count; index++) free.add(image.readUInt32BE(8 + index * 4));
    trunk = image.readUInt32BE(0);
  }
  return free;
}
