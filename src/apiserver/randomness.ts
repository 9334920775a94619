import { closeSync, openSync, readSync } from 'node:fs';

/** Where uids and generated names come from. */
export interface Randomness {
  /** A version 4 UUID. */
  uuid(): string;
  /** Letters and digits that make no words, as Kubernetes' rand.String. */
  letters(length: number): string;
}

/** Answers that many bytes that nobody can foretell. */
type RandomBytes = (length: number) => Buffer;

const ALPHANUMERICS = 'bcdfghjklmnpqrstvwxz2456789';
/** Where Linux, macOS and the BSDs give random bytes without a module being loaded for them. */
const DEVICE = '/dev/urandom';
/** Of one object, and of the many of a bulk write. */
const FIRST_READ = 64;
const NEXT_READ = 8192;

/**
 * The system's randomness. A command that creates one object takes its uid from the kernel's device: loading
 * `node:crypto` for it would take longer than the write.
 */
export function systemRandomness(device = DEVICE): Randomness {
  return randomnessOf(pooled(device));
}

/** Makes ids of bytes. */
export function randomnessOf(bytes: RandomBytes): Randomness {
  return {
    uuid() {
      const sixteen = bytes(16);
      sixteen[6] = ((sixteen[6] ?? 0) & 0x0f) | 0x40;
      sixteen[8] = ((sixteen[8] ?? 0) & 0x3f) | 0x80;
      const hex = sixteen.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    letters(length) {
      let text = '';
      while (text.length < length) {
        for (const byte of bytes(length)) {
          // Bytes beyond the last whole multiple would make some letters more likely than others.
          if (byte < 243 && text.length < length) text += ALPHANUMERICS[byte % ALPHANUMERICS.length] ?? '';
        }
      }
      return text;
    },
  };
}

/** Bytes of a device, read many at a time, each given out once; where there is no such device, those of globalThis.crypto. */
function pooled(device: string): RandomBytes {
  let pool: Buffer = Buffer.alloc(0);
  let size = FIRST_READ;
  return (length) => {
    if (pool.length < length) {
      pool = readDevice(device, Math.max(size, length)) ?? globalThis.crypto.getRandomValues(Buffer.alloc(length));
      size = NEXT_READ;
    }
    const taken = pool.subarray(0, length);
    pool = pool.subarray(length);
    return taken;
  };
}

/** undefined when the device is not there or did not give as many. */
function readDevice(device: string, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  try {
    const file = openSync(device, 'r');
    try {
      return readSync(file, bytes) === length ? bytes : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
