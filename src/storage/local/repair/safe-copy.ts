import { closeSync, constants, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a store, the database before its logs. The shared memory beside them is made anew by whoever opens it. */
const STORE_FILES = ['kl.db', 'kl.db-wal', 'kl.db-wal.kept', 'kl.hwm'] as const;

/**
 * Copies the files of a store, as they are, to a new folder inside its own, on the disk before this returns. The caller
 * keeps others from writing meanwhile; a checkpoint by another process does no harm, because the log is copied after the database. Answers the new folder.
 */
export function safeCopy(folder: string, { reason, now }: { reason: string; now: Date }): string {
  const stamp = now.toISOString().replaceAll(/[-:]|[.]\d+/g, '');
  let aside = join(folder, `${reason}-${stamp}`);
  for (let number = 2; existsSync(aside); number++) aside = join(folder, `${reason}-${stamp}-${number}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of STORE_FILES) {
    const from = join(folder, name);
    if (!existsSync(from)) continue;
    copyFileSync(from, join(aside, name), constants.COPYFILE_FICLONE);
    syncPath(join(aside, name));
  }
  syncPath(aside);
  syncPath(folder);
  return aside;
}

/** Makes a file's bytes, or a folder's entries, durable. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
