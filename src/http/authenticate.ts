import crypto from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { UserInfo } from '../model/api-message.ts';
import { unauthorized } from '../model/status-errors.ts';

/** Who may come in. */
export interface Authentication {
  /** The one bearer token; its user is an administrator. */
  readonly token: string;
}

/** The user of the server's own token and client certificates' usual group. */
const ADMIN: UserInfo = { name: 'kube-lite-admin', groups: ['system:masters', 'system:authenticated'] };
const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
/** What anyone may read: whether the server lives, and what it is. */
const PUBLIC_PATH = /^\/(?:healthz|livez|readyz|version)(?:\/|$)/;
const EXTRA = 'impersonate-extra-';

/**
 * Who sends the request: by bearer token, by a client certificate that the server's authority signed, or nobody on a path
 * that is public. An administrator may act as another user. Throws the 401 StatusError for everybody else.
 */
export function authenticate(request: IncomingMessage, path: string, { token }: Authentication): UserInfo {
  const user = userOf(request, token);
  if (user !== undefined) return user.groups.includes('system:masters') ? impersonated(request.headers, user) : user;
  const claims = request.headers.authorization !== undefined;
  if (claims || !PUBLIC_PATH.test(path)) throw unauthorized('');
  return ANONYMOUS;
}

function userOf({ headers, socket }: IncomingMessage, token: string): UserInfo | undefined {
  if (headers.authorization === undefined) return certificateUser(socket);
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1];
  return given !== undefined && sameText(given, token) ? ADMIN : undefined;
}

/** Compares in a time that tells nothing of either text. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => crypto.createHash('sha256').update(text).digest();
  return crypto.timingSafeEqual(digest(left), digest(right));
}

function certificateUser(socket: IncomingMessage['socket']): UserInfo | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  // The subject's fields are lists when they come more than once, whatever their types say.
  const subject: { CN?: string | string[]; O?: string | string[] } = socket.getPeerCertificate().subject;
  const [name] = [subject.CN ?? []].flat();
  if (name === undefined) return undefined;
  return { name, groups: [...[subject.O ?? []].flat(), 'system:authenticated'] };
}

function impersonated(headers: IncomingHttpHeaders, user: UserInfo): UserInfo {
  const [name] = values(headers['impersonate-user']);
  if (name === undefined) return user;
  const [uid] = values(headers['impersonate-uid']);
  const given = values(headers['impersonate-group']);
  const groups = [...(given.length > 0 ? given : serviceAccountGroups(name)), 'system:authenticated'];
  const extra = Object.entries(headers)
    .filter(([header]) => header.startsWith(EXTRA))
    .map(([header, value]): [string, string[]] => [decodeURIComponent(header.slice(EXTRA.length)), values(value)]);
  return {
    name,
    groups: [...new Set(groups)],
    ...(uid === undefined ? {} : { uid }),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function serviceAccountGroups(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Node.js joins repeated headers with a comma and a space. */
function values(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().flatMap((each) => each.split(', '));
}
