import { deepClone } from '../../../model/deep-clone.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/** Fills the defaults of a schema into a value, in place: where a field is absent, or null and may not be. */
export function applyDefaults(value: unknown, schema: Schema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) {
      if (item === null && !items.nullable) value[index] = defaultOf(items);
      applyDefaults(value[index], items);
    }
  } else if (isJsonObject(value)) {
    fillProperties(value, schema);
    const values = valueSchemaOf(schema);
    for (const key of Object.keys(value)) {
      const property = schema.properties.get(key);
      if (property === undefined && values !== undefined && value[key] === null && !values.nullable) {
        value[key] = defaultOf(values);
      }
      applyDefaults(value[key], property ?? values);
    }
  }
}

function fillProperties(object: Record<string, unknown>, schema: Schema): void {
  for (const [name, property] of schema.properties) {
    if (property.default === undefined) continue;
    const missing = !Object.hasOwn(object, name) || (object[name] === null && !property.nullable);
    if (missing) object[name] = defaultOf(property);
  }
}

function defaultOf(schema: Schema): JsonValue {
  return deepClone(schema.default ?? null);
}
