import path from 'node:path';
import { goFileError } from '../model/go-file-error.ts';
import type { KustomizeFiles } from './kustomize-files.ts';
import { errorText, KustomizeError, wrapError } from './kustomize-error.ts';
import { isRemoteFile, isRemoteFolder } from './remote-path.ts';

/** Whether a kustomization may read files that are not below its folder. */
export type LoadRestrictions = 'rootOnly' | 'none';

const NOT_A_FOLDER = 'must build at directory';

/** Reads what a kustomization in a folder refers to, and refuses what it may not. */
export class FileLoader {
  readonly root: string;
  readonly #files: KustomizeFiles;
  readonly #restrictions: LoadRestrictions;
  readonly #referrer: FileLoader | undefined;

  private constructor(root: string, files: KustomizeFiles, restrictions: LoadRestrictions, referrer?: FileLoader) {
    this.root = root;
    this.#files = files;
    this.#restrictions = restrictions;
    this.#referrer = referrer;
  }

  /** A loader for the folder that a build starts at. Throws KustomizeError, for remote folders too. */
  static at(folder: string, files: KustomizeFiles, restrictions: LoadRestrictions): FileLoader {
    if (isRemoteFolder(folder)) throw remoteRefused(folder);
    return new FileLoader(confirmFolder(folder, files), files, restrictions);
  }

  /** A loader for a kustomization that this one refers to. */
  below(folder: string): FileLoader {
    if (folder === '') throw new KustomizeError('new root cannot be empty');
    if (isRemoteFolder(folder)) throw remoteRefused(folder);
    if (path.isAbsolute(folder)) throw new KustomizeError(`new root '${folder}' cannot be absolute`);
    const root = confirmFolder(path.join(this.root, folder), this.#files);
    this.#refuseCycle(root);
    return new FileLoader(root, this.#files, this.#restrictions, this);
  }

  /** The content of a file. Throws KustomizeError when it cannot be read, or may not. */
  load(file: string): Buffer {
    if (isRemoteFile(file)) throw remoteRefused(file);
    const joined = path.isAbsolute(file) ? file : path.join(this.root, file);
    const allowed = this.#restrictions === 'none' ? joined : this.#confine(joined);
    try {
      return this.#files.read(allowed);
    } catch (error) {
      throw new KustomizeError(goFileError('open', allowed, error));
    }
  }

  /** The text of a file; bytes that are no UTF-8 become U+FFFD. */
  text(file: string): string {
    return this.load(file).toString('utf8');
  }

  #confine(file: string): string {
    const real = realPath(file, this.#files);
    if (this.#files.isFolder(real)) throw new KustomizeError(`'${real}' must resolve to a file`);
    if (isInOrBelow(path.dirname(real), this.root)) return real;
    throw new KustomizeError(`security; file '${file}' is not in or below '${this.root}'`);
  }

  #refuseCycle(candidate: string): void {
    if (isInOrBelow(this.root, candidate)) {
      throw new KustomizeError(`cycle detected: candidate root '${candidate}' contains visited root '${this.root}'`);
    }
    if (this.#referrer !== undefined) this.#referrer.#refuseCycle(candidate);
  }
}

function isInOrBelow(folder: string, root: string): boolean {
  return root === path.sep || folder === root || folder.startsWith(root + path.sep);
}

function remoteRefused(source: string): KustomizeError {
  return new KustomizeError(`kube-lite does not build from remote sources: ${source}; fetch it, and refer to the copy`);
}

function confirmFolder(folder: string, files: KustomizeFiles): string {
  let real: string;
  try {
    if (folder === '') throw new KustomizeError('directory path cannot be empty');
    try {
      real = realPath(folder, files);
    } catch (error) {
      throw wrapError(error, 'not a valid directory');
    }
    if (!files.isFolder(real)) throw new KustomizeError(`'${folder}': file is not directory`);
  } catch (error) {
    throw wrapError(error, NOT_A_FOLDER);
  }
  return real;
}

function realPath(file: string, files: KustomizeFiles): string {
  try {
    return files.realPath(files.absolute(file));
  } catch (error) {
    const failed = error instanceof Error && 'path' in error ? String(error.path) : file;
    const reason = error instanceof Error && 'code' in error ? goFileError('lstat', failed, error) : errorText(error);
    throw new KustomizeError(`evalsymlink failure on '${file}' : ${reason}`);
  }
}
