import crypto, { X509Certificate } from 'node:crypto';
import net from 'node:net';
import path from 'node:path';
import { createAuthority, createServerCertificate, type KeyPair } from './certificates.ts';
import { makePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts';

/** What a server proves itself by, and the token that it believes. */
export interface ServerIdentity {
  /** The authority that clients trust. */
  readonly authority: KeyPair;
  readonly server: KeyPair;
  readonly token: string;
}

export interface IdentityOptions {
  /** Where authority, certificate and token are kept for the next start; only its owner may enter it. */
  readonly folder: string;
  /** Names and addresses that the server is reached by, besides this machine's own. */
  readonly hosts: readonly string[];
  /** A token to believe instead of the one that is kept. */
  readonly token?: string;
  readonly now: Date;
}

const OWN_HOSTS = [
  '127.0.0.1',
  '::1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];
const DAY = 86_400_000;
/** A certificate is replaced when it has no longer than this to live. */
const CA_RESERVE = 30 * DAY;
const SERVER_RESERVE = 7 * DAY;

/** The identity of the server of a folder: the kept one as far as it is still good, the rest made anew. */
export async function serverIdentity(options: IdentityOptions): Promise<ServerIdentity> {
  await makePrivateFolder(options.folder);
  const now = options.now.getTime();
  const [keptAuthority, keptServer, token] = await Promise.all([
    readPair(options.folder, 'ca'),
    readPair(options.folder, 'server'),
    options.token ?? keptToken(options.folder),
  ]);
  // What is made is written all at once at the end: each file waits for the disk.
  const made: Promise<void>[] = [];
  const keep = (name: string, pair: KeyPair): KeyPair => {
    const written = writePair(options.folder, name, pair);
    // A failure is told at the end.
    written.catch(() => undefined);
    made.push(written);
    return pair;
  };
  const authority =
    keptAuthority !== undefined && isGood(keptAuthority, now + CA_RESERVE)
      ? keptAuthority
      : keep('ca', await createAuthority(options.now));
  const hosts = [...new Set([...OWN_HOSTS, ...options.hosts.filter((host) => !isWildcard(host))])];
  const server =
    keptServer !== undefined && isGood(keptServer, now + SERVER_RESERVE) && fits(keptServer, authority, hosts)
      ? keptServer
      : keep('server', await createServerCertificate(authority, hosts, options.now));
  await Promise.all(made);
  return { authority, server, token };
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

async function readPair(folder: string, name: string): Promise<KeyPair | undefined> {
  const [cert, key] = await Promise.all([
    readPrivateFile(path.join(folder, `${name}.crt`)),
    readPrivateFile(path.join(folder, `${name}.key`)),
  ]);
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

async function writePair(folder: string, name: string, { cert, key }: KeyPair): Promise<void> {
  await Promise.all([
    writePrivateFile(path.join(folder, `${name}.key`), key),
    writePrivateFile(path.join(folder, `${name}.crt`), cert),
  ]);
}

/** Whether key and certificate belong together and are valid until `until`. */
function isGood({ cert, key }: KeyPair, until: number): boolean {
  try {
    const parsed = new X509Certificate(cert);
    return Date.parse(parsed.validTo) > until && parsed.checkPrivateKey(crypto.createPrivateKey(key));
  } catch {
    // Half a pair, or a file that somebody else wrote: it is made anew.
    return false;
  }
}

function fits({ cert }: KeyPair, authority: KeyPair, hosts: readonly string[]): boolean {
  const parsed = new X509Certificate(cert);
  const covers = (host: string): boolean =>
    (net.isIP(host) === 0 ? parsed.checkHost(host) : parsed.checkIP(host)) !== undefined;
  return parsed.verify(new X509Certificate(authority.cert).publicKey) && hosts.every(covers);
}

async function keptToken(folder: string): Promise<string> {
  const file = path.join(folder, 'token');
  const kept = (await readPrivateFile(file))?.trim() ?? '';
  if (/^\S{32,}$/.test(kept)) return kept;
  const token = crypto.randomBytes(32).toString('base64url');
  await writePrivateFile(file, `${token}\n`);
  return token;
}
