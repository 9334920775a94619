import { UserError } from '../model/user-error.ts';
import type { Flag } from './flag.ts';
import type { FlagValues } from './flag-values.ts';

/** The most requests that are sent at once when nobody says how many. */
const MOST_BY_DEFAULT = 32;
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

/**
 * How many tasks may run at once: `concurrency`, or with 0 a few at first and twice as many after each round, so that a
 * slow server meets no burst.
 */
export class Pace {
  #limit: number;
  readonly #most: number;
  #finished = 0;

  constructor(concurrency: number) {
    this.#most = concurrency === 0 ? MOST_BY_DEFAULT : concurrency;
    this.#limit = concurrency === 0 ? FIRST : concurrency;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Tells of a task that is done. */
  finished(): void {
    if (this.#limit >= this.#most) return;
    this.#finished++;
    if (this.#finished < this.#limit) return;
    this.#finished = 0;
    this.#limit = Math.min(this.#limit * 2, this.#most);
  }
}
