import { statfsSync } from 'node:fs';
import { StorageError } from '../storage-error.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that this driver tells apart. */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const PROTOCOL = 15;
const NOTADB = 26;

/** A column has a value of a type that this driver never wrote: the database is damaged. */
export class ColumnError extends Error {
  override readonly name = 'ColumnError';
}

/** SQLite's texts of those codes: the port of `node:sqlite` leaves the code out of what reading a row throws. */
const TEXTS: readonly (readonly [string, number])[] = [
  ['access permission denied', PERM],
  ['database is locked', BUSY],
  ['database table is locked', LOCKED],
  ['attempt to write a readonly database', READONLY],
  ['disk I/O error', IOERR],
  ['database disk image is malformed', CORRUPT],
  ['database or disk is full', FULL],
  ['unable to open database file', CANTOPEN],
  ['locking protocol', PROTOCOL],
  ['file is not a database', NOTADB],
];

/** The primary SQLite result code of an error, when it has one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return TEXTS.find(([text]) => error.message.includes(text))?.[1];
}

/** Whether another connection holds a lock, so that the same call may succeed later. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED || code === PROTOCOL;
}

export function isReadOnly(error: unknown): boolean {
  const code = resultCode(error);
  return code === READONLY || code === CANTOPEN || code === PERM || isPermissionError(error);
}

/** Any failure of SQLite or of the file system below `folder`, as the seam's error. A StorageError stays what it is. */
export function toStorageError(error: unknown, folder: string): StorageError {
  if (error instanceof StorageError) return error;
  const cause = { cause: error };
  const text = error instanceof Error ? error.message : String(error);
  const code = resultCode(error);
  const full = code === FULL || hasSystemCode(error, ['ENOSPC', 'EDQUOT']) || (code === IOERR && isFull(folder));
  if (full) return noSpace(folder, error);
  if (code === CORRUPT || code === NOTADB || error instanceof ColumnError) return corrupt(folder, text, error);
  if (isReadOnly(error)) {
    return new StorageError('ReadOnly', `the store in ${folder} cannot be written: ${text}`, {
      ...cause,
      hint: `Check who may write to ${folder} and whether its file system is mounted read-only.`,
    });
  }
  if (isBusy(error)) return locked(folder, error);
  return new StorageError('Internal', `the store in ${folder} failed: ${text}`, cause);
}

export function corrupt(folder: string, what: string, cause?: unknown): StorageError {
  return new StorageError('Corrupt', `the store in ${folder} is damaged: ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: `See what is damaged with: kube-lite store check --data-dir=${folder}\nSave what can be read with: kube-lite store repair --data-dir=${folder} (the files as they are now are kept aside)`,
  });
}

export function locked(folder: string, cause: unknown): StorageError {
  return new StorageError('Locked', `another process kept the store in ${folder} locked`, {
    cause,
    hint: 'Find the process that holds the store (lsof or fuser name it) and let it finish or end it.',
  });
}

function noSpace(folder: string, cause: unknown): StorageError {
  return new StorageError('NoSpace', `no space left for the store in ${folder}; nothing was written`, {
    cause,
    hint: `Free space on the file system of ${folder} and repeat the command.`,
  });
}

function isPermissionError(error: unknown): boolean {
  return hasSystemCode(error, ['EACCES', 'EPERM', 'EROFS']);
}

function hasSystemCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** SQLite reports a full disk as an I/O error when it cannot extend its shared-memory file. */
function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}
