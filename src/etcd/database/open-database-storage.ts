import type { Storage } from '../../storage/storage.ts';
import { DatabaseStorage } from './database-storage.ts';
import { EtcdDatabase } from './etcd-database.ts';

/**
 * Opens a snapshot, a database file or a data directory as a Storage that is only read; rejects as EtcdDatabase.open does.
 * `warn` hears of damage that was passed over.
 */
export async function openDatabaseStorage(path: string, warn: (text: string) => void): Promise<Storage> {
  const database = await EtcdDatabase.open(path);
  if (database.warning !== undefined) warn(database.warning);
  return new DatabaseStorage(database);
}
