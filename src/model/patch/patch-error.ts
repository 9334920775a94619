/**
 * Why a patch failed, as an API server answers it: `BadRequest` 400, `TooLarge` 413, `Unprocessable` 422, `Internal` 500.
 * `Conflict` and `Precondition` come from three-way patches, which clients make.
 */
export type PatchErrorReason = 'BadRequest' | 'TooLarge' | 'Unprocessable' | 'Internal' | 'Conflict' | 'Precondition';

/** A patch that cannot be read, applied or made. The message is what Kubernetes' own libraries say. */
export class PatchError extends Error {
  override readonly name: string = 'PatchError';
  readonly reason: PatchErrorReason;

  constructor(reason: PatchErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
