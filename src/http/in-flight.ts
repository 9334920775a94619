import type { ApiResponse, UserInfo } from '../model/api-message.ts';

/** How many requests and watches may be under way at once. */
interface Most {
  readonly inFlight: number;
  readonly watches: number;
}

/** Counts what is under way, and sends away what is too much. Administrators always get in, as with kube-apiserver. */
export class InFlight {
  readonly #most: Most;
  #requests = 0;
  #watches = 0;

  constructor(most: Most) {
    this.#most = most;
  }

  /** Lets a request in: what to call once when it is over, or undefined when there is no room for it. */
  enter({ groups }: UserInfo, longRunning: boolean): (() => void) | undefined {
    const full = longRunning ? this.#watches >= this.#most.watches : this.#requests >= this.#most.inFlight;
    if (full && !groups.includes('system:masters')) return undefined;
    this.#count(longRunning, 1);
    return () => this.#count(longRunning, -1);
  }

  #count(longRunning: boolean, change: number): void {
    if (longRunning) this.#watches += change;
    else this.#requests += change;
  }
}

/** What is answered to a request that there is no room for: text, and when to come again (apiserver's maxinflight filter). */
export function tooManyAnswer(): ApiResponse {
  return {
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1', 'x-content-type-options': 'nosniff' },
    body: 'Too many requests, please try again later.\n',
  };
}
