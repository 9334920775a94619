import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readManifests } from '../../manifests/read-manifests.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { parseWireJson } from '../../model/wire-json.ts';
import type { Context, InputStream } from '../context.ts';

/** An object of a file, or what is wrong with a part of it. */
export type ReadObject = { readonly object: KubeObject; readonly where: string } | { readonly error: Error };

/** Objects that can be read several times, each time from the beginning and one by one. */
export interface ObjectSource {
  objects(): AsyncGenerator<ReadObject>;
  /** Removes what was kept of standard input. */
  close(): void;
}

/**
 * Opens a file, a folder or standard input (`-`) for reading its objects. Standard input is kept in a file that only its owner
 * may read. Rejects with UserError for what is not there.
 */
export async function openSource(name: string, context: Context): Promise<ObjectSource> {
  if (name !== '-') {
    if (!fs.existsSync(name)) throw new UserError(`the path ${JSON.stringify(name)} does not exist`);
    return { objects: () => objectsOf(name, name, context), close: () => undefined };
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-import-'));
  const close = (): void => fs.rmSync(folder, { recursive: true, force: true });
  try {
    // What is no line of JSON is read as YAML, of which JSON is a part.
    const file = path.join(folder, 'objects.yaml');
    await spool(context.streams.in, file);
    return { objects: () => objectsOf(file, 'standard input', context), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function spool(input: InputStream, file: string): Promise<void> {
  const handle = fs.openSync(file, 'wx', 0o600);
  try {
    const chunks = input.chunks?.() ?? [await input.readAll()];
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) at += fs.writeSync(handle, chunk, at);
    }
  } finally {
    fs.closeSync(handle);
  }
}

async function* objectsOf(file: string, shown: string, context: Context): AsyncGenerator<ReadObject> {
  const isFolder = fs.statSync(file).isDirectory();
  if (!isFolder && hasLines(file)) return yield* linesOf(file, shown);
  const manifests = readManifests({
    filenames: [file],
    recursive: true,
    validate: true,
    stdin: async () => Buffer.alloc(0),
    signal: context.signal,
  });
  for await (const each of manifests) {
    yield 'error' in each ? { error: each.error } : { object: each.object, where: isFolder ? each.source : shown };
  }
}

/** How much of a file is looked at for its first line. */
const FIRST_LINE = 4 * 1024 * 1024;

/** Whether the first line of a file is a whole object. */
function hasLines(file: string): boolean {
  if (/\.(jsonl|ndjson)$/.test(file)) return true;
  const handle = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(FIRST_LINE, fs.fstatSync(handle).size));
    const text = buffer.toString('utf8', 0, fs.readSync(handle, buffer, 0, buffer.length, 0));
    const end = text.indexOf('\n');
    const line = (end < 0 ? text : text.slice(0, end)).trim();
    return line.startsWith('{') && line.endsWith('}') && 'object' in readLine(line, '');
  } finally {
    fs.closeSync(handle);
  }
}

async function* linesOf(file: string, shown: string): AsyncGenerator<ReadObject> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const read = readLine(line, `${shown}, line ${number}`);
    yield read;
    // What follows a line that is cut off cannot be trusted.
    if ('error' in read) return;
  }
}

function readLine(line: string, where: string): ReadObject {
  try {
    const value = parseWireJson(line);
    if (!isJsonObject(value) || typeof value['kind'] !== 'string' || typeof value['apiVersion'] !== 'string') {
      return { error: new UserError(`${where}: no Kubernetes object: apiVersion and kind are needed`) };
    }
    if (!isJsonObject(value['metadata'])) return { error: new UserError(`${where}: the object has no metadata`) };
    return { object: value as unknown as KubeObject, where };
  } catch (error) {
    return { error: new UserError(`${where}: ${error instanceof Error ? error.message : String(error)}`) };
  }
}
