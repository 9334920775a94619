import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareBytes } from '../model/byte-order.ts';
import { UserError } from '../model/user-error.ts';
import { isMissingFile, systemErrorText } from './file-error.ts';
import { goGlob } from './go-glob.ts';

/** Where manifests stand; `name` is how error texts name it. */
export interface ManifestSource {
  readonly kind: 'stdin' | 'url' | 'file';
  readonly name: string;
}

/** The sources of all `-f` arguments, or what is wrong with some: then kubectl reads none of them. */
export interface ExpandedFilenames {
  readonly sources: readonly ManifestSource[];
  readonly errors: readonly Error[];
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/**
 * Turns `-f` arguments into sources as kubectl does: `-`, http(s) URLs, files, patterns, and folders, of which the files
 * with a known extension are taken, in the order of their names, those of folders below only when `recursive`.
 */
export async function expandFilenames(filenames: readonly string[], recursive: boolean): Promise<ExpandedFilenames> {
  const expander = new Expander(recursive);
  for (const filename of filenames) await expander.add(filename);
  return expander;
}

class Expander implements ExpandedFilenames {
  readonly sources: ManifestSource[] = [];
  readonly errors: Error[] = [];
  readonly #recursive: boolean;

  constructor(recursive: boolean) {
    this.#recursive = recursive;
  }

  async add(filename: string): Promise<void> {
    if (filename === '-') this.#stdin();
    else if (/^https?:\/\//.test(filename)) this.#url(filename);
    else await this.#paths(filename);
  }

  #stdin(): void {
    if (this.sources.some(({ kind }) => kind === 'stdin')) {
      this.errors.push(new UserError('standard input cannot be used for multiple arguments'));
      return;
    }
    this.sources.push({ kind: 'stdin', name: 'STDIN' });
  }

  #url(url: string): void {
    const bad = /%(?![\da-fA-F]{2}).{0,2}/.exec(url)?.[0];
    if (bad !== undefined || !URL.canParse(url)) {
      const why = bad === undefined ? 'invalid URL' : `invalid URL escape ${JSON.stringify(bad)}`;
      const quoted = JSON.stringify(url);
      this.errors.push(new UserError(`the URL passed to filename ${quoted} is not valid: parse ${quoted}: ${why}`));
      return;
    }
    this.sources.push({ kind: 'url', name: url });
  }

  async #paths(filename: string): Promise<void> {
    try {
      const paths = await pathsOf(filename);
      for (const each of paths) await this.#path(each);
      if (this.sources.length === 0 && this.errors.length === 0) {
        this.errors.push(
          new UserError(`error reading [${paths.join(' ')}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`),
        );
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.errors.push(error);
    }
  }

  async #path(file: string): Promise<void> {
    try {
      await stat(file);
    } catch (error) {
      if (isMissingFile(error)) throw missingPath(file);
      const why = `stat ${file}: ${systemErrorText(error)}`;
      throw new UserError(`the path ${JSON.stringify(file)} cannot be accessed: ${why}`);
    }
    // A symbolic link to a folder is not followed, unless a slash behind its name asks for it.
    const isFolder = (await (file.endsWith('/') ? stat(file) : lstat(file))).isDirectory();
    if (!isFolder) {
      this.sources.push({ kind: 'file', name: file });
      return;
    }
    try {
      await this.#folder(file);
    } catch (error) {
      const why = `open ${errorPath(error) ?? file}: ${systemErrorText(error)}`;
      throw new UserError(`error reading ${JSON.stringify(file)}: ${why}`);
    }
  }

  async #folder(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((left, right) => compareBytes(left.name, right.name));
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (this.#recursive) await this.#folder(file);
      } else if (EXTENSIONS.some((extension) => entry.name.endsWith(extension))) {
        this.sources.push({ kind: 'file', name: file });
      }
    }
  }
}

/** The path itself when it is there, else what it matches as a pattern. */
async function pathsOf(filename: string): Promise<string[]> {
  try {
    await stat(filename);
    return [filename];
  } catch (error) {
    if (!isMissingFile(error)) return [filename];
  }
  const matches = await goGlob(filename);
  if (matches.length === 0) throw missingPath(filename);
  return matches;
}

function missingPath(file: string): UserError {
  return new UserError(`the path ${JSON.stringify(file)} does not exist`);
}

function errorPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}
