import { hrtime } from 'node:process';

/** Milliseconds since some moment, by a clock that is never set. Unlike `performance`, it is there without loading anything. */
export function monotonicMs(): number {
  return Number(hrtime.bigint()) / 1e6;
}
