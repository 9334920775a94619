import { NetworkTimeout } from './network-error.ts';

/** How long a request may live: until its caller aborts it, or its time is over. */
export class RequestLifetime {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#controller.abort(this.#caller?.reason);

  /** Throws the signal's reason when it is aborted already. */
  constructor(caller: AbortSignal | undefined, timeoutMilliseconds: number | undefined) {
    caller?.throwIfAborted();
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onAbort, { once: true });
    if (timeoutMilliseconds !== undefined) {
      this.#timer = setTimeout(
        () => this.#controller.abort(new NetworkTimeout('REQUEST_TIMEOUT')),
        timeoutMilliseconds,
      );
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the request was ended by its own time limit. */
  get timedOut(): boolean {
    return this.signal.reason instanceof NetworkTimeout;
  }

  /** Whether the caller ended the request; then its reason is what must be thrown. */
  get aborted(): boolean {
    return this.signal.aborted && !this.timedOut;
  }

  /** Forgets caller and timer. */
  close(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }
}
