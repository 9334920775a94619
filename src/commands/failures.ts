import { StatusError } from '../model/status.ts';
import { Unanswered } from './interrupted.ts';
import { ManifestObjectError } from './manifest-object-error.ts';
import { PartialFailure } from './partial-failure.ts';

/** Collects what went wrong while the rest went on. */
export class Failures {
  readonly #errors: unknown[] = [];

  add(error: unknown): void {
    this.#errors.push(error);
  }

  /** Awaits work; what ends it early becomes one of the failures, so that those before it are told as well. */
  async during(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.add(error);
    }
  }

  get any(): boolean {
    return this.#errors.length > 0;
  }

  /** Throws the first of what was collected. */
  throwFirst(): void {
    if (this.any) throw this.#errors[0];
  }

  /**
   * Throws what was collected: one error as it is, several as an AggregateError; all as a PartialFailure when others were
   * `done`.
   */
  throwAny(done = 0): void {
    if (this.any && done > 0) throw new PartialFailure(this.#errors);
    if (this.#errors.length === 1) throw this.#errors[0];
    if (this.#errors.length > 1) throw new AggregateError(this.#errors);
  }

  /** As throwAny, but a lone object of a manifest is told of as one of several would be: by the message alone. */
  throwAsSeveral(done = 0): void {
    if (!this.#errors.some((error) => error instanceof ManifestObjectError)) {
      this.throwAny(done);
      return;
    }
    const several = [new AggregateError(this.#errors)];
    throw done > 0 ? new PartialFailure(several) : new AggregateError(several);
  }
}

/** Whether the API answered that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'NotFound';
}

/** Whether the error concerns one object only, so that work on others can go on. */
export function concernsOneObject(error: unknown): boolean {
  return error instanceof Unanswered || (error instanceof StatusError && error.reason !== 'Unauthorized');
}
