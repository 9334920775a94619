import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * The highest revision that was acknowledged, in a file of its own beside the database. SQLite recovers from a damaged
 * write-ahead log by silently dropping its end; the mark tells that acknowledged writes are gone. It is written after a
 * commit and without a sync, so it can be behind the database, never ahead of it.
 */
export class HighWaterMark {
  #file: number | undefined;
  readonly #bytes = Buffer.alloc(12);

  /** Opens the file, creating it where `writable`; a store without one has the mark 0. */
  constructor(path: string, writable: boolean) {
    try {
      this.#file = openSync(path, writable ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY, 0o600);
    } catch (error) {
      if (writable) throw error;
    }
  }

  read(): number {
    if (this.#file === undefined) return 0;
    const bytes = Buffer.alloc(12);
    if (readSync(this.#file, bytes, 0, 12, 0) !== 12) return 0;
    return crc32(bytes.subarray(0, 8)) === bytes.readUInt32LE(8) ? bytes.readDoubleLE(0) : 0;
  }

  write(revision: number): void {
    if (this.#file === undefined) return;
    this.#bytes.writeDoubleLE(revision, 0);
    this.#bytes.writeUInt32LE(crc32(this.#bytes.subarray(0, 8)), 8);
    try {
      writeSync(this.#file, this.#bytes, 0, 12, 0);
    } catch {
      // The commit is durable already; an old mark only makes the check weaker.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
