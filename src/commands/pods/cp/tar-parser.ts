const BLOCK = 512;

export type TarEntryType = 'file' | 'folder' | 'symlink' | 'link' | 'other';

/** An entry of an archive, before its content. */
export interface TarEntry {
  readonly name: string;
  readonly type: TarEntryType;
  /** Where a link leads. */
  readonly linkName: string;
  readonly size: number;
}

/** Takes the content of one entry. */
export interface TarSink {
  write(data: Uint8Array): void;
  end(): void;
}

const TYPES: Readonly<Record<string, TarEntryType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'symlink',
  '5': 'folder',
};

/** Headers that say something of the entry behind them. */
type Extension = 'x' | 'L' | 'K';

/** More than this is no name. */
const MOST_EXTENSION_BYTES = 1 << 20;

/**
 * Reads a tar archive (ustar, GNU and PAX) that is pushed in pieces of any size, and hands its entries on at once. Throws
 * an Error for what is no archive.
 */
export class TarParser {
  readonly #onEntry: (entry: TarEntry) => TarSink | undefined;
  #buffered = Buffer.alloc(0);
  #left = 0;
  #padding = 0;
  #sink: TarSink | undefined;
  #extension: { readonly type: Extension; readonly chunks: Buffer[] } | undefined;
  #pending: { path?: string; linkpath?: string; size?: number } = {};
  #zeroBlocks = 0;

  /** `onEntry` gives back what takes the content; undefined: nothing does. */
  constructor(onEntry: (entry: TarEntry) => TarSink | undefined) {
    this.#onEntry = onEntry;
  }

  /** Whether the archive's own end has been read. */
  get finished(): boolean {
    return this.#zeroBlocks >= 2;
  }

  /** Whether the input may end here: no entry is under way. */
  get betweenEntries(): boolean {
    return this.#left === 0 && this.#padding === 0 && this.#buffered.length === 0 && this.#extension === undefined;
  }

  push(chunk: Buffer): void {
    let rest = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    while (!this.finished) {
      const taken = this.#step(rest);
      if (taken === 0) break;
      rest = rest.subarray(taken);
    }
    this.#buffered = this.finished ? Buffer.alloc(0) : Buffer.from(rest);
  }

  /** Takes what it can; 0 when it needs more. */
  #step(bytes: Buffer): number {
    if (this.#left > 0) return this.#content(bytes.subarray(0, this.#left));
    if (this.#padding > 0) {
      const skipped = Math.min(this.#padding, bytes.length);
      this.#padding -= skipped;
      return skipped;
    }
    if (bytes.length < BLOCK) return 0;
    this.#header(bytes.subarray(0, BLOCK));
    return BLOCK;
  }

  #content(bytes: Buffer): number {
    this.#left -= bytes.length;
    if (this.#extension === undefined) this.#sink?.write(bytes);
    else this.#extension.chunks.push(Buffer.from(bytes));
    if (this.#left === 0) this.#endOfContent();
    return bytes.length;
  }

  #endOfContent(): void {
    const extension = this.#extension;
    if (extension === undefined) {
      this.#sink?.end();
      this.#sink = undefined;
      return;
    }
    this.#extension = undefined;
    const data = Buffer.concat(extension.chunks);
    if (extension.type === 'L') this.#pending.path = cString(data);
    else if (extension.type === 'K') this.#pending.linkpath = cString(data);
    else this.#pending = { ...this.#pending, ...paxRecords(data) };
  }

  #header(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.#zeroBlocks++;
      return;
    }
    this.#zeroBlocks = 0;
    if (!checksumFits(block)) throw new Error('archive/tar: invalid tar header');
    const flag = String.fromCharCode(block[156] ?? 0);
    const size = this.#pending.size ?? number(block.subarray(124, 136));
    this.#left = flag === '5' || flag === '1' || flag === '2' ? 0 : size;
    this.#padding = (BLOCK - (this.#left % BLOCK)) % BLOCK;
    if (flag === 'x' || flag === 'L' || flag === 'K') {
      if (size > MOST_EXTENSION_BYTES) throw new Error('archive/tar: header field too long');
      this.#extension = { type: flag, chunks: [] };
      if (size === 0) this.#endOfContent();
      return;
    }
    // Of the whole archive: nothing in it is needed.
    if (flag === 'g') return;
    this.#sink = this.#onEntry(this.#entry(block, flag));
    this.#pending = {};
    if (this.#left === 0) this.#endOfContent();
  }

  #entry(block: Buffer, flag: string): TarEntry {
    const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? cString(block.subarray(345, 500)) : '';
    const short = cString(block.subarray(0, 100));
    const name = this.#pending.path ?? (prefix === '' ? short : `${prefix}/${short}`);
    // Archives of old mark a folder by its name alone.
    const type = TYPES[flag] === 'file' && name.endsWith('/') ? 'folder' : (TYPES[flag] ?? 'other');
    const linkName = this.#pending.linkpath ?? cString(block.subarray(157, 257));
    return { name, type, linkName, size: this.#left };
  }
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** Octal digits, or GNU's binary numbers for what they have no room for. */
function number(bytes: Buffer): number {
  if (((bytes[0] ?? 0) & 0x80) !== 0) return Number(BigInt(`0x${bytes.subarray(1).toString('hex')}`));
  const text = bytes.toString('latin1').replaceAll('\0', ' ').trim();
  if (!/^[0-7]*$/.test(text)) throw new Error('archive/tar: invalid tar header');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function checksumFits(block: Buffer): boolean {
  let sum = 0;
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum === number(block.subarray(148, 156));
}

function paxRecords(data: Buffer): { path?: string; linkpath?: string; size?: number } {
  const found: { path?: string; linkpath?: string; size?: number } = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length <= 0) throw new Error('archive/tar: invalid tar header');
    const record = data.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === 'path') found.path = value;
    else if (key === 'linkpath') found.linkpath = value;
    else if (key === 'size') found.size = Number(value);
    at += length;
  }
  return found;
}
