import type { JsonValue } from '../json-value.ts';

/** A number written with a point in a template: a float to Go, never equal to an integer. */
export class GoFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What evaluation passes on; undefined is Go's invalid value, which a round of a range over null works on. */
export type Item = JsonValue | GoFloat | undefined;
