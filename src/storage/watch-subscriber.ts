import type { ObjectChange, ObjectEvent, ObjectFilter } from './object-change.ts';

/** The most events that wait for one watcher; one that is further behind reads the rest from the store by itself. */
const MOST_WAITING = 1000;

export interface SubscriberOptions {
  /** What of the collection it follows, after the collection's prefix: all (''), a namespace (`default/`), or one key. */
  readonly part: string;
  /** It has seen everything up to this revision. */
  readonly after: number;
  readonly filter: ObjectFilter | undefined;
  readonly bookmarks: boolean;
  readonly signal: AbortSignal | undefined;
}

/** One watcher of a shared watch: what waits for it, and where it stands. */
export class WatchSubscriber {
  readonly part: string;
  readonly bookmarks: boolean;
  readonly #filter: ObjectFilter | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #after: number;
  #waiting: ObjectEvent[] = [];
  #told: number;
  #end: { readonly at: number | undefined } | { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor({ part, after, filter, bookmarks, signal }: SubscriberOptions) {
    this.part = part;
    this.bookmarks = bookmarks;
    this.#filter = filter;
    this.#signal = signal;
    this.#after = after;
    this.#told = after;
  }

  /** Hands over a change. `complete` is the revision up to which all changes were handed over before its batch. */
  offer(change: ObjectChange, complete: number): void {
    if (this.#end !== undefined || change.revision <= this.#after) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.leaveAt(complete);
      return;
    }
    try {
      const event = change.seenThrough(this.#filter);
      if (event === undefined) return;
      this.#waiting.push(event);
      this.#told = change.revision;
      this.#ring();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says that there was nothing else up to a revision. */
  bookmark(revision: number): void {
    if (this.#end !== undefined || !this.bookmarks || revision <= this.#told) return;
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#told = revision;
    this.#waiting.push({ type: 'BOOKMARK', revision, initialEventsEnd: false });
    this.#ring();
  }

  /** Ends it after what waits already, for the watcher to go on after a revision by other means. */
  leaveAt(revision: number): void {
    const at = Math.max(revision, this.#after);
    // What was handed over of the batch that it could not take whole is handed over again.
    while ((this.#waiting.at(-1)?.revision ?? 0) > at) this.#waiting.pop();
    this.#end ??= { at };
    this.#ring();
  }

  /** Ends it after what waits already, as there will be nothing more. */
  finish(): void {
    this.#end ??= { at: undefined };
    this.#ring();
  }

  /** Ends it with an error after what waits already. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#ring();
  }

  /** What is handed over, until it ends: the revision after which to go on, or undefined when the watch is over. Throws what it failed with. */
  async *events(): AsyncGenerator<ObjectEvent, number | undefined, undefined> {
    const signal = this.#signal;
    const onAbort = (): void => this.#ring();
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        if (signal?.aborted === true) return undefined;
        const events = this.#waiting;
        this.#waiting = [];
        yield* events;
        if (this.#waiting.length > 0) continue;
        const end = this.#end;
        if (end !== undefined) {
          if ('error' in end) throw end.error;
          return end.at;
        }
        await this.#change();
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      // Nothing more is kept for a watcher that has gone.
      this.#end ??= { at: this.#told };
      this.#waiting = [];
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#signal?.aborted === true) resolve();
    });
  }

  #ring(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
