import { setMaxListeners } from 'node:events';
import { UserError } from '../model/user-error.ts';

/** Work on many objects was ended by an interrupt. What was done before has been told. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /** `done`: how many objects were worked on to their end, failures included. */
  constructor(reason: unknown, done: number) {
    const why = reason instanceof Error ? reason.message : 'interrupted';
    super(`${why}: ${done} objects were finished, the others were not begun`);
  }
}

/** A request that was sent before an interrupt was not answered in time: it may or may not have been done. */
export class Unanswered extends UserError {}

/** How long a request that was sent before an interrupt may still take. */
const GRACE_MILLISECONDS = 5000;

/**
 * A signal that aborts a while after another one, so that what was sent before an interrupt can be answered: to cut it off
 * would leave nobody knowing what became of it. `close` forgets the other signal.
 */
export function graceAfter(
  interrupt: AbortSignal,
  milliseconds = GRACE_MILLISECONDS,
): { readonly signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => {
      controller.abort(
        new Unanswered('interrupted while the server had not answered: it may or may not have been done'),
      );
    }, milliseconds);
  };
  if (interrupt.aborted) begin();
  else interrupt.addEventListener('abort', begin, { once: true });
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer);
      interrupt.removeEventListener('abort', begin);
    },
  };
}
