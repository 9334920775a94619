import { readdirSync, statSync } from 'node:fs';

/**
 * Whether there is no store in a folder and none of its files either. Whatever cannot be looked at may hold one, and a file
 * in the folder's place is for whoever opens the store to report.
 */
export function wasNeverMade(folder: string): boolean {
  try {
    return !readdirSync(folder).some((name) => name.startsWith('kl.'));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || (code === 'ENOTDIR' && !exists(folder));
  }
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ENOTDIR';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
