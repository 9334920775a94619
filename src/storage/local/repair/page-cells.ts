import { PAGE_SIZE } from './page-images.ts';

/** A column of a row as SQLite stores it. Integers that a number cannot hold exactly are bigints. */
export type Column = null | number | bigint | string | Buffer;

export interface Cell {
  /** The row's id, in a table that has one. */
  readonly rowid: number;
  readonly columns: Column[];
}

/** Gives a page by its number. */
export type ReadPage = (page: number) => Buffer;

const TABLE_LEAF = 13;
const INDEX_LEAF = 10;
const INDEX_INTERIOR = 2;
/** The most bytes of a row that stay in its page, and the least, by the file format of SQLite; tables, then indexes. */
const MOST_LOCAL = { table: PAGE_SIZE - 35, index: Math.floor(((PAGE_SIZE - 12) * 64) / 255) - 23 };
const LEAST_LOCAL = Math.floor(((PAGE_SIZE - 12) * 32) / 255) - 23;
/** No row is larger: a value may have 1.5 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Rows in a page of a table (leaves) or an index (leaves and others); rows that make no sense are left out. */
export function* pageCells(image: Buffer, isFirst: boolean, read: ReadPage): Generator<Cell, void, undefined> {
  const start = isFirst ? 100 : 0;
  const type = image[start];
  if (type !== TABLE_LEAF && type !== INDEX_LEAF && type !== INDEX_INTERIOR) return;
  const pointers = start + (type === INDEX_INTERIOR ? 12 : 8);
  const count = Math.min(image.readUInt16BE(start + 3), Math.floor((PAGE_SIZE - pointers) / 2));
  for (let index = 0; index < count; index++) {
    try {
      const place = image.readUInt16BE(pointers + index * 2);
      const cell = readCell({ image, type, read }, type === INDEX_INTERIOR ? place + 4 : place);
      if (cell !== undefined) yield cell;
    } catch (error) {
      // A place outside of the page, or bytes that are no UTF-8.
      if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    }
  }
}

function readCell(page: { image: Buffer; type: number; read: ReadPage }, place: number): Cell | undefined {
  const { image, type, read } = page;
  const [size, afterSize] = varint(image, place);
  const [rowid, afterRowid] = type === TABLE_LEAF ? varint(image, afterSize) : [0n, afterSize];
  if (size > MOST_BYTES || rowid > Number.MAX_SAFE_INTEGER) return undefined;
  const most = type === TABLE_LEAF ? MOST_LOCAL.table : MOST_LOCAL.index;
  const payload = readPayload(image, { start: afterRowid, size: Number(size), most, read });
  const columns = payload && readColumns(payload);
  return columns && { rowid: Number(rowid), columns };
}

function readPayload(
  image: Buffer,
  { start, size, most, read }: { start: number; size: number; most: number; read: ReadPage },
): Buffer | undefined {
  if (size <= most) return start + size <= PAGE_SIZE ? image.subarray(start, start + size) : undefined;
  const fitting = LEAST_LOCAL + ((size - LEAST_LOCAL) % (PAGE_SIZE - 4));
  const local = fitting <= most ? fitting : LEAST_LOCAL;
  const payload = Buffer.alloc(size);
  image.copy(payload, 0, start, start + local);
  let next = image.readUInt32BE(start + local);
  for (let filled = local; filled < size; filled += PAGE_SIZE - 4) {
    if (next === 0) return undefined;
    const overflow = read(next);
    overflow.copy(payload, filled, 4);
    next = overflow.readUInt32BE(0);
  }
  return payload;
}

function readColumns(payload: Buffer): Column[] | undefined {
  const [headerSize, first] = varint(payload, 0);
  if (headerSize > payload.length) return undefined;
  const types: number[] = [];
  for (let at = first; at < headerSize;) {
    const [type, after] = varint(payload, at);
    types.push(Number(type));
    at = after;
  }
  let at = Number(headerSize);
  return types.map((type) => {
    const column = readColumn(payload, at, type);
    at += columnSize(type);
    if (at > payload.length) throw new RangeError('a row is longer than its cell');
    return column;
  });
}

const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function columnSize(type: number): number {
  return SIZES[type] ?? Math.floor((type - 12) / 2);
}

function readColumn(payload: Buffer, at: number, type: number): Column {
  if (type >= 12) {
    const bytes = payload.subarray(at, at + columnSize(type));
    return type % 2 === 0 ? bytes : bytes.toString('utf8');
  }
  switch (type) {
    case 0:
      return null;
    case 6: {
      const value = payload.readBigInt64BE(at);
      return BigInt.asIntN(53, value) === value ? Number(value) : value;
    }
    case 7:
      return payload.readDoubleBE(at);
    case 8:
    case 9:
      return type - 8;
    case 10:
    case 11:
      throw new RangeError('a row has a column of a type that is not used');
    default:
      return payload.readIntBE(at, columnSize(type));
  }
}

/** SQLite's variable-length integer at a place, and the place after it. */
function varint(bytes: Buffer, start: number): [bigint, number] {
  let value = 0n;
  for (let index = 0; index < 8; index++) {
    const byte = bytes.readUInt8(start + index);
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [value, start + index + 1];
  }
  return [(value << 8n) | BigInt(bytes.readUInt8(start + 8)), start + 9];
}
