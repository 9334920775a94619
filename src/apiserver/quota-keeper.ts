/** Counts the quotas of namespaces anew when something changed; changes that come while one is waited for are counted together. */
export class QuotaKeeper {
  readonly #recount: (namespace: string) => Promise<void>;
  /** By namespace: the count that runs, and the one that begins after it. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(recount: (namespace: string) => Promise<void>) {
    this.#recount = recount;
  }

  /** Resolves when a count that began after the call is done. */
  changed(namespace: string): Promise<void> {
    const running = this.#running.get(namespace);
    if (running === undefined) return this.#run(namespace);
    let waiting = this.#waiting.get(namespace);
    if (waiting === undefined) {
      waiting = running
        .catch(() => undefined)
        .then(() => {
          this.#waiting.delete(namespace);
          return this.#run(namespace);
        });
      this.#waiting.set(namespace, waiting);
    }
    return waiting;
  }

  #run(namespace: string): Promise<void> {
    const run = this.#recount(namespace).finally(() => {
      if (this.#running.get(namespace) === run) this.#running.delete(namespace);
    });
    this.#running.set(namespace, run);
    return run;
  }
}
