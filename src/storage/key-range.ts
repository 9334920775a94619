import type { KeyRange } from './storage.ts';

/** The range of all keys that start with `prefix`, as etcd clients write it. An empty prefix is every key. */
export function prefixRange(prefix: Uint8Array): Required<KeyRange> {
  const end = Buffer.from(prefix);
  for (let index = end.length - 1; index >= 0; index--) {
    const byte = end[index] ?? 0;
    if (byte < 0xff) {
      end[index] = byte + 1;
      return { key: prefix, rangeEnd: end.subarray(0, index + 1) };
    }
  }
  return { key: prefix.length === 0 ? Buffer.from([0]) : prefix, rangeEnd: Buffer.from([0]) };
}
