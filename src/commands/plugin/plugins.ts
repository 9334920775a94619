import fs from 'node:fs';
import path from 'node:path';

/** Programs whose names begin so are plugins; kube-lite's own count before kubectl's. */
const PREFIXES = ['kube-lite', 'kubectl'];

/** The folders of $PATH, each once. */
export function pathFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return [...new Set((env['PATH'] ?? '').split(path.delimiter))].filter((folder) => folder.trim() !== '');
}

/** Whether a file name is that of a plugin. */
export function isPluginName(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(`${prefix}-`));
}

/** Whether a file can be run. Throws what the file system says when it cannot be looked at. */
export function isExecutable(file: string): boolean {
  const stats = fs.statSync(file);
  return !stats.isDirectory() && (stats.mode & 0o111) !== 0;
}

/** A plugin with the words of the command line that name it. */
export interface FoundPlugin {
  readonly file: string;
  readonly words: number;
}

/**
 * The plugin that has most of `words` in its name, at least `least` of them: for `foo bar baz`, kubectl-foo-bar-baz before
 * kubectl-foo-bar before kubectl-foo; a `-` within a word stands as `_` in the name. Flags end the words.
 */
export function findPlugin(
  words: readonly string[],
  least: number,
  env: Readonly<Record<string, string | undefined>>,
): FoundPlugin | undefined {
  const flag = words.findIndex((word) => word.startsWith('-'));
  const names = words.slice(0, flag < 0 ? undefined : flag).map((word) => word.replaceAll('-', '_'));
  for (let count = names.length; count >= Math.max(least, 1); count--) {
    for (const prefix of PREFIXES) {
      const file = lookUp([prefix, ...names.slice(0, count)].join('-'), env);
      if (file !== undefined) return { file, words: count };
    }
  }
  return undefined;
}

function lookUp(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (name.includes(path.sep)) return undefined;
  return pathFolders(env)
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file) && isExecutable(file));
}
