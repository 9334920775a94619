import dns from 'node:dns';
import net from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { ConnectionError, type ConnectionFailure } from '../../model/connection-error.ts';

/** Where and when a network error happened. */
export interface NetworkPlace {
  readonly server: URL;
  /** Host and port as they were written. */
  readonly address: string;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  /** The name that the certificate was checked against. */
  readonly serverName?: string;
}

const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);

/** What the system calls say, in Go's words. */
const DIAL_FAILURES: Readonly<Record<string, { failure: ConnectionFailure; text: string }>> = {
  ECONNREFUSED: { failure: 'refused', text: 'connect: connection refused' },
  EHOSTUNREACH: { failure: 'other', text: 'connect: no route to host' },
  ENETUNREACH: { failure: 'other', text: 'connect: network is unreachable' },
  ETIMEDOUT: { failure: 'timeout', text: 'connect: connection timed out' },
  DIAL_TIMEOUT: { failure: 'timeout', text: 'i/o timeout' },
};

/** An error of this module's callers, with a code that connectionError knows. */
export class NetworkTimeout extends Error {
  readonly code: 'DIAL_TIMEOUT' | 'TLS_TIMEOUT' | 'REQUEST_TIMEOUT';

  constructor(code: NetworkTimeout['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * The ConnectionError for what node:http or node:https threw. Its message is what Go's net/http would say, without the
 * `Unable to connect to the server: ` that kubectl prints before it.
 */
export function connectionError(cause: unknown, place: NetworkPlace): ConnectionError {
  const { failure, message } = describe(cause, place);
  return new ConnectionError(failure, place.address, message, { sent: place.sent, cause });
}

interface Description {
  readonly failure: ConnectionFailure;
  readonly message: string;
}

function describe(cause: unknown, place: NetworkPlace): Description {
  const code = codeOf(cause);
  const dialed = DIAL_FAILURES[code];
  if (dialed !== undefined) {
    return { failure: dialed.failure, message: `dial tcp ${endpoint(place.server)}: ${dialed.text}` };
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return (
    timeoutOf(code) ??
    lookupFailure(code, place.server) ??
    tlsFailure(code, text, cause, place) ??
    brokenOff(code, text)
  );
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof AggregateError ? codeOf(cause.errors[0]) : '';
}

function timeoutOf(code: string): Description | undefined {
  if (code === 'TLS_TIMEOUT') return { failure: 'timeout', message: 'net/http: TLS handshake timeout' };
  if (code !== 'REQUEST_TIMEOUT') return undefined;
  const message = 'net/http: request canceled (Client.Timeout exceeded while awaiting headers)';
  return { failure: 'timeout', message };
}

function lookupFailure(code: string, { hostname }: URL): Description | undefined {
  if (code !== 'ENOTFOUND' && code !== 'EAI_AGAIN') return undefined;
  const [resolver] = dns.getServers();
  const where = resolver === undefined ? '' : ` on ${net.isIPv6(resolver) ? `[${resolver}]` : resolver}:53`;
  const what = code === 'ENOTFOUND' ? 'no such host' : 'server misbehaving';
  return { failure: 'dns', message: `dial tcp: lookup ${hostname}${where}: ${what}` };
}

function tlsFailure(code: string, text: string, cause: unknown, place: NetworkPlace): Description | undefined {
  const refusal = certificateProblem(code, cause, place);
  if (refusal !== undefined) {
    return { failure: 'tls', message: `tls: failed to verify certificate: x509: ${refusal}` };
  }
  if (/wrong version number|packet length too long|record too small|http request/i.test(text)) {
    return { failure: 'tls', message: 'http: server gave HTTP response to HTTPS client' };
  }
  const alert = /alert (?:number )?([a-z][a-z ]*[a-z])/i.exec(text)?.[1];
  if (alert !== undefined) return { failure: 'tls', message: `remote error: tls: ${alert}` };
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO'
    ? { failure: 'tls', message: `tls: ${text}` }
    : undefined;
}

function certificateProblem(code: string, cause: unknown, place: NetworkPlace): string | undefined {
  if (UNKNOWN_AUTHORITY.has(code)) return 'certificate signed by unknown authority';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'certificate has expired or is not yet valid';
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  const cert: Partial<PeerCertificate> =
    cause instanceof Error && 'cert' in cause && cause.cert instanceof Object ? cause.cert : {};
  return nameProblem(place.serverName ?? place.server.hostname, cert.subjectaltname ?? '', cert.subject?.CN);
}

/** Go's x509.HostnameError. */
function nameProblem(host: string, altNames: string, commonName: string | string[] | undefined): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const all = altNames.split(', ').filter((each) => each !== '');
  const addresses = all
    .filter((each) => each.startsWith('IP Address:'))
    .map((each) => each.slice('IP Address:'.length));
  const names = all.filter((each) => each.startsWith('DNS:')).map((each) => each.slice('DNS:'.length));
  if (net.isIP(bare) !== 0) {
    return addresses.length === 0
      ? `cannot validate certificate for ${bare} because it doesn't contain any IP SANs`
      : `certificate is valid for ${addresses.join(', ')}, not ${bare}`;
  }
  if (names.length > 0) return `certificate is valid for ${names.join(', ')}, not ${bare}`;
  return all.length === 0 && commonName !== undefined
    ? 'certificate relies on legacy Common Name field, use SANs instead'
    : `certificate is not valid for any names, but wanted to match ${bare}`;
}

function brokenOff(code: string, text: string): Description {
  if (text === 'socket hang up') return { failure: 'cut', message: 'EOF' };
  if (text === 'aborted' || text === 'unexpected EOF' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return { failure: 'cut', message: 'unexpected EOF' };
  }
  if (code === 'ECONNRESET') return { failure: 'cut', message: 'read: connection reset by peer' };
  if (code === 'EPIPE') return { failure: 'cut', message: 'write: broken pipe' };
  if (code.startsWith('HPE_')) {
    return { failure: 'other', message: 'net/http: HTTP/1.x transport connection broken: malformed HTTP response' };
  }
  return { failure: 'other', message: text };
}

/** `127.0.0.1:6443`, with the scheme's port where the address has none. */
function endpoint({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
