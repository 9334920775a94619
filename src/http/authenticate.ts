import crypto from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { UserInfo } from '../model/api-message.ts';
import { ADMINISTRATOR } from '../model/administrator.ts';
import { internalError, unauthorized } from '../model/status-errors.ts';

/** Who may come in. */
export interface Authentication {
  /** The server's own bearer token; its user is an administrator. */
  readonly token: string;
  /** Whose any other bearer token is. */
  readonly tokenUser?: (token: string) => Promise<UserInfo | undefined>;
}

/** Who sends a request, and in whose name. */
export interface Authenticated {
  readonly user: UserInfo;
  /** Who acts as the user, where that is somebody else; whether they may is for access control to say. */
  readonly impersonator?: UserInfo;
}

const UNAUTHENTICATED = 'system:unauthenticated';
const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };
/** What anyone may read: whether the server lives, and what it is. */
const PUBLIC_PATH = /^\/(?:healthz|livez|readyz|version)(?:\/|$)/;
const EXTRA = 'impersonate-extra-';

/**
 * Who sends the request: by bearer token, by a client certificate that the server's authority signed, or nobody on a path
 * that is public; and in whose name. Rejects with the 401 StatusError for everybody else.
 */
export async function authenticate(
  request: IncomingMessage,
  path: string,
  authentication: Authentication,
): Promise<Authenticated> {
  const user = await userOf(request, authentication);
  if (user !== undefined) return impersonated(request.headers, user);
  const claims = request.headers.authorization !== undefined;
  if (claims || !PUBLIC_PATH.test(path)) throw unauthorized('');
  return { user: ANONYMOUS };
}

async function userOf(
  { headers, socket }: IncomingMessage,
  { token, tokenUser }: Authentication,
): Promise<UserInfo | undefined> {
  if (headers.authorization === undefined) return certificateUser(socket);
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1];
  if (given === undefined) return undefined;
  return sameText(given, token) ? ADMINISTRATOR : tokenUser?.(given);
}

/** Compares in a time that tells nothing of either text. */
export function sameText(left: string, right: string): boolean {
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

function impersonated(headers: IncomingHttpHeaders, impersonator: UserInfo): Authenticated {
  const [name] = values(headers['impersonate-user']);
  if (name === undefined) {
    const asked = Object.keys(headers).filter((header) => header.startsWith('impersonate-'));
    if (asked.length === 0) return { user: impersonator };
    throw internalError(`requested [${asked.join(' ')}] without impersonating a user`);
  }
  const [uid] = values(headers['impersonate-uid']);
  const given = values(headers['impersonate-group']);
  const claimed = given.length > 0 ? given : serviceAccountGroups(name);
  // Nobody in particular does not become somebody by being impersonated (apiserver's WithImpersonation).
  const anonymous = name === ANONYMOUS.name || claimed.includes(UNAUTHENTICATED);
  const groups = [...claimed, anonymous ? UNAUTHENTICATED : 'system:authenticated'];
  const extra = Object.entries(headers)
    .filter(([header]) => header.startsWith(EXTRA))
    .map(([header, value]): [string, string[]] => [decodeURIComponent(header.slice(EXTRA.length)), values(value)]);
  const user = {
    name,
    groups: [...new Set(groups)],
    ...(uid === undefined ? {} : { uid }),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
  return { user, impersonator };
}

function serviceAccountGroups(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Node.js joins repeated headers with a comma and a space. */
function values(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().flatMap((each) => each.split(', '));
}
