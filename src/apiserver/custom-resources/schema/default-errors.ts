import { deepClone } from '../../../model/deep-clone.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { DecodeError } from '../../../model/decode/decode-error.ts';
import { childPath } from '../field-path.ts';
import type { RuleValidator } from '../cel/rule-validator.ts';
import { coerceEmbedded, embeddedErrors } from './object-meta.ts';
import { pruneUnknownFields } from './prune.ts';
import type { Schema } from './schema.ts';
import { propertyPath } from './structural-errors.ts';
import { ValueValidator } from './value-validator.ts';

/** Compiles the rules of a schema; undefined when it has none. */
export type CompileRules = (schema: Schema) => RuleValidator | undefined;

/** Defaults that their own schema refuses (ValidateDefaults). Defaults of maps' values are refused elsewhere. */
export function defaultErrors(schema: Schema, path: string, compile: CompileRules): FieldError[] {
  const errors = ownErrors(schema, childPath(path, 'default'), compile);
  if (schema.items !== undefined) errors.push(...defaultErrors(schema.items, childPath(path, 'items'), compile));
  for (const [name, property] of schema.properties) {
    errors.push(...defaultErrors(property, propertyPath(path, name), compile));
  }
  return errors;
}

function ownErrors(schema: Schema, path: string, compile: CompileRules): FieldError[] {
  const { default: value } = schema;
  if (value === undefined) return [];
  const errors = deepEqual(pruned(value, schema), value)
    ? []
    : [invalidValue(path, value, 'must not have unknown fields')];
  return [...errors, ...valueErrors(value, schema, path, compile)];
}

/** Of several reasons to refuse a default the first kind that applies. */
function valueErrors(value: JsonValue, schema: Schema, path: string, compile: CompileRules): FieldError[] {
  try {
    coerceEmbedded(deepClone(value), schema, path);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [invalidValue(path, value, error.message)];
  }
  const embedded = embeddedErrors(value, schema, path);
  if (embedded.length > 0) return embedded;
  const wrong = new ValueValidator(schema).validate(value, path);
  return wrong.length > 0 ? wrong : (compile(schema)?.validate(value, undefined, path) ?? []);
}

function pruned(value: JsonValue, schema: Schema): JsonValue {
  const copy = { value: deepClone(value) };
  // The value is looked at as the one property of an object, so that scalars and lists are, too.
  const surrounding: Schema = { ...schema, ...EMPTY, properties: new Map([['value', schema]]) };
  if (isJsonObject(copy)) pruneUnknownFields(copy, surrounding);
  return copy.value;
}

const EMPTY = {
  additionalProperties: undefined,
  preserveUnknownFields: undefined,
  embeddedResource: false,
  items: undefined,
} as const;
