import { UserError } from '../model/user-error.ts';

/** How many minor versions client and server may differ. */
const SUPPORTED = 1;

/** kubectl's warning when client and server are too far apart; undefined when they are not. Throws UserError for a version that is none. */
export function skewWarning(client: string, server: string): string | undefined {
  const ours = parse(client, 'client');
  const theirs = parse(server, 'server');
  if (ours.major === theirs.major && Math.abs(ours.minor - theirs.minor) <= SUPPORTED) return undefined;
  return `version difference between client (${ours.major}.${ours.minor}) and server (${theirs.major}.${theirs.minor}) exceeds the supported minor version skew of +/-${SUPPORTED}`;
}

function parse(text: string, whose: string): { major: number; minor: number } {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+(?:[-+.].*)?$/.exec(text) ?? [];
  if (major === undefined || minor === undefined) {
    throw new UserError(`${whose} version error: could not parse ${JSON.stringify(text)} as version`);
  }
  return { major: Number(major), minor: Number(minor) };
}
