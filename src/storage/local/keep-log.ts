import { copyFileSync, existsSync, linkSync } from 'node:fs';

/**
 * Keeps the write-ahead log of a store that is refused as damaged. The last one to close a database folds what SQLite
 * believes of the log into it and removes the log, and with it everything behind the damaged place that a repair can read.
 */
export function keepLog(file: string): void {
  const log = `${file}-wal`;
  const kept = `${log}.kept`;
  if (!existsSync(log) || existsSync(kept)) return;
  try {
    linkSync(log, kept);
  } catch {
    try {
      copyFileSync(log, kept);
    } catch {
      // Where nothing can be written, nothing is folded or removed either.
    }
  }
}
