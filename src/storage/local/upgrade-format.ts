import { safeCopy } from './repair/safe-copy.ts';
import { type FormatStep, isOlderFormat, storedFormat, takeSteps } from './schema.ts';
import type { SqliteDatabase } from './sqlite.ts';

/**
 * Brings a store of an older format to the newest one, after its files were copied to `format-N-TIME` inside its folder. All
 * of it happens in one transaction: a process that dies in the middle leaves the store as it was. Several processes may try
 * at once. Throws SQLite's busy error while another writes.
 */
export function upgradeFormat(
  db: SqliteDatabase,
  { folder, steps, now }: { folder: string; steps: readonly FormatStep[]; now: Date },
): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (isOlderFormat(db, steps)) {
      safeCopy(folder, { reason: `format-${storedFormat(db)}`, now });
      takeSteps(db, steps);
    }
    db.exec('COMMIT');
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // The first error says what is wrong.
    }
    throw error;
  }
}
