import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds, and fails when it does not within `timeoutMs`. */
export async function eventually(condition: () => Promise<boolean>, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not come about within ${timeoutMs} ms`);
    await sleep(5);
  }
}
