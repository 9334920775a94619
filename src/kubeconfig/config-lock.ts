import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../model/user-error.ts';

/** How long another process may hold a lock, in milliseconds: it holds it for one change. */
const PATIENCE = 5000;

/**
 * Runs `work` while no other process that locks as client-go does changes the files: each has a `.lock` beside it. The
 * locks are taken in the order of their names, so that two processes never wait for each other. Rejects with UserError when
 * a lock stays.
 */
export async function withConfigLocks<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  const held: string[] = [];
  try {
    for (const file of files.toSorted()) {
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
      await takeLock(`${file}.lock`);
      held.push(`${file}.lock`);
    }
    return await work();
  } finally {
    for (const lock of held) fs.rmSync(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      fs.closeSync(fs.openSync(lock, 'wx', 0));
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code !== 'EEXIST') throw lockError(lock, error);
      if (Date.now() > end) throw new UserError(`open ${lock}: file exists`, { cause: error });
    }
    await sleep(20);
  }
}

function lockError(lock: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const text = code === 'EACCES' ? 'permission denied' : error instanceof Error ? error.message : String(error);
  return new UserError(`open ${lock}: ${text}`, { cause: error });
}
