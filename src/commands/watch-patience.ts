import { ConnectionError } from '../model/connection-error.ts';
import { StatusError } from '../model/status.ts';
import { pause } from './pause.ts';

/** How long a watch may fail again and again before it is given up. */
const PATIENCE_MILLISECONDS = 60_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** Decides whether a watch that ended or broke is taken up again, and waits before that. */
export class WatchPatience {
  readonly #now: () => number;
  #failingSince: number | undefined;
  #pause = FIRST_PAUSE;

  /** `now`: milliseconds of a clock that is never set back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Something arrived. */
  progressed(): void {
    this.#failingSince = undefined;
    this.#pause = FIRST_PAUSE;
  }

  /** The server ended the watch in good order, which it may do at once and again. */
  async afterEnd(signal: AbortSignal): Promise<void> {
    await this.#wait(signal);
  }

  /** Throws the error when trying again cannot help, or nothing has helped for a minute; and the signal's reason. */
  async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!mayPass(error)) throw error;
    await this.#orTooLong(error, signal);
  }

  /** What was missed is no longer known, so that one has to look afresh; throws as afterFailure does. */
  async afterExpiry(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#orTooLong(error, signal);
  }

  async #orTooLong(error: unknown, signal: AbortSignal): Promise<void> {
    const now = this.#now();
    this.#failingSince ??= now;
    if (now - this.#failingSince + this.#pause > PATIENCE_MILLISECONDS) throw error;
    await this.#wait(signal);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const milliseconds = this.#pause;
    this.#pause = Math.min(milliseconds * 2, LONGEST_PAUSE);
    try {
      await pause(milliseconds, signal);
    } catch {
      throw signal.reason;
    }
  }
}

/** Whether trying again can help: the connection broke, the server is busy, or what came was garbled. */
export function mayPass(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === 429 || error.code >= 500;
  if (error instanceof ConnectionError) return error.failure !== 'tls';
  return error instanceof Error && error.message.startsWith('unable to decode an event');
}
