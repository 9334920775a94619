import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import type { FileLoader } from './file-loader.ts';
import type { GeneratorArgs } from './kustomization.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';

/** A key with the bytes that it has as its value. */
export type KeyValue = readonly [key: string, value: Buffer];

/** The data of a ConfigMap or a Secret: of env files, then literals, then files. Throws KustomizeError, for a key that comes twice too. */
export function keyValues(args: GeneratorArgs, loader: FileLoader): KeyValue[] {
  const { envs = [], literals = [], files = [] } = args;
  const found: KeyValue[] = [];
  try {
    found.push(...from(`env source files: [${envs.join(' ')}]`, () => envs.flatMap((file) => envPairs(file, loader))));
    found.push(...from(`literal sources [${literals.join(' ')}]`, () => literals.map(literalPair)));
    found.push(...from(`file sources: [${files.join(' ')}]`, () => files.map((source) => filePair(source, loader))));
  } catch (error) {
    throw wrapError(error, 'loading KV pairs');
  }
  const seen = new Set<string>();
  for (const [key] of found) {
    if (seen.has(key)) throw new KustomizeError(`configmap ${args.name ?? ''} illegally repeats the key \`${key}\``);
    seen.add(key);
  }
  return found;
}

function from(what: string, read: () => KeyValue[]): KeyValue[] {
  try {
    return read();
  } catch (error) {
    throw wrapError(error, what);
  }
}

const SPACE_AT_START = /^[\s\u0085]+/;

function envPairs(file: string, loader: FileLoader): KeyValue[] {
  const content = loader.load(file);
  const pairs: KeyValue[] = [];
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(0x0a, start);
    const bytes = content.subarray(start, end < 0 ? undefined : end);
    if (!isUtf8(bytes)) {
      throw new KustomizeError(`line [${bytes.join(' ')}] has invalid utf8 bytes : ${bytes.toString('latin1')}`);
    }
    const line = bytes.toString('utf8').replace(/\r$/, '');
    const text = (start === 0 ? line.replace(/^\ufeff/, '') : line).replace(SPACE_AT_START, '');
    const at = text.indexOf('=');
    const key = at < 0 ? text : text.slice(0, at);
    if (key !== '' && !text.startsWith('#')) pairs.push([key, Buffer.from(at < 0 ? '' : text.slice(at + 1))]);
    start = end < 0 ? content.length : end + 1;
  }
  return pairs;
}

function literalPair(source: string): KeyValue {
  const at = source.indexOf('=');
  if (at <= 0) throw new KustomizeError(`invalid literal source ${source}, expected key=value`);
  const value = source.slice(at + 1);
  const quoted = value.length >= 2 && /^(["']).*\1$/s.test(value);
  return [source.slice(0, at), Buffer.from(quoted ? value.slice(1, -1) : value)];
}

function filePair(source: string, loader: FileLoader): KeyValue {
  const [key = '', file, ...more] = source.split('=');
  if (file === undefined) return [path.basename(source), loader.load(source)];
  if (more.length > 0) throw new KustomizeError(`source ${JSON.stringify(source)} key name or file path contains '='`);
  if (key === '') {
    throw new KustomizeError(
      `missing key name for file path ${JSON.stringify(file)} in source ${JSON.stringify(source)}`,
    );
  }
  if (file === '') {
    throw new KustomizeError(
      `missing file path for key name ${JSON.stringify(key)} in source ${JSON.stringify(source)}`,
    );
  }
  return [key, loader.load(file)];
}
