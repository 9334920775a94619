import type { RpcError } from './etcd-transport.ts';

/** A call that was given up. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  /** The failure that ended the call. */
  readonly last: RpcError;
  /** The last failure of each endpoint that was tried, `last` at the end. */
  readonly failures: readonly RpcError[];
  /** A write that may have been done. */
  readonly ambiguous: boolean;

  constructor(last: RpcError, options: { others?: readonly RpcError[]; ambiguous?: boolean } = {}) {
    const failures = [...(options.others ?? []), last];
    super(failures.map((each) => each.message).join('; '), { cause: last });
    this.last = last;
    this.failures = failures;
    this.ambiguous = options.ambiguous ?? false;
  }
}
