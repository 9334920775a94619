import type { Streams } from '../context.ts';
import type { Flag } from '../flag.ts';

export const waveFlags: readonly Flag[] = [
  {
    name: 'summary',
    type: 'bool',
    default: 'false',
    usage: 'Tell at the end, on standard error, how many objects were done in which way. kubectl has no such flag.',
  },
  {
    name: 'waves',
    type: 'bool',
    default: 'false',
    usage:
      'Work in waves: namespaces and definitions, then what others need, then the rest; deletion goes the other way. kubectl has no such flag.',
  },
];

const CLEAR = '\r\x1b[K';

/**
 * How far work on many objects is: a line on standard error while that is a terminal, and a summary when asked for.
 * Lines of output are to go through `line`, so that they do not mix with it.
 */
export class Progress {
  readonly #streams: Streams;
  readonly #shows: boolean;
  readonly #counts = new Map<string, number>();
  readonly #start: number;
  readonly #now: () => Date;
  #total = 0;
  #done = 0;
  #wave = '';

  /** `shows`: whether a line tells how far it is, where somebody looks. */
  constructor(shows: boolean, context: { readonly streams: Streams; now(): Date }) {
    const { streams } = context;
    this.#streams = streams;
    this.#shows = shows && streams.err.isTerminal;
    this.#now = () => context.now();
    this.#start = context.now().getTime();
  }

  /** Tells how many objects there are. */
  start(total: number): void {
    this.#total = total;
  }

  enter(wave: string): void {
    this.#wave = wave;
    this.#draw();
  }

  /** Counts an object that was done in this way, or `failed`. */
  count(operation: string): void {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    this.#done++;
    this.#draw();
  }

  /** Writes output where the line is. */
  line(text: string): void {
    this.#clear();
    this.#streams.out.write(text);
    this.#draw();
  }

  /** Takes the line away; with `summary`, tells what was done. */
  end(summary: boolean): void {
    this.#clear();
    this.#wave = '';
    if (!summary) return;
    const counts = [...this.#counts].map(([operation, count]) => `${count} ${operation}`).join(', ');
    const seconds = ((this.#now().getTime() - this.#start) / 1000).toFixed(1);
    this.#streams.err.write(`${counts === '' ? 'nothing done' : counts} in ${seconds}s\n`);
  }

  #clear(): void {
    if (this.#shows) this.#streams.err.write(CLEAR);
  }

  #draw(): void {
    if (!this.#shows || this.#wave === '') return;
    const text = `${this.#wave}: ${this.#done} of ${this.#total}`;
    this.#streams.err.write(`${CLEAR}${text.slice(0, (this.#streams.err.columns ?? 80) - 1)}`);
  }
}
