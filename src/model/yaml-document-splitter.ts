import { UserError } from './user-error.ts';

/** A document's own text, as the YAML parser is to see it, and the line of the source, from 1, that it starts on. */
export interface RawYamlDocument {
  readonly text: string;
  readonly line: number;
}

/** A single document may not be longer, in UTF-16 units. A source may be, when it has several documents. */
export const MOST_DOCUMENT_LENGTH = 64 * 1024 * 1024;

/**
 * Cuts a YAML stream into documents at its `---` lines as apimachinery's YAMLReader does: lines end in `\n` whatever they
 * ended in, and a `---` line that opens the stream belongs to the first document (which is what line numbers in errors
 * count from). Give it the text in any pieces. Throws UserError for text behind `---`, before the document that the line
 * would have ended, and for a document that is too long.
 */
export class YamlDocumentSplitter {
  #rest: string[] = [];
  #restLength = 0;
  #lines: string[] = [];
  #length = 0;
  #line: number;
  #start: number;

  /** `line` is the number of the first line that it will see. */
  constructor(line: number) {
    this.#line = line;
    this.#start = line;
  }

  *push(piece: string): Generator<RawYamlDocument, void, undefined> {
    const complete = piece.lastIndexOf('\n') + 1;
    if (complete === 0) {
      this.#keep(piece);
      return;
    }
    this.#rest.push(piece.slice(0, complete));
    const text = this.#rest.join('');
    this.#rest = [];
    this.#restLength = 0;
    let from = 0;
    while (from < text.length) {
      const separator = text.startsWith('---', from);
      const next = separator ? text.indexOf('\n', from) + 1 : text.indexOf('\n---', from) + 1;
      const end = next === 0 ? text.length : next;
      if (separator) yield* this.#separator(text.slice(from, end));
      else this.#take(text.slice(from, end));
      from = end;
    }
    this.#keep(piece.slice(complete));
  }

  *end(): Generator<RawYamlDocument, void, undefined> {
    if (this.#restLength > 0) yield* this.push('\n');
    if (this.#length > 0) yield this.#finish();
  }

  /** Keeps the beginning of a line until its end comes. */
  #keep(text: string): void {
    if (text === '') return;
    this.#rest.push(text);
    this.#restLength += text.length;
    if (this.#length + this.#restLength > MOST_DOCUMENT_LENGTH) throw tooLong();
  }

  #take(text: string): void {
    if (this.#length === 0) this.#start = this.#line;
    this.#lines.push(text);
    this.#length += text.length;
    this.#line += newlines(text);
    if (this.#length > MOST_DOCUMENT_LENGTH) throw tooLong();
  }

  *#separator(line: string): Generator<RawYamlDocument, void, undefined> {
    const trailer = line.slice(3).trim();
    if (trailer !== '' && !trailer.startsWith('#')) throw new UserError(`invalid Yaml document separator: ${trailer}`);
    if (this.#length === 0) {
      this.#take(line);
      return;
    }
    yield this.#finish();
    this.#line++;
  }

  #finish(): RawYamlDocument {
    const text = this.#lines.join('').replaceAll('\r\n', '\n');
    this.#lines = [];
    this.#length = 0;
    return { text, line: this.#start };
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function tooLong(): UserError {
  const mebibytes = MOST_DOCUMENT_LENGTH / 1024 / 1024;
  return new UserError(`the document is longer than ${mebibytes} MiB; split it with "---" lines`);
}
