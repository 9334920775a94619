/** Work that is done once; a failure is told, and tried again by whoever asks next. */
export class OnceDone {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when the work has been done. */
  done(): Promise<void> {
    this.#running ??= this.#work().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }
}
