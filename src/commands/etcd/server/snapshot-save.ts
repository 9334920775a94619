import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EtcdServer } from '../../../etcd/etcd-server.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Command } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand } from './server-command.ts';

const HASH_BYTES = 32;
/** A database consists of pages, whose size is a multiple of this. */
const SECTOR_BYTES = 512;

/** `etcd snapshot save`: the database of a member in a file, whole or not at all. */
export const etcdSnapshotSave: Command = defineServerCommand<{ readonly file: string }>({
  use: 'save FILE',
  description: `Save the database of a member to a file, with its hash.

 The file is written under another name, checked against the hash that etcd sends behind the database, brought to disk and only then renamed: FILE is a whole snapshot or not there. One endpoint must be named.`,
  examples: [{ comment: 'Of the member on this machine', command: 'kubectl etcd snapshot save backup.db' }],
  flags: [],
  formats: ['simple'],
  parse({ args }) {
    const [file] = args;
    if (file === undefined || file === '' || args.length > 1) {
      throw new UsageError(`snapshot save expects exactly one FILE, got ${args.length}`);
    }
    return { file };
  },
  async run({ file }, server, { signal }) {
    if (server.endpoints.length !== 1) {
      const given = server.endpoints.join(', ');
      throw new UserError(`a snapshot is of one member: give one endpoint, not ${server.endpoints.length} (${given})`);
    }
    await refuseFolder(file);
    await saveSnapshot(server, file, signal);
    return { simple: `Snapshot saved at ${file}\n` };
  },
});

async function refuseFolder(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    throw new UserError(`${file} is no file: a snapshot cannot be saved there`);
  }
}

async function saveSnapshot(server: EtcdServer, file: string, signal: AbortSignal): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}.part`;
  const handle = await open(partial, 'wx', 0o600).catch((error: unknown) => {
    throw cannotWrite(file, error);
  });
  try {
    await receive(server, handle, { file, signal });
    await handle.sync().catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
    await handle.close();
    await rename(partial, file).catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

async function receive(
  server: EtcdServer,
  handle: FileHandle,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  const check = new TailHash();
  const refuseInterrupted = (): void => {
    if (signal.aborted) throw new UserError(`interrupted: no snapshot was saved at ${file}`);
  };
  for await (const { blob } of server.snapshot(signal)) {
    refuseInterrupted();
    check.add(blob);
    await writeAll(handle, blob).catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
  }
  refuseInterrupted();
  const problem = check.problem();
  if (problem !== undefined) {
    throw new UserError(`the snapshot that came is damaged: ${problem}; no snapshot was saved at ${file}`);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

/** The name is only safe when the folder is on disk, too. Some file systems do not take that from a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function cannotWrite(file: string, error: unknown): UserError {
  const why = error instanceof Error ? error.message : String(error);
  return new UserError(`cannot save a snapshot at ${file}: ${why}`, { cause: error });
}

/** The hash of all that came but its last 32 bytes, which should be that hash. */
class TailHash {
  readonly #hash: Hash = createHash('sha256');
  #tail: Buffer = Buffer.alloc(0);
  #size = 0;

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    const all = Buffer.concat([this.#tail, bytes]);
    const at = Math.max(all.length - HASH_BYTES, 0);
    this.#hash.update(all.subarray(0, at));
    this.#tail = Buffer.from(all.subarray(at));
  }

  /** What is wrong with what came; undefined when it is whole. */
  problem(): string | undefined {
    if (this.#size === 0) return 'it is empty';
    if (this.#size % SECTOR_BYTES !== HASH_BYTES) return `its ${this.#size} bytes do not end with a hash`;
    return this.#hash.digest().equals(this.#tail) ? undefined : 'its hash is another';
  }
}
