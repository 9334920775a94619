import { StorageError } from '../../storage/storage-error.ts';

/** A file that is no sound bbolt database: says which file, which page, and what is wrong with it. */
export function damage(path: string, page: number | undefined, problem: string): StorageError {
  const where = page === undefined ? path : `${path}: page ${page}`;
  return new StorageError('Corrupt', `${where}: ${problem}`);
}
