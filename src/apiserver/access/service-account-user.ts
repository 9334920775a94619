import type { UserInfo } from '../../model/api-message.ts';

/** The user that a service account is (serviceaccount.UserInfo). */
export function serviceAccountUser(
  namespace: string,
  name: string,
  { uid, extra }: { uid: string; extra: Readonly<Record<string, readonly string[]>> },
): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
