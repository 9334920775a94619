/** Why no answer came from a server. */
export type ConnectionFailure = 'refused' | 'timeout' | 'tls' | 'dns' | 'cut' | 'other';

/**
 * A server could not be reached, or stopped answering. `address` is host:port. `sent` says whether the request may have
 * reached the server: then a write may have been done.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly failure: ConnectionFailure;
  readonly address: string;
  readonly sent: boolean;

  constructor(
    failure: ConnectionFailure,
    address: string,
    message: string,
    options: { sent?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.failure = failure;
    this.address = address;
    this.sent = options.sent ?? false;
  }
}
