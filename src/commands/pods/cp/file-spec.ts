import path from 'node:path';
import { UserError } from '../../../model/user-error.ts';

/** `[[namespace/]pod:]path` */
export interface FileSpec {
  /** Undefined for a file of this machine. */
  readonly pod: string | undefined;
  /** Empty: the namespace of the context. */
  readonly namespace: string;
  /** Without the slash at its end. */
  readonly file: string;
}

/** Reads a file's place. Throws UserError for what is none. Mirrors extractFileSpec of kubectl's pkg/cmd/cp. */
export function fileSpecOf(text: string): FileSpec {
  const colon = text.indexOf(':');
  if (colon === -1) return { pod: undefined, namespace: '', file: withoutSlash(text) };
  const pieces = text.slice(0, colon).split('/');
  const [first = '', second] = pieces;
  if (colon === 0 || pieces.length > 2) {
    throw new UserError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  }
  const file = withoutSlash(text.slice(colon + 1)).replaceAll('\\', '/');
  return second === undefined ? { pod: first, namespace: '', file } : { pod: second, namespace: first, file };
}

/** What the names in an archive of a remote path begin with. */
export function archivePrefix(file: string): string {
  return withoutShortcuts(withoutSlash(path.posix.normalize(file.replace(/^[/\\]+/, ''))));
}

/** Whether a path does not lead out of a folder, or is the folder itself. */
export function isWithin(base: string, target: string): boolean {
  const relative = path.relative(base, target);
  return relative === '' || relative === withoutShortcuts(relative);
}

function withoutSlash(file: string): string {
  return file !== '/' && file.endsWith('/') ? file.slice(0, -1) : file;
}

function withoutShortcuts(file: string): string {
  const rest = file.replace(/^(\.\.\/)+/, '');
  if (rest === '.' || rest === '..') return '';
  return rest.startsWith('/') ? rest.slice(1) : rest;
}
