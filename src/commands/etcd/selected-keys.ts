import { UserError } from '../../model/user-error.ts';
import type { KeyRange, KeyValue, RangeRequest, Storage } from '../../storage/storage.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../flag-values.ts';
import { rangeByPage } from './range-by-page.ts';

const TARGETS = ['CREATE', 'KEY', 'MODIFY', 'VALUE', 'VERSION'] as const;
const ORDERS = ['ASCEND', 'DESCEND'] as const;

/** How keys are sorted; equal ones stay in the order of their keys. */
export interface KeyOrder {
  readonly target: (typeof TARGETS)[number];
  readonly descending: boolean;
}

/** What is read of a range. */
export interface Selection {
  /** 0 is all. */
  readonly limit: number;
  /** 0 is now. */
  readonly revision: number;
  readonly keysOnly: boolean;
  readonly serializable: boolean;
  /** Undefined for the order of the keys, which needs no sorting. */
  readonly order: KeyOrder | undefined;
}

/** `--order`, `--sort-by` and `--consistency`, as etcdctl has them. */
export const selectionFlags: readonly Flag[] = [
  { name: 'order', type: 'string', values: ORDERS, usage: 'Order of the keys: ASCEND or DESCEND.' },
  { name: 'sort-by', type: 'string', values: TARGETS, usage: `What to sort by: ${TARGETS.join(', ')}.` },
  {
    name: 'consistency',
    type: 'string',
    default: 'l',
    values: ['l', 's'],
    usage: 'l for what the cluster agrees on, s for what the member that is asked has, which may be old.',
  },
];

/** Reads selectionFlags. Throws UserError. */
export function orderingOf(flags: FlagValues): Pick<Selection, 'order' | 'serializable'> {
  const consistency = flags.string('consistency');
  if (consistency !== 'l' && consistency !== 's') {
    throw new UserError(`--consistency must be l or s, not ${JSON.stringify(consistency)}`);
  }
  const order = oneOf(flags, 'order', ORDERS);
  const target = oneOf(flags, 'sort-by', TARGETS) ?? 'KEY';
  const descending = order === 'DESCEND';
  return {
    serializable: consistency === 's',
    order: target === 'KEY' && !descending ? undefined : { target, descending },
  };
}

function oneOf<T extends string>(flags: FlagValues, name: string, known: readonly T[]): T | undefined {
  const text = flags.string(name);
  if (text === '') return undefined;
  const found = known.find((each) => each === text.toUpperCase());
  if (found === undefined) {
    throw new UserError(`--${name} must be one of ${known.join(', ')}, not ${JSON.stringify(text)}`);
  }
  return found;
}

/** The keys of a range in the order that is asked for, as etcd's server sorts them: all are read, then the limit cuts. */
export async function* selectedKeys(
  storage: Storage,
  range: KeyRange,
  selection: Selection,
  onPage?: (first: { count: number; revision: number }) => void,
): AsyncGenerator<KeyValue> {
  const { order, limit, keysOnly } = selection;
  const withFirst = { ...selection, ...(onPage === undefined ? {} : { onPage }) };
  if (order === undefined) {
    yield* rangeByPage(storage, range, withFirst);
    return;
  }
  const all: KeyValue[] = [];
  const needsValues = order.target === 'VALUE';
  const reading = { ...withFirst, limit: 0, keysOnly: keysOnly && !needsValues };
  for await (const kv of rangeByPage(storage, range, reading)) all.push(kv);
  const compare = comparison(order.target);
  all.sort(order.descending ? (a, b) => compare(b, a) : compare);
  const kept = limit === 0 ? all : all.slice(0, limit);
  yield* keysOnly ? kept.map((kv) => ({ ...kv, value: Buffer.alloc(0) })) : kept;
}

function comparison(target: KeyOrder['target']): (a: KeyValue, b: KeyValue) => number {
  switch (target) {
    case 'CREATE':
      return (a, b) => a.createRevision - b.createRevision;
    case 'MODIFY':
      return (a, b) => a.modRevision - b.modRevision;
    case 'VERSION':
      return (a, b) => a.version - b.version;
    case 'VALUE':
      return (a, b) => a.value.compare(b.value);
    case 'KEY':
      return (a, b) => a.key.compare(b.key);
  }
}

/** The request for how many keys there are, and nothing of them. */
export function countRequest(range: KeyRange, { revision, serializable }: Selection): RangeRequest {
  return { ...range, countOnly: true, revision, serializable };
}
