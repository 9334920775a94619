import type { Context } from './context.ts';
import { UserError } from '../model/user-error.ts';
import type { Flag } from './flag.ts';
import type { FlagValues } from './flag-values.ts';

/** The most requests that are sent at once when nobody says how many. */
export const MOST_BY_DEFAULT = 32;
/** In this process there is no server to be gentle with, and what is written at the same time shares a sync of the disk. */
const MOST_IN_PROCESS = { api: MOST_BY_DEFAULT, etcd: 64, local: 256 };
/** How many to start with, before the server has shown that it keeps up. */
const FIRST = 4;

/** `--concurrency`: how many objects are worked on at once. Results are in order whatever it is. */
export const concurrencyFlag: Flag = {
  name: 'concurrency',
  type: 'int',
  default: '0',
  usage: `Most objects to work on at once; output stays in order. 1 is one after the other, 0 finds out, up to ${MOST_BY_DEFAULT}.`,
};

/** The value of concurrencyFlag. Throws UserError for a negative one. */
export function concurrencyOf(flags: FlagValues): number {
  const concurrency = flags.int('concurrency');
  if (concurrency < 0) throw new UserError(`--concurrency must not be negative, not ${concurrency}`);
  return concurrency;
}

/** The most at once where the objects are in the context's backend. */
export async function mostAtOnce(context: Pick<Context, 'backend'>): Promise<number> {
  try {
    return MOST_IN_PROCESS[await context.backend()];
  } catch {
    // Whatever is wrong with the flags is told by who needs the backend.
    return MOST_BY_DEFAULT;
  }
}

/** A task this much slower than the fastest, and than a second, says that there are too many at once. */
const TOO_SLOW = 8;
const SLOW_MS = 1000;

/**
 * How many tasks may run at once: `concurrency`, or with 0 a few at first and twice as many after each round, up to `most`,
 * so that a slow server meets no burst. When it has become slow, or had us wait (429), it is half as many.
 */
export class Pace {
  #limit: number;
  readonly #most: number;
  readonly #adapts: boolean;
  #finished = 0;
  #fastest = Number.POSITIVE_INFINITY;
  /** How many finished tasks were begun before the limit was lowered, and say nothing about the new one. */
  #old = 0;

  constructor(concurrency: number, most = MOST_BY_DEFAULT) {
    this.#adapts = concurrency === 0;
    this.#most = this.#adapts ? most : concurrency;
    this.#limit = this.#adapts ? FIRST : concurrency;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Tells of a task that is done, and how long it took. */
  finished(milliseconds = 0): void {
    if (!this.#adapts) return;
    this.#fastest = Math.min(this.#fastest, milliseconds);
    if (this.#old > 0) {
      this.#old--;
      return;
    }
    if (milliseconds > SLOW_MS && milliseconds > this.#fastest * TOO_SLOW) {
      this.#old = this.#limit - 1;
      this.#finished = 0;
      this.#limit = Math.max(1, this.#limit >> 1);
      return;
    }
    if (this.#limit >= this.#most) return;
    this.#finished++;
    if (this.#finished < this.#limit) return;
    this.#finished = 0;
    this.#limit = Math.min(this.#limit * 2, this.#most);
  }
}
