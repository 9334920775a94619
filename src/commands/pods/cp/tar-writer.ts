import fs from 'node:fs';
import path from 'node:path';
import type { Stats } from 'node:fs';
import { UserError } from '../../../model/user-error.ts';

const BLOCK = 512;
const CHUNK = 64 * 1024;
/** The greatest number that a header's eleven and seven octal digits have room for. */
const MOST_SIZE = 8 ** 11 - 1;
const MOST_ID = 8 ** 7 - 1;

/**
 * A tar archive of a file or folder under another name: files, symbolic links as they are, and folders that are empty;
 * others come with their files. Mirrors makeTar of kubectl's pkg/cmd/cp. Throws what cannot be read.
 */
export async function* tarOf(source: string, name: string): AsyncGenerator<Buffer> {
  yield* entries(source, name);
  yield Buffer.alloc(2 * BLOCK);
}

async function* entries(source: string, name: string): AsyncGenerator<Buffer> {
  const stats = await fs.promises.lstat(source);
  if (stats.isDirectory()) {
    const files = (await fs.promises.readdir(source)).toSorted();
    if (files.length === 0) yield header(name, stats, '5');
    for (const file of files) yield* entries(path.join(source, file), path.posix.join(name, file));
  } else if (stats.isSymbolicLink()) yield header(name, stats, '2', await fs.promises.readlink(source));
  else if (stats.isFile()) yield* fileEntry(source, name, stats);
  else throw new UserError(`${source} is neither a file nor a folder nor a symbolic link`);
}

async function* fileEntry(source: string, name: string, stats: Stats): AsyncGenerator<Buffer> {
  // Opened first: what cannot be read must not leave half an entry.
  const file = await fs.promises.open(source);
  try {
    yield header(name, stats, '0');
    let left = stats.size;
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, left));
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) throw new UserError(`${source} became shorter while it was read`);
      left -= bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    const padding = (BLOCK - (stats.size % BLOCK)) % BLOCK;
    if (padding > 0) yield Buffer.alloc(padding);
  } finally {
    await file.close();
  }
}

type TypeFlag = '0' | '2' | '5' | 'x';

function header(name: string, stats: Stats, type: TypeFlag, linkName = ''): Buffer {
  const size = type === '0' ? stats.size : 0;
  const split = splitName(name);
  const extra: [string, string][] = [
    ...(split === undefined ? [['path', name] as [string, string]] : []),
    ...(Buffer.byteLength(linkName) > 100 ? [['linkpath', linkName] as [string, string]] : []),
    ...(size > MOST_SIZE ? [['size', String(size)] as [string, string]] : []),
    ...(stats.uid > MOST_ID ? [['uid', String(stats.uid)] as [string, string]] : []),
    ...(stats.gid > MOST_ID ? [['gid', String(stats.gid)] as [string, string]] : []),
  ];
  const fields = { stats, type, linkName, size, ...(split ?? { prefix: '', short: name }) };
  return extra.length === 0 ? block(fields) : Buffer.concat([paxHeader(extra, stats), block(fields)]);
}

/** The name in ustar's two parts; undefined when it does not fit. */
function splitName(name: string): { prefix: string; short: string } | undefined {
  if (Buffer.byteLength(name) <= 100) return { prefix: '', short: name };
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const [prefix, short] = [name.slice(0, at), name.slice(at + 1)];
    if (short !== '' && Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(short) <= 100) return { prefix, short };
  }
  return undefined;
}

function paxHeader(records: readonly [string, string][], stats: Stats): Buffer {
  const data = Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(''));
  const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
  const fields = { stats, type: 'x' as const, linkName: '', size: data.length, prefix: '', short: 'PaxHeaders.0' };
  return Buffer.concat([block(fields), data, padding]);
}

/** A record begins with its own length, that number included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  length = bytes + String(length).length;
  return `${length}${rest}`;
}

interface BlockFields {
  readonly stats: Stats;
  readonly type: TypeFlag;
  readonly linkName: string;
  readonly size: number;
  readonly prefix: string;
  readonly short: string;
}

function block({ stats, type, linkName, size, prefix, short }: BlockFields): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void =>
    void bytes.write(Math.max(0, value).toString(8).padStart(digits, '0'), at, digits, 'latin1');
  bytes.write(short, 0, 100, 'utf8');
  octal(stats.mode & 0o7777, 100, 7);
  octal(stats.uid > MOST_ID ? 0 : stats.uid, 108, 7);
  octal(stats.gid > MOST_ID ? 0 : stats.gid, 116, 7);
  octal(size > MOST_SIZE ? 0 : size, 124, 11);
  octal(Math.floor(stats.mtimeMs / 1000), 136, 11);
  bytes.write(type, 156, 'latin1');
  bytes.write(linkName, 157, 100, 'utf8');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(prefix, 345, 155, 'utf8');
  bytes.fill(0x20, 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}
