import { UserError } from '../model/user-error.ts';
import type { FlagValues } from './flag-values.ts';
import type { Flag } from './flag.ts';

/** What becomes of an object's dependents when it is deleted. */
export type Cascade = 'Background' | 'Foreground' | 'Orphan';

export const cascadeFlag: Flag = {
  name: 'cascade',
  type: 'string',
  default: 'background',
  bare: 'background',
  values: ['background', 'foreground', 'orphan'],
  usage:
    'Must be "background", "orphan", or "foreground": what becomes of the dependents (such as the pods of a replica set).',
};

/** Reads `--cascade`. Throws UserError in kubectl's words. */
export function cascadeOf(flags: FlagValues): Cascade {
  const text = flags.string('cascade');
  switch (text) {
    case 'background':
    case 'true':
      return 'Background';
    case 'foreground':
      return 'Foreground';
    case 'orphan':
    case 'false':
      return 'Orphan';
    default:
      throw new UserError(`invalid cascade value (${text}). Must be "background", "foreground", or "orphan"`);
  }
}
