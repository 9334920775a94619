import { StorageError, type StorageErrorCode } from '../storage-error.ts';
import type { CallFailure } from './call-failure.ts';
import { CLIENT_CLOSED, GrpcCode, type RpcError } from './etcd-transport.ts';

/** The only file that knows etcd's and gRPC's error texts. */

/** The token is expired or unknown, or rights changed since it was given. The call was not done. */
export function isOldAuthentication(error: RpcError): boolean {
  return /etcdserver: (invalid auth token|revision of auth store is old)/.test(error.details);
}

/** A user was given, but the server has authentication off. */
export function isAuthenticationOff(error: RpcError): boolean {
  return error.details.includes('etcdserver: authentication is not enabled');
}

const DATABASE_FULL = /mvcc: database space exceeded/;

/** etcd is over its quota. A write that is told so may have been done: the quota is looked at before it, and told after it. */
export function isFullDatabase(error: RpcError): boolean {
  return DATABASE_FULL.test(error.details);
}

/** Another attempt, or another member, may fare better. */
export function mayPass(error: RpcError): boolean {
  switch (error.code) {
    case GrpcCode.unavailable:
    case GrpcCode.deadlineExceeded:
    case GrpcCode.internal:
    case GrpcCode.cancelled:
    case GrpcCode.unknown:
      return true;
    case GrpcCode.resourceExhausted:
      return error.details.includes('too many requests');
    default:
      return false;
  }
}

/** Refusals that some versions of etcd give a code that says nothing. */
const REFUSED =
  /etcdserver: (no leader|not capable|too many requests|rpc not supported for learner|unhealthy cluster|re-configuration failed)/;

/** Whether a write that failed so may yet have been committed. Refusals are certain, silence is not. */
export function mayHaveBeenDone(error: RpcError): boolean {
  if (!error.sent) return false;
  if (REFUSED.test(error.details)) return false;
  switch (error.code) {
    case GrpcCode.unavailable:
    case GrpcCode.deadlineExceeded:
    case GrpcCode.internal:
    case GrpcCode.cancelled:
    case GrpcCode.unknown:
    case GrpcCode.dataLoss:
      return true;
    default:
      return false;
  }
}

interface Meaning {
  readonly text: RegExp;
  readonly code: StorageErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** What etcd says (api/v3rpc/rpctypes), what it means, and what helps. The first match counts. */
const MEANINGS: readonly Meaning[] = [
  { text: new RegExp(`^${CLIENT_CLOSED}$`), code: 'Unavailable', message: 'the connection to etcd is closed' },
  {
    text: /mvcc: required revision has been compacted/,
    code: 'Compacted',
    message: 'the revision was compacted: etcd no longer keeps it',
  },
  {
    text: /mvcc: required revision is a future revision/,
    code: 'FutureRevision',
    message: 'etcd has not reached the revision yet',
  },
  {
    text: DATABASE_FULL,
    code: 'NoSpace',
    message: "etcd's database is full (mvcc: database space exceeded): it takes no more writes",
    hint: 'free space, then clear the alarm: etcdctl compact REVISION, etcdctl defrag, etcdctl alarm disarm; or raise --quota-backend-bytes',
  },
  {
    text: /request is too large|message larger than max/,
    code: 'TooLarge',
    message: 'the request is too large for etcd',
    hint: "etcd's limit is --max-request-bytes, 1.5 MiB by default",
  },
  {
    text: /too many operations in txn request/,
    code: 'TooManyOperations',
    message: 'the transaction has too many operations for etcd',
    hint: "etcd's limit is --max-txn-ops, 128 by default",
  },
  {
    text: /duplicate key given in txn request/,
    code: 'DuplicateKey',
    message: 'a key is written twice in one transaction',
  },
  { text: /requested lease not found/, code: 'LeaseNotFound', message: 'there is no such lease' },
  { text: /lease already exists/, code: 'LeaseExists', message: 'the lease exists already' },
  {
    text: /user name is empty/,
    code: 'Unauthenticated',
    message: 'etcd wants a user name and password (etcdserver: user name is empty)',
    hint: 'authentication is enabled on this etcd: give a user and its password',
  },
  {
    text: /authentication failed, invalid user ID or password/,
    code: 'Unauthenticated',
    message: 'etcd does not accept the user name or password',
  },
  {
    text: /invalid auth token|revision of auth store is old/,
    code: 'Unauthenticated',
    message: 'etcd does not accept the authentication token',
  },
  {
    text: /etcdserver: permission denied/,
    code: 'PermissionDenied',
    message: 'the user may not do this in etcd (etcdserver: permission denied)',
    hint: "ask etcd's administrator for a role with readwrite permission on the keys (etcdctl role grant-permission)",
  },
  {
    text: /etcdserver: unhealthy cluster/,
    code: 'Unavailable',
    message:
      'etcd does not change its members now: one is not well, or was only just started (etcdserver: unhealthy cluster)',
    hint: 'see which one with: etcd health --cluster',
  },
  {
    text: /etcdserver: re-configuration failed due to not enough started members/,
    code: 'Unavailable',
    message: 'etcd does not change its members now: the cluster would lose its quorum (not enough started members)',
    hint: 'start the members that are not: etcd members list',
  },
  {
    text: /corrupt cluster|corruption detected/,
    code: 'Corrupt',
    message: 'etcd found its data corrupt',
    hint: 'an alarm CORRUPT is raised: see which member differs and restore it from a good one',
  },
];

/** Codes that need no text to be understood. */
const CODES: Readonly<Record<number, StorageErrorCode>> = {
  [GrpcCode.invalidArgument]: 'InvalidArgument',
  [GrpcCode.permissionDenied]: 'PermissionDenied',
  [GrpcCode.unauthenticated]: 'Unauthenticated',
  [GrpcCode.dataLoss]: 'Corrupt',
};

/** Why a call was given up, as every driver says it. */
export function toStorageError(failure: CallFailure): StorageError {
  const { last, failures, ambiguous } = failure;
  const meaning = MEANINGS.find(({ text }) => text.test(last.details));
  if (meaning !== undefined && !ambiguous) {
    const { code, message, hint } = meaning;
    return new StorageError(code, message, { cause: failure, ...(hint === undefined ? {} : { hint }) });
  }
  if (ambiguous) return outcomeUnknown(last, failure);
  if (NOT_GRPC.test(last.details)) return unavailable(failures, failure);
  const code = CODES[last.code];
  if (code !== undefined) {
    return new StorageError(code, `etcd at ${last.endpoint}: ${last.details}`, { cause: failure });
  }
  if (!mayPass(last)) {
    return new StorageError('Internal', `etcd at ${last.endpoint}: ${last.details}`, { cause: failure });
  }
  if (last.code === GrpcCode.deadlineExceeded) {
    const message = `etcd at ${last.endpoint} did not answer in time`;
    return new StorageError('DeadlineExceeded', message, { cause: failure });
  }
  return unavailable(failures, failure);
}

/** A write was sent, its answer was lost, and it could not be found out what became of it. */
export function outcomeUnknown(last: RpcError, cause: unknown): StorageError {
  const why = last.code === GrpcCode.deadlineExceeded ? 'no answer in time' : reasonOf(last).reason;
  return new StorageError(
    'OutcomeUnknown',
    `the answer of etcd at ${last.endpoint} to a write was lost (${why}): it may or may not have been done`,
    { cause, hint: 'read the object to see whether it was written before you try again' },
  );
}

/** The watch's end that the server gave a reason for. */
export function watchCancelled(reason: string, compactRevision: number): StorageError {
  if (compactRevision > 0) {
    const message = `the watch's revision was compacted: etcd keeps revisions from ${compactRevision} on`;
    return new StorageError('Compacted', message, { compactRevision });
  }
  const meaning = MEANINGS.find(({ text }) => text.test(`etcdserver: ${reason}`));
  const text = reason === '' ? 'without a reason' : reason;
  if (meaning === undefined) return new StorageError('Internal', `etcd ended the watch: ${text}`);
  return new StorageError(meaning.code, meaning.message, meaning.hint === undefined ? {} : { hint: meaning.hint });
}

function unavailable(failures: readonly RpcError[], cause: unknown): StorageError {
  const told = failures.map((each) => ({ endpoint: each.endpoint, ...reasonOf(each) }));
  const hint = told.find((each) => each.hint !== undefined)?.hint;
  const [first] = told;
  // A member's own words when it waited for the others: it was reached.
  const waited = told.length === 1 && first?.reason === 'context deadline exceeded';
  const message = waited
    ? `etcd at ${first.endpoint} did not answer in time`
    : told.length === 1
      ? `cannot reach etcd at ${first?.endpoint}: ${first?.reason}`
      : `cannot reach etcd: ${told.map(({ endpoint, reason }) => `${endpoint}: ${reason}`).join('; ')}`;
  return new StorageError('Unavailable', message, { cause, ...(hint === undefined ? {} : { hint }) });
}

const NOT_GRPC =
  /Received HTTP status code|Received RST_STREAM with code \d+ triggered by internal client error: Protocol error/;

/** What becomes of a connection, in OpenSSL's, Node's and grpc-js' words, and in plain ones. */
const REASONS: readonly { readonly text: RegExp; readonly reason: string; readonly hint?: string }[] = [
  { text: /ECONNREFUSED/, reason: 'connection refused', hint: 'is etcd running there?' },
  { text: /ENOTFOUND|EAI_AGAIN|Name resolution failed/, reason: 'no such host' },
  { text: /EHOSTUNREACH|ENETUNREACH/, reason: 'no route to host' },
  {
    text: /etcdserver: no leader/,
    reason: 'the cluster has no leader (etcdserver: no leader)',
    hint: 'more than half of the members must be running and reach each other: see etcd health --cluster',
  },
  { text: /ETIMEDOUT|dial timeout/, reason: 'no connection in time' },
  {
    text: /certificate required|handshake failure|bad certificate/,
    reason: 'the server wants a client certificate that it accepts',
    hint: 'give the client certificate and its key',
  },
  {
    text: /self-signed certificate|unable to verify the first certificate|unable to get (local )?issuer certificate|certificate signature failure/,
    reason: 'the server certificate is signed by an unknown authority',
    hint: "give the file with the certificate of etcd's own authority (CA)",
  },
  { text: /certificate has expired/, reason: 'the server certificate has expired' },
  { text: /certificate is not yet valid/, reason: 'the server certificate is not valid yet' },
  {
    text: /wrong version number|packet length too long|record layer failure/,
    reason: 'the server does not speak TLS',
    hint: 'use http:// instead of https://',
  },
  {
    text: /disconnected before secure TLS connection/,
    reason: 'the server ended the TLS handshake',
    hint: 'use http:// if the server does not speak TLS',
  },
  {
    text: /^No connection established\. Last error: (Error: )?(Failed to connect|Socket closed|socket hang up|read ECONNRESET)/,
    reason: 'the server ended the connection',
    hint: 'use https:// if the server wants TLS',
  },
  {
    text: /HTTP request to an HTTPS server/,
    reason: 'the server wants TLS',
    hint: 'use https://',
  },
  { text: NOT_GRPC, reason: 'the server is not etcd', hint: "give the address of etcd's client port, 2379 by default" },
];

function reasonOf(error: RpcError): { reason: string; hint?: string } {
  const known = REASONS.find(({ text }) => text.test(error.details));
  if (known !== undefined) {
    return known.hint === undefined ? { reason: known.reason } : { reason: known.reason, hint: known.hint };
  }
  const named = /Hostname\/IP does not match certificate's altnames: ([^\n]*?)(?:\. Resolution note.*)?$/.exec(
    error.details,
  );
  if (named !== null) return { reason: `the server certificate is for another name (${named[1]})` };
  return {
    reason: error.details
      .replace(/^No connection established\. Last error: (?:Error: )?/, '')
      .replace(/\. Resolution note:.*$/s, ''),
  };
}
