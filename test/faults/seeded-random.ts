import { faultSeed } from './fault-mode.ts';

/** Numbers that are the same in each run with the same seed. */
export interface SeededRandom {
  /** At least 0 and below 1. */
  next(): number;
  /** An integer, at least 0 and below `limit`. */
  below(limit: number): number;
  /** One of these. */
  pick<T>(choices: readonly T[]): T;
}

/** A stream of its own for each name, so that one test's numbers do not depend on another's. This is mulberry32. */
export function seededRandom(name: string): SeededRandom {
  let state = faultSeed >>> 0;
  for (const character of name) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick<T>(choices: readonly T[]): T {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('there is nothing to pick from');
      return chosen;
    },
  };
}
