/** What went wrong in a store; the codes are the whole list, whatever the driver. */
export type StorageErrorCode =
  /** The revision is older than the store keeps; `compactRevision` says from where it does. */
  | 'Compacted'
  /** The revision is newer than the store's. */
  | 'FutureRevision'
  /** Key, value or transaction larger than the store takes. */
  | 'TooLarge'
  | 'TooManyOperations'
  /** One key is written twice in a transaction. */
  | 'DuplicateKey'
  | 'InvalidArgument'
  | 'LeaseNotFound'
  | 'LeaseExists'
  /** No space left on the disk, or a quota is exceeded. Nothing was written. */
  | 'NoSpace'
  /** The store cannot be reached; nothing was written. */
  | 'Unavailable'
  /** No answer in time to a read. */
  | 'DeadlineExceeded'
  /** A write was sent and its answer was lost; it may or may not have been done. */
  | 'OutcomeUnknown'
  | 'Unauthenticated'
  | 'PermissionDenied'
  /** Another process kept the store locked for longer than the wait allowed. */
  | 'Locked'
  | 'ReadOnly'
  /** An API server is alive on the store, and nothing was written beside it. */
  | 'LiveServer'
  /** The store's files are damaged, or acknowledged writes are missing from them. */
  | 'Corrupt'
  /** The store was written by a newer version. */
  | 'NewerFormat'
  | 'Internal';

/** A failure of a store. Callers branch on `code`, never on the message. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly compactRevision: number | undefined;
  /** What a person can do about it, when there is something. */
  readonly hint: string | undefined;

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { cause?: unknown; compactRevision?: number; hint?: string } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.compactRevision = options.compactRevision;
    this.hint = options.hint;
  }
}
