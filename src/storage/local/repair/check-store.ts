import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../../model/user-error.ts';
import type { StoreReport } from '../../store-care.ts';
import { HighWaterMark } from '../high-water-mark.ts';
import { readOnlyName } from '../read-only-name.ts';
import { hasSchema, storedFormat } from '../schema.ts';
import { loadEngine, type SqliteDatabase } from '../sqlite.ts';
import { toStorageError } from '../sqlite-errors.ts';
import { checkRecords, type RecordCounts } from './check-records.ts';
import { DamageList } from './damage-list.ts';

/** How long, in milliseconds, one call waits for another process. */
const TIMEOUT_MS = 5000;

/** See StoreCare.check. Throws UserError when there is no store in the folder. */
export async function checkStore(folder: string): Promise<StoreReport> {
  const path = resolve(folder);
  const file = join(path, 'kl.db');
  const acknowledged = readMark(path);
  const damage = new DamageList();
  const sizeBytes = sizeOf(file) + sizeOf(`${file}-wal`);
  const report = {
    folder: path,
    format: 0,
    revision: 1,
    acknowledged,
    compactRevision: 0,
    keys: 0,
    records: 0,
    sizeBytes,
  };
  if (!existsSync(file)) {
    if (acknowledged === 0) throw new UserError(`there is no store in ${path}`);
    damage.add('kl.db is missing');
    return { ...report, damage: damage.sentences };
  }
  const counts = await readAll(path, file, damage);
  if (counts.revision < acknowledged) {
    damage.add(`revision ${acknowledged} was acknowledged, but the last one in it is ${counts.revision}`);
  }
  return { ...report, ...counts, damage: damage.sentences };
}

async function readAll(folder: string, file: string, damage: DamageList): Promise<RecordCounts & { format: number }> {
  const nothing = { format: 0, revision: 1, compactRevision: 0, keys: 0, records: 0 };
  const engine = await loadEngine();
  let sqlite: SqliteDatabase | undefined;
  try {
    const name = isWritable(folder) ? file : readOnlyName(file);
    sqlite = engine.open(name, { timeout: TIMEOUT_MS, readOnly: true });
    // An empty file is a store that is about to be laid out.
    if (!hasSchema(sqlite, folder)) return nothing;
    sqlite.exec('BEGIN');
    const format = storedFormat(sqlite);
    checkIntegrity(sqlite, damage);
    return { format, ...checkRecords(sqlite, { folder, damage }) };
  } catch (error) {
    const known = toStorageError(error, folder);
    if (known.code !== 'Corrupt') throw known;
    damage.add(known.message.replace(`the store in ${folder} is damaged: `, ''));
    return nothing;
  } finally {
    sqlite?.close();
  }
}

/** What SQLite itself finds wrong with the structure of its file. */
function checkIntegrity(sqlite: SqliteDatabase, damage: DamageList): void {
  for (const row of sqlite.prepare('PRAGMA integrity_check(20)').all()) {
    const text: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'integrity_check') : undefined;
    if (typeof text !== 'string' || text === 'ok') continue;
    for (const line of text.split('\n')) damage.add(`SQLite: ${line}`);
  }
}

/** The mark of a store, 0 when there is none. */
function readMark(folder: string): number {
  const mark = new HighWaterMark(join(folder, 'kl.hwm'), false);
  try {
    return mark.read();
  } finally {
    mark.close();
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
