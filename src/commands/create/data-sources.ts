import fs from 'node:fs';
import path from 'node:path';
import { envVarNameMessages } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';

/** One key with its bytes, from a literal, a file or an env file. */
export interface DataItem {
  readonly key: string;
  readonly value: Buffer;
}

/** What `--from-literal`, `--from-file` and `--from-env-file` name. */
export interface DataSources {
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
}

/** Reads all sources in kubectl's order: literals, files, env files. Throws UserError in kubectl's words. */
export function* dataItems(
  sources: DataSources,
  env: Readonly<Record<string, string | undefined>>,
): Generator<DataItem> {
  for (const literal of sources.literals) yield literalItem(literal);
  for (const file of sources.files) yield* fileItems(file);
  for (const file of sources.envFiles) yield* envFileItems(file, env);
}

function literalItem(source: string): DataItem {
  const at = source.indexOf('=');
  if (at <= 0) throw new UserError(`invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, at), value: Buffer.from(source.slice(at + 1)) };
}

function* fileItems(source: string): Generator<DataItem> {
  const { key, file } = fileSource(source);
  const found = statOf(file);
  if (!found.isDirectory()) {
    yield { key, value: readFile(file) };
    return;
  }
  if (source.includes('=')) throw new UserError('cannot give a key name for a directory path');
  for (const entry of fs
    .readdirSync(file, { withFileTypes: true })
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    if (entry.isFile()) yield { key: entry.name, value: readFile(path.join(file, entry.name)) };
  }
}

function fileSource(source: string): { key: string; file: string } {
  const parts = source.split('=');
  if (parts.length === 1) return { key: path.posix.basename(source), file: source };
  const [key = '', file = ''] = parts;
  if (parts.length > 2) throw new UserError("key names or file paths cannot contain '='");
  if (key === '') throw new UserError(`key name for file path ${file} missing`);
  if (file === '') throw new UserError(`file path for key name ${key} missing`);
  return { key, file };
}

function statOf(file: string): fs.Stats {
  try {
    return fs.statSync(file);
  } catch (error) {
    throw new UserError(`error reading ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UserError(`open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

/** A system error's text as Go prints it. */
export function systemMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EACCES':
      return 'permission denied';
    case 'EISDIR':
      return 'is a directory';
    case 'ENOTDIR':
      return 'not a directory';
    case 'ELOOP':
      return 'too many levels of symbolic links';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function* envFileItems(file: string, env: Readonly<Record<string, string | undefined>>): Generator<DataItem> {
  if (statOf(file).isDirectory()) throw new UserError('env config file cannot be a directory');
  const lines = readFile(file).toString('latin1').split('\n');
  for (const [index, raw] of lines.entries()) {
    const bytes = Buffer.from(raw.replace(/\r$/, ''), 'latin1');
    const line = decodeLine(bytes, file, index)
      .replace(index === 0 ? /^\ufeff/ : /^(?!)/, '')
      .trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const key = at < 0 ? line : line.slice(0, at);
    const messages = envVarNameMessages(key);
    if (messages.length > 0) {
      throw new UserError(`${JSON.stringify(key)} is not a valid key name: ${messages.join(';')}`);
    }
    yield { key, value: Buffer.from(at < 0 ? (env[key] ?? '') : line.slice(at + 1)) };
  }
}

function decodeLine(bytes: Buffer, file: string, index: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new UserError(
      `env file ${file} contains invalid utf-8 bytes at line ${index + 1}: ${JSON.stringify(bytes.toString('latin1'))}`,
      { cause: error },
    );
  }
}
