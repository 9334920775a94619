import { expect } from 'vitest';
import { faultMode, faultSeed } from './fault-mode.ts';

/**
 * What a fault test counted. Printed as one line when the test is over, whether it passed or not:
 * `faults: <name> (short, seed 1): 40 runs, 40 faults, 0 lost, 0 doubled, longest stall 12 ms, 900 acknowledged`.
 */
export class Figures {
  readonly #name: string;
  readonly #more = new Map<string, number | string>();
  readonly #lost: string[] = [];
  readonly #doubled: string[] = [];
  #longestStall = 0;
  runs = 0;
  faults = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Something that was acknowledged is not there, or not as it was acknowledged. */
  lost(what: string): void {
    this.#lost.push(what);
  }

  /** Something happened twice that was asked for once. */
  doubled(what: string): void {
    this.#doubled.push(what);
  }

  /** How long, in milliseconds, something stood still; the longest is printed. */
  stall(milliseconds: number): void {
    this.#longestStall = Math.max(this.#longestStall, milliseconds);
  }

  /** Runs `body` and takes its time as a stall. */
  async timed<T>(body: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await body();
    } finally {
      this.stall(performance.now() - began);
    }
  }

  /** Adds to a count of the test's own, such as `acknowledged`. */
  count(what: string, amount = 1): void {
    const before = this.#more.get(what);
    this.#more.set(what, (typeof before === 'number' ? before : 0) + amount);
  }

  /** Prints a value of the test's own, such as `time to recover`. */
  note(what: string, value: string | number): void {
    this.#more.set(what, value);
  }

  /** Prints the line, then fails the test when anything was lost or doubled. */
  finish(): void {
    const parts = [
      `${this.runs} runs`,
      `${this.faults} faults`,
      `${this.#lost.length} lost`,
      `${this.#doubled.length} doubled`,
      `longest stall ${Math.round(this.#longestStall)} ms`,
      ...[...this.#more].map(([what, value]) => (typeof value === 'number' ? `${value} ${what}` : `${what} ${value}`)),
    ];
    process.stdout.write(`faults: ${this.#name} (${faultMode}, seed ${faultSeed}): ${parts.join(', ')}\n`);
    expect({ lost: this.#lost.slice(0, 10), doubled: this.#doubled.slice(0, 10) }).toEqual({ lost: [], doubled: [] });
  }
}
