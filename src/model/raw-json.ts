import type { JsonValue } from './json-value.ts';

/**
 * JSON kept as the bytes that it was stored as (fieldsV1, RawExtension), so that writing it back changes nothing and
 * reading a list does not parse what nobody looks at. `JSON.stringify` prints it like any other value.
 */
export class RawJson {
  readonly bytes: Buffer;
  #value: JsonValue | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The parsed value; parsed once, on first use. Throws SyntaxError when the bytes are no JSON. */
  toJSON(): JsonValue {
    this.#value ??= JSON.parse(this.bytes.toString('utf8')) as JsonValue;
    return this.#value;
  }
}
