/** CRC-32 with Castagnoli's polynomial, as etcd hashes with. Eight tables, so that eight bytes are taken at once. */
const POLYNOMIAL = 0x82_f6_3b_78;
const SLICES = 8;

const TABLES = makeTables();

/** The checksum of bytes that follow those whose checksum is `before`. Unsigned. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = ~before;
  let at = 0;
  for (const last = bytes.length - SLICES; at <= last; at += SLICES) {
    const low =
      crc ^ (byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24));
    crc =
      entry(t7, low) ^
      entry(t6, low >>> 8) ^
      entry(t5, low >>> 16) ^
      entry(t4, low >>> 24) ^
      entry(t3, byte(bytes, at + 4)) ^
      entry(t2, byte(bytes, at + 5)) ^
      entry(t1, byte(bytes, at + 6)) ^
      entry(t0, byte(bytes, at + 7));
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ entry(t0, crc ^ byte(bytes, at));
  return ~crc >>> 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function entry(table: Int32Array | undefined, index: number): number {
  return table?.[index & 0xff] ?? 0;
}

function makeTables(): readonly Int32Array[] {
  const tables = Array.from({ length: SLICES }, () => new Int32Array(256));
  for (let index = 0; index < 256; index++) {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    const [first] = tables;
    if (first !== undefined) first[index] = crc;
  }
  // Each table is the one before it with a zero byte more.
  for (const [number, table] of tables.entries()) {
    if (number === 0) continue;
    for (let index = 0; index < 256; index++) {
      const crc = entry(tables[number - 1], index);
      table[index] = (crc >>> 8) ^ entry(tables[0], crc);
    }
  }
  return tables;
}
