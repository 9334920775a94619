import type { FlagValues } from './flag-values.ts';
import type { Flag } from './flag.ts';

/** The manager of client-side apply, and what diff says it is. */
const CLIENT_SIDE_MANAGER = 'kubectl-client-side-apply';

/** The manager of server-side apply when no other was named. */
export const serverSideManager = 'kubectl';

/** The flags with which apply and diff leave the merge to the server. */
export const serverSideFlags: readonly Flag[] = [
  {
    name: 'server-side',
    type: 'bool',
    default: 'false',
    usage: 'Let the server merge the configuration, and keep who set which field.',
  },
  {
    name: 'force-conflicts',
    type: 'bool',
    default: 'false',
    usage: 'With --server-side, take over fields that other managers own.',
  },
  {
    name: 'field-manager',
    type: 'string',
    default: CLIENT_SIDE_MANAGER,
    usage: 'Name of the manager that is recorded as the owner of the fields.',
  },
];

/** The manager that was named, or the one of the way of applying. */
export function applyManagerOf(flags: FlagValues): string {
  if (flags.changed('field-manager')) return flags.string('field-manager');
  return flags.bool('server-side') ? serverSideManager : CLIENT_SIDE_MANAGER;
}
