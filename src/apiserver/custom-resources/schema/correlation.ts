import { deepEqual } from '../../../model/deep-equal.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { itemIdentity, keysOf } from './list-type-errors.ts';
import { fieldSchemaOf, type Schema } from './schema.ts';

/**
 * A value of an update together with the stored value that it was, found by field and, in lists of type map, by key. What
 * did not change is not refused for a rule that came later (CRD validation ratcheting).
 */
export class Correlation {
  readonly value: JsonValue | undefined;
  readonly old: JsonValue | undefined;
  readonly #schema: Schema | undefined;
  #unchanged: boolean | undefined;
  #oldItems: Map<string, JsonValue> | undefined;

  constructor(schema: Schema | undefined, value: JsonValue | undefined, old: JsonValue | undefined) {
    this.#schema = schema;
    this.value = value;
    this.old = old;
  }

  get unchanged(): boolean {
    this.#unchanged ??= deepEqual(this.value ?? null, this.old ?? null);
    return this.#unchanged;
  }

  /** A field that was there before; undefined for one that was not, or that has no schema. */
  field(name: string): Correlation | undefined {
    const { value, old } = this;
    if (!isJsonObject(value) || !isJsonObject(old)) return undefined;
    if (!Object.hasOwn(value, name) || !Object.hasOwn(old, name)) return undefined;
    const schema = fieldSchemaOf(this.#schema, name);
    return schema === undefined ? undefined : new Correlation(schema, value[name], old[name]);
  }

  /** An item of a list of type map that was there before. */
  item(index: number): Correlation | undefined {
    const item = Array.isArray(this.value) ? this.value[index] : undefined;
    const before = item === undefined ? undefined : this.#oldItem(item);
    return before === undefined ? undefined : new Correlation(this.#schema?.items, item, before);
  }

  #oldItem(item: JsonValue): JsonValue | undefined {
    const { old } = this;
    if (this.#schema?.listType !== 'map' || !Array.isArray(old)) return undefined;
    this.#oldItems ??= itemsByKey(old, this.#schema);
    return this.#oldItems.get(keyOf(item, this.#schema));
  }
}

/** The items of a list of type map by their keys. */
export function itemsByKey(list: readonly JsonValue[], schema: Schema): Map<string, JsonValue> {
  return new Map(list.toReversed().map((item) => [keyOf(item, schema), item]));
}

export function keyOf(item: JsonValue, { listMapKeys }: Schema): string {
  return itemIdentity(keysOf(isJsonObject(item) ? item : {}, listMapKeys));
}
