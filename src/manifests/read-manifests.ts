import { isJsonObject, type JsonValue } from '../model/json-value.ts';
import { UserError } from '../model/user-error.ts';
import { DocumentReader, looksLikeJson, type YamlDocument } from '../model/yaml-documents.ts';
import { MOST_DOCUMENT_LENGTH } from '../model/yaml-document-splitter.ts';
import type { Fetch } from './download-url.ts';
import type { ManifestFailure, ManifestObject } from './manifest-object.ts';
import { expandFilenames } from './manifest-sources.ts';
import { decodeObjects, headerError } from './object-decoder.ts';
import { type SourceAccess, sourceText } from './source-text.ts';

export interface ManifestOptions {
  /** The `-f` arguments: files, folders, patterns, http(s) URLs, `-`. */
  readonly filenames: readonly string[];
  /** The `-k` argument: the folder of a kustomization, whose objects come last. */
  readonly kustomize?: string | undefined;
  /** Gets lines for standard error: what is deprecated in a kustomization. */
  readonly warn?: ((line: string) => void) | undefined;
  /** Whether folders in folders are read. */
  readonly recursive: boolean;
  /** All of standard input; asked for at most once, when `-` comes. */
  readonly stdin: () => Promise<Buffer>;
  /** Whether a document without apiVersion or kind ends its source as client-side validation does; else it is undecodable. */
  readonly validate?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Stands in for the global `fetch`. */
  readonly fetch?: Fetch;
  /** Milliseconds between attempts at a URL; a second when not said. */
  readonly retryPause?: number;
}

/**
 * Reads the objects of `-f` arguments as kubectl does, each as soon as it is there: what comes first is given out before
 * what follows is read. Failures come among them, worded as kubectl's:
 * when an argument names nothing that can be read, the failures are all that comes; text that is no YAML or JSON ends its
 * source, and the next one follows; an object that cannot be decoded is one failure, and the next object follows.
 * Throws when `signal` aborts.
 */
export async function* readManifests(
  options: ManifestOptions,
): AsyncGenerator<ManifestObject | ManifestFailure, void, undefined> {
  const { sources, errors } = await expandFilenames(options.filenames, options.recursive);
  if (errors.length > 0) {
    for (const error of errors) yield { error, source: '' };
    return;
  }
  const access: SourceAccess = {
    stdin: options.stdin,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    pause: options.retryPause ?? 1000,
    signal: options.signal,
  };
  const { validate = false, signal } = options;
  for (const source of sources) yield* readSource(source.name, sourceText(source, access), { validate, signal });
  if (options.kustomize) {
    const text = kustomizationText(options.kustomize, options.warn);
    yield* readSource(options.kustomize, text, { validate, signal });
  }
}

async function* kustomizationText(folder: string, warn: ManifestOptions['warn']): AsyncGenerator<string> {
  const { buildKustomization, builtText } = await import('../kustomize/build-kustomization.ts');
  const { kustomizeDisk } = await import('./kustomize-disk.ts');
  yield builtText(buildKustomization(folder, { files: kustomizeDisk, warn: warn ?? (() => {}) }));
}

async function* readSource(
  name: string,
  text: AsyncIterable<string>,
  { validate, signal }: { validate: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<ManifestObject | ManifestFailure, void, undefined> {
  try {
    for await (const { value, document, raw } of documentsOf(name, text)) {
      signal?.throwIfAborted();
      const invalid = validate ? headerError(value, name) : undefined;
      if (invalid !== undefined) throw invalid;
      for (const object of decodeObjects(value, name, raw)) {
        if (object instanceof Error) yield { error: object, source: name };
        else yield { object, source: name, document, ...(isList(value) ? { isItem: true } : {}) };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    yield { error, source: name };
  }
}

function isList(document: JsonValue): boolean {
  return isJsonObject(document) && document['items'] !== undefined;
}

/** How much of a source kubectl looks at to see whether it is JSON. */
const PEEK = 4096;

async function* documentsOf(
  name: string,
  pieces: AsyncIterable<string>,
): AsyncGenerator<YamlDocument, void, undefined> {
  const reader = new DocumentReader(name);
  const head: string[] = [];
  let length = 0;
  let json: boolean | undefined;
  for await (const piece of pieces) {
    if (json === false) {
      yield* reader.push(piece);
      continue;
    }
    head.push(piece);
    length += piece.length;
    if (length > MOST_DOCUMENT_LENGTH) throw tooLong(name);
    if (json === undefined && length >= PEEK) {
      json = looksLikeJson(head.join(''));
      if (!json) yield* reader.push(head.splice(0).join(''));
    }
  }
  const rest = head.join('');
  if (json ?? looksLikeJson(rest)) {
    yield* reader.json(rest);
  } else {
    yield* reader.push(rest);
    yield* reader.end();
  }
}

function tooLong(name: string): UserError {
  return new UserError(`error parsing ${name}: the JSON is longer than ${MOST_DOCUMENT_LENGTH / 1024 / 1024} MiB`);
}
