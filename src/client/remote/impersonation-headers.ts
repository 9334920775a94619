import type { UserEntry } from './kubeconfig-entries.ts';

/** The headers by which a user acts as another, as client-go's transport package writes them. Names in lower case. */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  if (user.impersonate === '') return {};
  const extra = Object.entries(user.impersonateUserExtra).map(([key, values]): [string, string[]] => [
    `impersonate-extra-${escapeHeaderKey(key)}`,
    [...values],
  ]);
  return {
    'impersonate-user': user.impersonate,
    ...(user.impersonateUid === '' ? {} : { 'impersonate-uid': user.impersonateUid }),
    ...(user.impersonateGroups.length === 0 ? {} : { 'impersonate-group': [...user.impersonateGroups] }),
    ...Object.fromEntries(extra),
  };
}

/** Percent-encodes what a header's name may not hold, and the percent sign itself. */
function escapeHeaderKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCodePoint(byte);
      return /[\w!#$&'*+.^`|~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
