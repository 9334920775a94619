import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** SQLite reads a database that nobody can write without its shared-memory file only when told that it cannot change. */
export function readOnlyName(file: string): string {
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return wal !== undefined && wal.size > 0 ? file : `${pathToFileURL(file).href}?immutable=1`;
}
