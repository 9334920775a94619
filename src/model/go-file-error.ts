const TEXTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
};

/** A file system error as Go's os.PathError prints it: `open /x: no such file or directory`. */
export function goFileError(operation: string, file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const done = code === 'EISDIR' ? 'read' : operation;
  return `${done} ${file}: ${TEXTS[code] ?? (error instanceof Error ? error.message : String(error))}`;
}
