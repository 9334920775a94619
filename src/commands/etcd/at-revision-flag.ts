import { UserError } from '../../model/user-error.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';

/** The same as etcdctl's `--rev`, under the name that `get` has for it. */
export const atRevisionFlag: Flag = {
  name: 'at-revision',
  type: 'int64',
  default: '0',
  usage: 'The same as --rev.',
};

/** The revision to read at, from `--rev` or `--at-revision`; 0 is now. Throws UserError. */
export function atRevisionOf(flags: FlagValues): number {
  const given = ['rev', 'at-revision'].filter((name) => flags.changed(name));
  if (given.length > 1) throw new UserError('--rev and --at-revision are the same; give one');
  const [name = 'rev'] = given;
  const revision = flags.int(name);
  if (revision < 0) throw new UserError(`--${name} must not be negative, got ${revision}`);
  return revision;
}
