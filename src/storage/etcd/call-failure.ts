import type { RpcError } from './etcd-transport.ts';

/** A call that was given up; the last failure of each endpoint that was tried, the newest last. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly failures: readonly [RpcError, ...RpcError[]];
  /** A write that may have been done. */
  readonly ambiguous: boolean;

  constructor(failures: readonly [RpcError, ...RpcError[]], ambiguous: boolean) {
    super(failures.map((each) => each.message).join('; '), { cause: failures.at(-1) });
    this.failures = failures;
    this.ambiguous = ambiguous;
  }

  /** The failure that ended the call. */
  get last(): RpcError {
    return this.failures.at(-1) ?? this.failures[0];
  }
}
