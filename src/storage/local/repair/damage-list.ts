/** How many are told one by one. */
const MOST = 50;

/** Sentences about damage, of which the first ones are kept and the rest is counted. */
export class DamageList {
  readonly #sentences: string[] = [];
  #more = 0;

  add(sentence: string): void {
    if (this.#sentences.length < MOST) this.#sentences.push(sentence);
    else this.#more += 1;
  }

  get sentences(): string[] {
    return this.#more === 0 ? [...this.#sentences] : [...this.#sentences, `and ${this.#more} more`];
  }
}
