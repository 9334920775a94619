import type { JsonValue } from '../json-value.ts';

/**
 * A number of a type that Go keeps apart from an object's integers: one written with a point in a template (never equal to
 * an integer), or a byte of a text.
 */
export class GoNumber {
  readonly type: 'float64' | 'uint8';
  readonly value: number;

  constructor(type: 'float64' | 'uint8', value: number) {
    this.type = type;
    this.value = value;
  }
}

/** What evaluation passes on; undefined is Go's invalid value, which a round of a range over null works on. */
export type Item = JsonValue | GoNumber | undefined;
