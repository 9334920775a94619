import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../model/kube-object.ts';
import { compactJson, printJson } from '../../model/json-printer.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import { printYaml } from '../../model/yaml-printer.ts';
import type { OutputStream } from '../context.ts';

export type ExportFormat = 'yaml' | 'json' | 'jsonl';

/** Where exported objects go, one after the other. */
export interface ExportSink {
  write(object: KubeObject): void;
  /** Completes what was written: a file or folder has its name only from then on. */
  finish(): void;
  /** Removes what was written. */
  abandon(): void;
}

/** How much text is gathered before it is written. */
const CHUNK = 256 * 1024;

/** A stream of text: YAML documents, JSON lines, or one JSON List. */
class TextSink implements ExportSink {
  readonly #format: ExportFormat;
  readonly #out: (text: string) => void;
  readonly #end: { finish(): void; abandon(): void };
  #pieces: string[] = [];
  #length = 0;
  #count = 0;

  constructor(format: ExportFormat, out: (text: string) => void, end: { finish(): void; abandon(): void }) {
    this.#format = format;
    this.#out = out;
    this.#end = end;
  }

  write(object: KubeObject): void {
    this.#push(this.#text(object));
    this.#count++;
  }

  finish(): void {
    if (this.#format === 'json') this.#push(this.#count === 0 ? `${LIST_HEAD}${LIST_END}` : LIST_END);
    this.#flush();
    this.#end.finish();
  }

  abandon(): void {
    this.#end.abandon();
  }

  #text(object: KubeObject): string {
    switch (this.#format) {
      case 'jsonl':
        return `${compactJson(object)}\n`;
      case 'yaml':
        return `${this.#count === 0 ? '' : '---\n'}${printYaml(object)}`;
      case 'json':
        return `${this.#count === 0 ? LIST_HEAD : ','}\n${printJson(object, { indent: 4 }).trimEnd()}`;
    }
  }

  #push(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) this.#flush();
  }

  #flush(): void {
    if (this.#pieces.length > 0) this.#out(this.#pieces.join(''));
    this.#pieces = [];
    this.#length = 0;
  }
}

const LIST_HEAD = '{"apiVersion":"v1","kind":"List","metadata":{},"items":[';
const LIST_END = '\n]}\n';

/** Standard output. */
export function streamSink(out: OutputStream, format: ExportFormat): ExportSink {
  return new TextSink(format, (text) => out.write(text), { finish: () => undefined, abandon: () => undefined });
}

/** A file that only its owner may read, since Secrets are in it. It has its name only when it is complete. */
export function fileSink(file: string, format: ExportFormat): ExportSink {
  const draft = `${file}.${draftMark()}.part`;
  const handle = attempt(file, () => fs.openSync(draft, 'wx', 0o600));
  let open = true;
  const close = (): void => {
    if (open) fs.closeSync(handle);
    open = false;
  };
  const abandon = (): void => {
    close();
    fs.rmSync(draft, { force: true });
  };
  return new TextSink(format, (text) => attempt(file, () => writeAll(handle, text)), {
    abandon,
    finish() {
      attempt(file, () => {
        fs.fsyncSync(handle);
        close();
        fs.renameSync(draft, file);
      });
    },
  });
}

function draftMark(): string {
  return Math.random().toString(36).slice(2, 10);
}

function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += fs.writeSync(handle, bytes, at);
}

/** The longest that a file's name may be. */
const LONGEST_NAME = 255;

/**
 * A folder with a file for each object: `NAMESPACE/RESOURCE/NAME.yaml`, cluster-wide ones below `_cluster`. It has its name
 * only when it is complete, and must not exist before, or be empty.
 */
export function folderSink(folder: string): ExportSink {
  const target = path.resolve(folder);
  const draft = `${target}.${draftMark()}.part`;
  attempt(folder, () => fs.mkdirSync(draft, { recursive: true, mode: 0o700 }));
  const made = new Set<string>();
  return {
    write(object) {
      const { group } = groupVersionOf(object.apiVersion);
      const kind = object.kind.toLowerCase();
      const place = path.join(draft, object.metadata.namespace ?? '_cluster', group === '' ? kind : `${kind}.${group}`);
      attempt(folder, () => {
        if (!made.has(place)) fs.mkdirSync(place, { recursive: true, mode: 0o700 });
        made.add(place);
        fs.writeFileSync(path.join(place, fileName(object.metadata.name ?? '')), printYaml(object), {
          mode: 0o600,
          flag: 'wx',
        });
      });
    },
    finish() {
      attempt(folder, () => {
        if (fs.existsSync(target)) fs.rmdirSync(target);
        fs.renameSync(draft, target);
      });
    },
    abandon() {
      fs.rmSync(draft, { recursive: true, force: true });
    },
  };
}

function fileName(name: string): string {
  const plain = `${name}.yaml`;
  if (Buffer.byteLength(plain) <= LONGEST_NAME) return plain;
  return `${name.slice(0, 200)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.yaml`;
}

function attempt<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot write ${file}: ${why}`, { cause: error });
  }
}
