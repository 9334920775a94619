import type { ApiRequest, UserInfo } from '../../model/api-message.ts';
import type { RequestInfo } from '../../model/request-info.ts';
import { failure } from '../../model/status-errors.ts';
import type { StatusError } from '../../model/status.ts';
import type { ApiServer } from '../api-server.ts';
import { type AccessAttributes, attributesOf } from './attributes.ts';
import { authorize } from './authorize.ts';

/**
 * Throws Forbidden, in kube-apiserver's words, for a request that its user may not make, or that somebody makes in the name
 * of a user whom they may not impersonate. A request without a user comes from this process, which may do everything.
 */
export async function checkAccess(server: ApiServer, request: ApiRequest, info: RequestInfo): Promise<void> {
  const { user, impersonator } = request;
  if (user === undefined) return;
  if (impersonator !== undefined) {
    for (const attributes of impersonations(impersonator, user)) await check(server, attributes);
  }
  await check(server, attributesOf(request, info, user));
}

async function check(server: ApiServer, attributes: AccessAttributes): Promise<void> {
  const { allowed, reason } = await authorize(server, attributes);
  if (!allowed) throw accessDenied(attributes, reason);
}

/** The refusal of something (responsewriters.ForbiddenStatusError). */
function accessDenied(attributes: AccessAttributes, reason: string): StatusError {
  const why = `${deniedText(attributes)}${reason === '' ? '' : `: ${reason}`}`;
  if (attributes.type === 'path') {
    return failure({ code: 403, reason: 'Forbidden', message: `forbidden: ${why}`, details: {} });
  }
  const { group, resource, name } = attributes;
  const what = group === '' ? resource : `${resource}.${group}`;
  const which = name === '' ? what : `${what} ${JSON.stringify(name)}`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
  return failure({ code: 403, reason: 'Forbidden', message: `${which} is forbidden: ${why}`, details });
}

function deniedText(attributes: AccessAttributes): string {
  const who = `User ${JSON.stringify(attributes.user.name)} cannot ${attributes.verb}`;
  if (attributes.type === 'path') return `${who} path ${JSON.stringify(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${JSON.stringify(whole)} in API group ${JSON.stringify(group)} ${where}`;
}

const AUTHENTICATION = 'authentication.k8s.io';

/** What somebody must be allowed to act in a user's name (apiserver's WithImpersonation). */
function impersonations(impersonator: UserInfo, user: UserInfo): AccessAttributes[] {
  const ask = (
    group: string,
    resource: string,
    name: string,
    rest: { namespace?: string; subresource?: string } = {},
  ) =>
    ({
      type: 'resource',
      user: impersonator,
      verb: 'impersonate',
      group,
      version: group === '' ? 'v1' : '*',
      resource,
      name,
      namespace: rest.namespace ?? '',
      subresource: rest.subresource ?? '',
    }) as const;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user.name);
  const [, namespace = '', name = ''] = account ?? [];
  const who = account === null ? ask('', 'users', user.name) : ask('', 'serviceaccounts', name, { namespace });
  // Groups that come with the user of themselves are not asked about.
  const implied =
    account === null
      ? ['system:authenticated', ...(user.name === 'system:anonymous' ? ['system:unauthenticated'] : [])]
      : ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return [
    who,
    ...user.groups.filter((group) => !implied.includes(group)).map((group) => ask('', 'groups', group)),
    ...(user.uid === undefined ? [] : [ask(AUTHENTICATION, 'uids', user.uid)]),
    ...Object.entries(user.extra ?? {}).flatMap(([key, values]) =>
      values.map((value) => ask(AUTHENTICATION, 'userextras', value, { subresource: key })),
    ),
  ];
}
