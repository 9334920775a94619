import { alignTabs } from './elastic-tabs.ts';

/** What a cell can hold; printed as Go prints it with %v. */
export type Cell = string | number | bigint | boolean;

const STEP = '  ';

interface Sink {
  text: string;
}

/** The text of one description while it is written: indented lines whose cells are separated by tabs. */
export class Description {
  readonly #sink: Sink;
  readonly #indent: number;

  constructor(sink: Sink = { text: '' }, indent = 0) {
    this.#sink = sink;
    this.#indent = indent;
  }

  /** Adds text that starts with the indentation of a level. Characters that would command a terminal are made visible. */
  write(level: number, text: string): void {
    this.#sink.text += visible(STEP.repeat(this.#indent + level) + text);
  }

  /** Adds a line of cells. */
  line(level: number, ...cells: readonly Cell[]): void {
    this.write(level, `${cells.join('\t')}\n`);
  }

  /** Ends all columns: what follows is aligned on its own. */
  endColumns(): void {
    // A form feed stands for the line end before it.
    if (this.#sink.text.endsWith('\n')) this.#sink.text = `${this.#sink.text.slice(0, -1)}\f`;
  }

  /** Writes into the same text, so many levels deeper. */
  nested(levels: number): Description {
    return new Description(this.#sink, this.#indent + levels);
  }

  /** The text so far, aligned. */
  text(): string {
    return alignTabs(this.#sink.text);
  }
}

/** kubectl's WriteEscaped: ESC and carriage return as text. */
function visible(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', String.raw`\r`);
}

/** A line with a title, where there is a text. */
export function writeText(out: Description, title: string, text: string): void {
  if (text !== '') out.line(0, title, text);
}
