import type { FlagValues } from './commands/flag-values.ts';
import { ADMINISTRATOR } from './model/administrator.ts';
import type { ApiRequest, UserInfo } from './model/api-message.ts';
import { UserError } from './model/user-error.ts';

/**
 * Who acts on a store that is opened directly, for its requests: nothing for the administrator, who may do everything, and
 * with `--as` that user, with what roles allow him. The groups are those that an API server adds. Throws UserError for
 * groups and the like without a user.
 */
export function actingUser(flags: FlagValues): Pick<ApiRequest, 'user' | 'impersonator'> {
  const name = flags.string('as');
  const uid = flags.string('as-uid');
  const groups = flags.list('as-group');
  const extra = extraOf(flags.list('as-user-extra'));
  if (name === '') {
    if (uid === '' && groups.length === 0 && Object.keys(extra).length === 0) return {};
    throw new UserError('requesting uid, groups or user-extra without impersonating a user');
  }
  const all = [...(groups.length > 0 ? groups : serviceAccountGroups(name)), 'system:authenticated'];
  const user: UserInfo = {
    name,
    groups: [...new Set(all)],
    ...(uid === '' ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
  return { user, impersonator: ADMINISTRATOR };
}

function serviceAccountGroups(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function extraOf(pairs: readonly string[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UserError(`--as-user-extra must be KEY=VALUE, not ${JSON.stringify(pair)}`);
    (extra[pair.slice(0, at).toLowerCase()] ??= []).push(pair.slice(at + 1));
  }
  return extra;
}
