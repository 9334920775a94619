import { systemClock } from './lease-clock.ts';
import { DEFAULT_AUTO_COMPACTION } from './compactor.ts';
import { LocalDatabase } from './local-database.ts';
import { LocalStorage } from './local-storage.ts';
import { createSchema } from './schema.ts';
import { loadEngine } from './sqlite.ts';
import { toStorageError } from './sqlite-errors.ts';

/** SQLite's name of a database that is in no file. */
const IN_MEMORY = ':memory:';

/**
 * An empty store as one that `folder` would have, in this process's memory: the folder is neither looked at nor made, and
 * what is written is gone with the process.
 */
export async function openMemoryStorage(folder: string): Promise<LocalStorage> {
  const engine = await loadEngine();
  try {
    const sqlite = engine.open(IN_MEMORY, { timeout: 0 });
    createSchema(sqlite, folder);
    return new LocalStorage({
      db: new LocalDatabase(sqlite, { folder, file: IN_MEMORY, lockTimeout: 0, readOnly: false }),
      mark: { write: () => undefined, close: () => undefined },
      file: IN_MEMORY,
      clock: systemClock(),
      autoCompaction: DEFAULT_AUTO_COMPACTION,
      progressInterval: 5000,
    });
  } catch (error) {
    throw toStorageError(error, folder);
  }
}
