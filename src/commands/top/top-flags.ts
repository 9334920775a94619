import type { Flag } from '../flag.ts';

/** The flags that both commands take. `what` is sorted. */
export function sharedTopFlags(what: string): readonly Flag[] {
  return [
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Print no headings.' },
    { name: 'show-swap', type: 'bool', default: 'false', usage: 'Show swap memory too.' },
    {
      name: 'sort-by',
      type: 'string',
      values: ['cpu', 'memory'],
      usage: `Sort ${what} by what they use of this: cpu or memory.`,
    },
    {
      name: 'use-protocol-buffers',
      type: 'bool',
      default: 'true',
      usage: 'Accepted for compatibility; metrics are read as JSON.',
    },
  ];
}
