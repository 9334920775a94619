/** The files that a kustomization may read. All of it is synchronous: kustomizations are small and read one after the other. */
export interface KustomizeFiles {
  /** The absolute form of a path that may be relative to the working folder. */
  absolute(path: string): string;
  /** The path without symbolic links. Throws an error with Node's `code` and `path` when something on the way is missing. */
  realPath(path: string): string;
  isFolder(path: string): boolean;
  /** Throws an error with Node's `code`. */
  read(path: string): Buffer;
}
