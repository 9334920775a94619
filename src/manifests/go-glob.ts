import { readdir, lstat } from 'node:fs/promises';
import path from 'node:path';
import { compareBytes } from '../model/byte-order.ts';
import { UserError } from '../model/user-error.ts';

const MAGIC = /[*?[\\]/;

/**
 * The paths that match a pattern as Go's filepath.Glob finds them: `*`, `?` and `[a-z]` match within one name, names that
 * begin with a dot included; sorted within each folder. Throws UserError for a broken pattern.
 */
export async function goGlob(pattern: string): Promise<string[]> {
  compilePattern(pattern);
  return glob(pattern);
}

async function glob(pattern: string): Promise<string[]> {
  if (!MAGIC.test(pattern)) return (await exists(pattern)) ? [pattern] : [];
  const { folder, name } = split(pattern);
  const folders = MAGIC.test(folder) && folder !== pattern ? await glob(folder) : [folder];
  const matches: string[] = [];
  const matcher = compilePattern(name);
  for (const each of folders) {
    const names = await namesIn(each);
    matches.push(...names.filter((entry) => matcher.test(entry)).map((entry) => path.join(each, entry)));
  }
  return matches;
}

function split(pattern: string): { folder: string; name: string } {
  const slash = pattern.lastIndexOf('/');
  if (slash === -1) return { folder: '.', name: pattern };
  return { folder: slash === 0 ? '/' : pattern.slice(0, slash), name: pattern.slice(slash + 1) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(compareBytes);
  } catch {
    // Go ignores what it cannot read.
    return [];
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}

/** The pattern of one name as a regular expression. */
function compilePattern(pattern: string): RegExp {
  let source = '';
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at);
    if (character === '*') {
      source += '[^/]*';
    } else if (character === '?') {
      source += '[^/]';
    } else if (character === '[') {
      const end = classEnd(pattern, at);
      source += classSource(pattern.slice(at + 1, end), pattern);
      at = end;
    } else {
      if (character === '\\') at++;
      if (at >= pattern.length) throw badPattern(pattern);
      source += pattern.charAt(at).replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
    }
    at++;
  }
  return new RegExp(`^${source}$`, 'su');
}

/** Where the character class that opens at `start` closes; a `]` that is its first character does not close it. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === '^') at++;
  for (let first = true; at < pattern.length; at++, first = false) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']' && !first) return at;
  }
  throw badPattern(pattern);
}

function classSource(content: string, pattern: string): string {
  const negated = content.startsWith('^');
  const body = negated ? content.slice(1) : content;
  const escaped = body.replaceAll(/\\(.)|([[\]^])/gsu, (_all, quoted: string | undefined, bare: string | undefined) =>
    (quoted ?? bare ?? '').replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`),
  );
  const source = `[${negated ? '^' : ''}${escaped}]`;
  try {
    return new RegExp(source, 'u').source;
  } catch {
    throw badPattern(pattern);
  }
}

function badPattern(pattern: string): UserError {
  return new UserError(`pattern ${JSON.stringify(pattern)} is not valid: syntax error in pattern`);
}
