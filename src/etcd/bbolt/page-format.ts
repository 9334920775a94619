/**
 * The layout of bbolt's pages (its page.go, meta.go and bucket.go). All integers are little-endian. A page begins with its
 * number (8 bytes), its kind (2), how many elements it has (2) and how many pages follow that belong to it (4).
 */
export const PAGE_HEADER_SIZE = 16;
/** An element of a branch: where its key is from itself (4), the key's size (4), the child's page (8). Of a leaf: flags, position, sizes of key and value (4 each). */
export const ELEMENT_SIZE = 16;
/** A bucket as a value: its root page (8), 0 when its one page follows right here, and its sequence number (8). */
export const BUCKET_HEADER_SIZE = 16;

export const BRANCH_PAGE = 0x01;
export const LEAF_PAGE = 0x02;
export const META_PAGE = 0x04;
export const FREELIST_PAGE = 0x10;

/** The flag of a leaf's element whose value is a bucket. */
export const BUCKET_ELEMENT = 0x01;

export const META_MAGIC = 0xed_0c_da_ed;
export const FORMAT_VERSION = 2;
/** A meta page's content, its checksum included. */
export const META_SIZE = 64;
/** How much of it the checksum covers. */
export const META_CHECKED_SIZE = 56;

const FNV_OFFSET = 0xcb_f2_9c_e4_84_22_23_25n;
const FNV_PRIME = 0x1_00_00_00_01_b3n;

/** FNV-1a of 64 bits, which is a meta page's checksum. */
export function fnv64a(bytes: Uint8Array): bigint {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  return hash;
}
