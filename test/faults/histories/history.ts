/** What a client asked of one key, and what it was told. Values are unique; a missing key has mod 0 and no value. */
export type KeyAction =
  | { readonly type: 'get'; readonly value: string | undefined; readonly mod: number }
  | {
      readonly type: 'put';
      readonly value: string;
      /** The mod revision that the key must have. */
      readonly expected: number;
      readonly outcome: 'done' | 'refused' | 'unknown';
      /** The revision of the write, when it is known to be done. */
      readonly mod?: number;
    }
  | {
      readonly type: 'delete';
      readonly expected: number;
      readonly outcome: 'done' | 'refused' | 'unknown';
      readonly mod?: number;
    };

/** Times are of one monotonic clock for all clients; `returned` is Infinity when no answer came. */
export interface Timed {
  readonly client: string;
  readonly invoked: number;
  readonly returned: number;
}

export type KeyCall = Timed & { readonly key: string } & KeyAction;

export interface ListCall extends Timed {
  readonly revision: number;
  /** Key to value and mod revision. */
  readonly kvs: readonly (readonly [string, string, number])[];
}

export interface WatchEvent {
  readonly type: 'put' | 'delete';
  readonly key: string;
  readonly value: string;
  readonly mod: number;
  readonly version: number;
}

/** What several clients did to one store. */
export interface History {
  readonly calls: readonly KeyCall[];
  readonly lists: readonly ListCall[];
  /** What each watcher saw, from the store's first revision on. */
  readonly watches: readonly (readonly WatchEvent[])[];
}
