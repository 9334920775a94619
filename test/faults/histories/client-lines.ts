/** What a client of a history is told to do: calls, or when there are none to make, to watch. */
export interface ClientOrder {
  readonly name: string;
  readonly folder?: string;
  readonly endpoints?: readonly string[];
  readonly calls: number;
  readonly keys: number;
}

/** What a client says, a line each. Times are milliseconds of the machine's monotonic clock. */
export type ClientLine =
  | {
      readonly say: 'invoke';
      readonly id: number;
      readonly at: number;
      readonly key: string;
      readonly type: 'get' | 'put' | 'delete' | 'list';
      readonly expected?: number;
      readonly value?: string;
    }
  | {
      readonly say: 'got';
      readonly id: number;
      readonly at: number;
      readonly value?: string | undefined;
      readonly mod: number;
    }
  | {
      readonly say: 'wrote';
      readonly id: number;
      readonly at: number;
      readonly outcome: 'done' | 'refused' | 'unknown';
      readonly mod?: number;
    }
  | { readonly say: 'nothing'; readonly id: number }
  | {
      readonly say: 'listed';
      readonly id: number;
      readonly at: number;
      readonly revision: number;
      readonly kvs: [string, string, number][];
    }
  | { readonly say: 'ready' }
  | {
      readonly say: 'event';
      readonly type: 'put' | 'delete';
      readonly key: string;
      readonly value: string;
      readonly mod: number;
      readonly version: number;
    };
