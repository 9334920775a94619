import { type Labels, labelText } from './metric-text.ts';

/** How many observations there were, up to each of some bounds, and their sum. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** `bounds` are in ascending order; above the last there is a bucket without end. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
    this.#count++;
  }

  /** Its lines in Prometheus' text format: buckets that count all below them, sum and count. */
  lines(name: string, labels: Labels): string {
    let below = 0;
    const buckets = this.#bounds.map((bound, at) => {
      below += this.#counts[at] ?? 0;
      return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}\n`;
    });
    const rest = labelText(labels);
    const last = `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${this.#count}\n`;
    return `${buckets.join('')}${last}${name}_sum${rest} ${this.#sum}\n${name}_count${rest} ${this.#count}\n`;
  }
}
