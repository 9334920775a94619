import {
  FORMAT_VERSION,
  fnv64a,
  META_CHECKED_SIZE,
  META_MAGIC,
  META_PAGE,
  META_SIZE,
  PAGE_HEADER_SIZE,
} from './page-format.ts';

/** What a meta page says: where the tree begins, as of one transaction. */
export interface Meta {
  readonly pageSize: number;
  readonly root: number;
  /** Pages from this number on are not in use. */
  readonly highWater: number;
  readonly transaction: bigint;
}

/** Reads a meta page from its first bytes; a text says why it is none. */
export function readMeta(page: Buffer): Meta | string {
  if (page.length < PAGE_HEADER_SIZE + META_SIZE) return 'the file ends within it';
  const meta = page.subarray(PAGE_HEADER_SIZE, PAGE_HEADER_SIZE + META_SIZE);
  if (meta.readUInt32LE(0) !== META_MAGIC) return 'it has no bbolt magic number';
  const version = meta.readUInt32LE(4);
  if (version !== FORMAT_VERSION) return `its format is version ${version}, not ${FORMAT_VERSION}`;
  if (meta.readBigUInt64LE(META_CHECKED_SIZE) !== fnv64a(meta.subarray(0, META_CHECKED_SIZE))) {
    return 'its checksum does not match';
  }
  if ((page.readUInt16LE(8) & META_PAGE) === 0) return 'it is not marked as a meta page';
  const pageSize = meta.readUInt32LE(8);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return `${pageSize} is no size of a page`;
  return {
    pageSize,
    root: Number(meta.readBigUInt64LE(16)),
    highWater: Number(meta.readBigUInt64LE(40)),
    transaction: meta.readBigUInt64LE(48),
  };
}

/** A meta page's bytes, `meta.pageSize` of them. */
export function writeMeta(number: 0 | 1, meta: Meta & { readonly freelist: bigint }): Buffer {
  const page = Buffer.alloc(meta.pageSize);
  page.writeBigUInt64LE(BigInt(number), 0);
  page.writeUInt16LE(META_PAGE, 8);
  const content = page.subarray(PAGE_HEADER_SIZE);
  content.writeUInt32LE(META_MAGIC, 0);
  content.writeUInt32LE(FORMAT_VERSION, 4);
  content.writeUInt32LE(meta.pageSize, 8);
  content.writeBigUInt64LE(BigInt(meta.root), 16);
  content.writeBigUInt64LE(meta.freelist, 32);
  content.writeBigUInt64LE(BigInt(meta.highWater), 40);
  content.writeBigUInt64LE(meta.transaction, 48);
  content.writeBigUInt64LE(fnv64a(content.subarray(0, META_CHECKED_SIZE)), META_CHECKED_SIZE);
  return page;
}
