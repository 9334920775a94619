import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds; rejects when the signal aborts before. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}
