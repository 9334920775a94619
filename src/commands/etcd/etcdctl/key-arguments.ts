import { type ResolvedKey, resolveKey } from '../../../etcd/resolve-key.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Flag } from '../../flag.ts';
import type { FlagValues } from '../../flag-values.ts';
import { UsageError } from '../../usage-error.ts';

/** Which keys a command is about, as etcdctl takes it: KEY, KEY RANGE-END, and what the flags make of KEY. */
export interface KeyArguments {
  readonly key: string;
  readonly rangeEnd: string | undefined;
  readonly asPrefix: boolean;
  readonly fromKey: boolean;
}

/** `--from-key`. */
export const fromKeyFlag: Flag = {
  name: 'from-key',
  type: 'bool',
  default: 'false',
  usage: 'Take KEY and all keys behind it, in the order of their bytes.',
};

/** Reads the arguments. Throws UsageError for too many or none, UserError for those that exclude each other. */
export function keyArguments(args: readonly string[], flags: FlagValues): KeyArguments {
  const [key, rangeEnd, ...more] = args;
  if (key === undefined) throw new UsageError('exactly one KEY is required, got 0');
  if (more.length > 0) throw new UsageError(`KEY and at most one RANGE-END are wanted, got ${args.length} arguments`);
  const asPrefix = flags.bool('prefix');
  const fromKey = flags.defines('from-key') && flags.bool('from-key');
  if (asPrefix && fromKey) throw new UserError('--prefix and --from-key exclude each other');
  if (rangeEnd !== undefined && (asPrefix || fromKey)) {
    throw new UserError('RANGE-END cannot be used with --prefix or --from-key');
  }
  return { key, rangeEnd, asPrefix, fromKey };
}

/** The keys that are meant. An API path means the keys of its objects, unless a range begins with it. Throws UserError. */
export function keysOf({ key, rangeEnd, asPrefix, fromKey }: KeyArguments, prefix: string): ResolvedKey {
  if (fromKey) {
    const first = key === '' ? Buffer.from([0]) : Buffer.from(key);
    return { range: { key: first, rangeEnd: Buffer.from([0]) }, text: key, single: false };
  }
  if (rangeEnd === undefined || rangeEnd === '') return resolveKey(key, { prefix, asPrefix });
  if (key === '') throw new UserError('the key is empty');
  return { range: { key: Buffer.from(key), rangeEnd: Buffer.from(rangeEnd) }, text: key, single: false };
}
