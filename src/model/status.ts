/** Reasons of a failure Status (metav1.StatusReason). */
export type StatusReason =
  | ''
  | 'AlreadyExists'
  | 'BadRequest'
  | 'Conflict'
  | 'Expired'
  | 'Forbidden'
  | 'Gone'
  | 'InternalError'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'NotFound'
  | 'RequestEntityTooLarge'
  | 'ServerTimeout'
  | 'ServiceUnavailable'
  | 'StoreReadError'
  | 'Timeout'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'UnsupportedMediaType';

/** One cause of a failure, usually one wrong field. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** metav1.Status: how the Kubernetes API says that something failed, or that a delete succeeded. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code: number;
}

/** A failure that the API answered, or will answer, as a Status. The message is the Status' own. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;
  /** What the answer warns of beside. */
  readonly warnings: readonly string[];

  constructor(status: Status, options?: ErrorOptions & { readonly warnings?: readonly string[] }) {
    super(status.message ?? '', options);
    this.status = status;
    this.warnings = options?.warnings ?? [];
  }

  get reason(): StatusReason {
    return this.status.reason ?? '';
  }

  get code(): number {
    return this.status.code;
  }
}
