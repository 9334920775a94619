import { JsonSyntaxError, readJsonValue } from './json-reader.ts';
import type { JsonValue } from './json-value.ts';
import { UserError } from './user-error.ts';
import { parseYaml } from './yaml.ts';
import { YamlDocumentSplitter } from './yaml-document-splitter.ts';

/** A document that is not null: its value, its number in the source from 1 and the line, from 1, that it starts on. */
export interface YamlDocument {
  readonly value: JsonValue;
  readonly document: number;
  readonly line: number;
  /** The text itself, of a document that was JSON. */
  readonly raw?: string;
}

/** Go's unicode.IsSpace, before an opening brace. */
const STARTS_WITH_BRACE = /^[\s\u0085]*\{/;

/** Whether kubectl would try the text as JSON first: its first character that is no space, in 4096, is a brace. */
export function looksLikeJson(text: string): boolean {
  return STARTS_WITH_BRACE.test(text.slice(0, 4096));
}

/**
 * Reads every document of a text as kubectl reads `-f`: YAML documents between `---` lines, or JSON values in a row where
 * the text starts with a brace, falling back to YAML where the first or second value is no JSON. Documents that are null
 * or empty are left out. Throws UserError `error parsing SOURCE: …` in kubectl's words.
 */
export function parseYamlDocuments(text: string, source: string): YamlDocument[] {
  return [...readYamlDocuments(text, source)];
}

/** As parseYamlDocuments, one document after the other: an error comes after the documents before it. */
export function* readYamlDocuments(text: string, source: string): Generator<YamlDocument, void, undefined> {
  const reader = new DocumentReader(source);
  if (looksLikeJson(text)) yield* reader.json(text);
  else yield* reader.yaml(text);
}

/** Reads the documents of one source, which may come in pieces: first `push` for each, then `end`. */
export class DocumentReader {
  readonly #source: string;
  #splitter = new YamlDocumentSplitter(1);
  #documents = 0;
  #jsonError: Error | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Yields the documents that are complete. Throws as parseYamlDocuments, also for a document beyond the size limit. */
  *push(piece: string): Generator<YamlDocument, void, undefined> {
    yield* this.#parsed(this.#guarded(() => this.#splitter.push(piece)));
  }

  *end(): Generator<YamlDocument, void, undefined> {
    yield* this.#parsed(this.#guarded(() => this.#splitter.end()));
  }

  *yaml(text: string): Generator<YamlDocument, void, undefined> {
    yield* this.push(text);
    yield* this.end();
  }

  /** A whole text that starts as JSON. */
  *json(text: string): Generator<YamlDocument, void, undefined> {
    let position = 0;
    let line = 1;
    let lineEnd = 0;
    for (;;) {
      const read = this.#jsonValue(text, position);
      if (read === undefined) return;
      if (read instanceof Error) {
        // More than one JSON value: no YAML any more.
        if (this.#documents > 1) throw this.#error(read.message);
        this.#jsonError = read;
        // What is left of the line is eaten with its end, as kubectl does.
        const rest = position + (/^[^\S\n]*(?:\n|(?=\S)|$)/.exec(text.slice(position))?.[0].length ?? 0);
        this.#splitter = new YamlDocumentSplitter(1 + newlines(text, 0, rest));
        yield* this.yaml(text.slice(rest));
        return;
      }
      line += newlines(text, lineEnd, position);
      lineEnd = position;
      const raw = text.slice(position, read.end).trim();
      position = read.end;
      this.#documents++;
      if (read.value !== null) yield { value: read.value, document: this.#documents, line, raw };
    }
  }

  #jsonValue(text: string, position: number): ReturnType<typeof readJsonValue> | Error {
    try {
      return readJsonValue(text, position);
    } catch (error) {
      if (error instanceof JsonSyntaxError) return error;
      if (!(error instanceof UserError)) throw error;
      // A number beyond a double is good JSON, and no value.
      throw new UserError(`unable to decode ${JSON.stringify(this.#source)}: ${error.message}`);
    }
  }

  *#parsed(documents: Iterable<{ text: string; line: number }>): Generator<YamlDocument, void, undefined> {
    for (const { text, line } of documents) {
      this.#documents++;
      const value = this.#parse(text);
      if (value !== null) yield { value, document: this.#documents, line };
    }
  }

  #parse(text: string): JsonValue {
    const first = this.#jsonError;
    this.#jsonError = undefined;
    try {
      return parseYaml(text);
    } catch (error) {
      // A text that is neither is blamed on its JSON.
      if (first instanceof JsonSyntaxError) {
        throw this.#error(
          first.offset === undefined ? first.message : `json: offset ${first.offset}: ${first.message}`,
        );
      }
      if (!(error instanceof UserError)) throw error;
      throw this.#error(`error converting YAML to JSON: ${error.message}`);
    }
  }

  *#guarded<T>(produce: () => Iterable<T>): Generator<T, void, undefined> {
    try {
      yield* produce();
    } catch (error) {
      if (!(error instanceof UserError) || error.message.startsWith('error parsing ')) throw error;
      throw this.#error(error.message);
    }
  }

  #error(message: string): UserError {
    return new UserError(`error parsing ${this.#source}: ${message}`);
  }
}

function newlines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
