import { badRequest } from '../model/status-errors.ts';

/** Where a list goes on: after which key below the collection's prefix, and at which revision (-1: at the newest). */
export interface ContinueToken {
  /** Relative to the collection's prefix; the list goes on at it. */
  readonly startKey: string;
  readonly revision: number;
}

const VERSION = 'meta.k8s.io/v1';

/** The token as kube-apiserver writes it: base64url of `{"v":"meta.k8s.io/v1","rv":…,"start":…}`, without padding. */
export function encodeContinueToken({ startKey, revision }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start: startKey })).toString('base64url');
}

/** Reads a token. Throws the BadRequest of kube-apiserver for anything that is none. */
export function decodeContinueToken(text: string): ContinueToken {
  const token = parse(text);
  if (token['v'] !== VERSION) {
    throw refused('continue key is not valid: server does not recognize this encoded version');
  }
  const { rv, start } = token;
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    throw refused('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw refused('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  }
  if (`/${start}`.includes('/../') || start.startsWith('/')) throw refused('continue key is not valid');
  return { startKey: start, revision: rv };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>;
  } catch {
    // Refused below, as any other text that is no token.
  }
  throw refused('continue key is not valid');
}

function refused(why: string): Error {
  return badRequest(`invalid continue token: ${why}`);
}
