import { createHash } from 'node:crypto';
import { UserError } from '../../model/user-error.ts';

/** A member of a cluster that is about to begin. */
export interface NewMember {
  readonly id: bigint;
  readonly name: string;
  /** Sorted. */
  readonly peerURLs: readonly string[];
}

export interface NewCluster {
  readonly id: bigint;
  /** In order of their ids. */
  readonly members: readonly NewMember[];
}

/**
 * The cluster that `--initial-cluster` describes (`name=url,name=url,…`), with the ids that etcd will compute for it (its
 * membership package: SHA-1 of the URLs and the token). Throws UserError for what etcd would refuse.
 */
export function newCluster(initialCluster: string, token: string): NewCluster {
  const urls = new Map<string, string[]>();
  for (const part of initialCluster.split(',').filter((each) => each.trim() !== '')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    const url = part.slice(equals + 1);
    if (name === '' || url === '') {
      throw new UserError(`--initial-cluster: ${JSON.stringify(part)} is not of the form name=url`);
    }
    urls.set(name, [...(urls.get(name) ?? []), peerURL(url, '--initial-cluster')]);
  }
  if (urls.size === 0) throw new UserError('--initial-cluster names no member');
  const all = [...urls.values()].flat();
  const twice = all.find((each, index) => all.indexOf(each) !== index);
  if (twice !== undefined) throw new UserError(`--initial-cluster ${initialCluster} has duplicate url ${twice}`);
  const members = [...urls]
    .map(([name, peerURLs]) => {
      const sorted = peerURLs.toSorted();
      return { name, peerURLs: sorted, id: idOf(Buffer.from(sorted.join('') + token)) };
    })
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const ids = Buffer.alloc(members.length * 8);
  for (const [index, { id }] of members.entries()) ids.writeBigUInt64BE(id, index * 8);
  return { id: idOf(ids), members };
}

/** Checks a URL of a peer as etcd does. Throws UserError that names the flag. */
export function peerURL(text: string, flag: string): string {
  const url = text.trim();
  const match = /^([a-z]+):\/\/([^/?#]*)(.*)$/.exec(url);
  if (match === null || !['http', 'https', 'unix', 'unixs'].includes(match[1] ?? '')) {
    throw new UserError(`${flag}: URL scheme must be http, https, unix, or unixs: ${text}`);
  }
  if (!/^([^:]*|\[[^\]]*\]):[^:]*$/.test(match[2] ?? '')) {
    throw new UserError(`${flag}: URL address does not have the form "host:port": ${text}`);
  }
  if (match[3] !== '') throw new UserError(`${flag}: URL must not contain a path: ${text}`);
  return url;
}

/** A member's id in the form in which etcd writes it. */
export function idText(id: bigint): string {
  return id.toString(16);
}

/** A member as etcd keeps it in JSON. Its id is beyond what JSON.stringify could write. */
export function memberJson({ id, name, peerURLs }: NewMember): string {
  return `{"id":${id},"peerURLs":${JSON.stringify(peerURLs)},"name":${JSON.stringify(name)}}`;
}

function idOf(bytes: Buffer): bigint {
  return createHash('sha1').update(bytes).digest().readBigUInt64BE(0);
}
