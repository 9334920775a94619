import type { AnswerOf, RequestOf, StreamMethod, StreamMethods, UnaryMethod } from '../etcd-methods.ts';

/** gRPC status codes that are told apart here. */
export const GrpcCode = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

/** The details of a call after `close`. */
export const CLIENT_CLOSED = 'the client is closed';

/** A call that failed. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** gRPC's status code. */
  readonly code: number;
  /** What the server said, or what became of the connection. */
  readonly details: string;
  /** URL of the endpoint. */
  readonly endpoint: string;
  /** Whether the request may have left this process. */
  readonly sent: boolean;

  constructor(
    code: number,
    details: string,
    { endpoint, sent, cause }: { endpoint: string; sent: boolean; cause?: unknown },
  ) {
    super(`${endpoint}: ${details}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.details = details;
    this.endpoint = endpoint;
    this.sent = sent;
  }
}

export interface CallOptions {
  /** Token of etcd's authentication. */
  readonly token?: string | undefined;
  /** When the call must have ended, as Date.now() has it. */
  readonly deadline: number;
}

/** An open stream. `messages` throws RpcError when it breaks, and ends when the server ends it or `close` was called. */
export interface RpcStream<Sent, Received> {
  readonly messages: AsyncIterable<Received>;
  send(message: Sent): void;
  close(): void;
}

/**
 * One endpoint's connection: all that the driver needs of gRPC or of the JSON gateway. 64-bit numbers cross as decimal strings, enums as names,
 * bytes as Buffer. Nothing is repeated here that the server may have seen.
 */
export interface EtcdTransport {
  /** URL of the endpoint, for messages. */
  readonly endpoint: string;
  /** Rejects with RpcError. */
  unary<M extends UnaryMethod>(method: M, request: RequestOf<M>, options: CallOptions): Promise<AnswerOf<M>>;
  /** Connects, before `deadline`, and opens a stream, which has no deadline. Rejects with RpcError. */
  stream<M extends StreamMethod>(
    method: M,
    options: CallOptions,
  ): Promise<RpcStream<StreamMethods[M][0], StreamMethods[M][1]>>;
  /** Ends calls and streams and lets go of the connection. */
  close(): void;
}
