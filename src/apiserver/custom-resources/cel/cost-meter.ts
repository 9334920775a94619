/** Thrown into an expression that costs more than it may. */
export class CostExceeded extends Error {
  override readonly name = 'CostExceeded';
}

/** Counts what one run of an expression costs, in about the units of cel-go: one for a step, a tenth for a character. */
export class CostMeter {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get exceeded(): boolean {
    return this.#used > this.#limit;
  }

  /** Throws CostExceeded once more is used than there was. */
  charge(cost: number): void {
    this.#used += cost;
    if (this.exceeded) throw new CostExceeded();
  }
}
