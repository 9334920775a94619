/** What the operating system said, in Go's words: `permission denied`, `is a directory`. */
export function systemErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EISDIR') return 'is a directory';
  // Node writes `EACCES: permission denied, open 'file'`.
  return /^[A-Z0-9]+: (.*?)(?:, \w+.*)?$/s.exec(error.message)?.[1] ?? error.message;
}

/** Whether the error says that there is no such file. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
