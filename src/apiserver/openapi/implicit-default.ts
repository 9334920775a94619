import type { JsonValue } from '../../model/json-value.ts';
import type { FieldSchema, ValueSchema } from '../../model/schema/type-schema.ts';

const ZEROS: Partial<Record<ValueSchema['kind'], JsonValue>> = {
  message: {},
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  double: 0,
};

/** The default that OpenAPI tells of a field: its own, or the zero value where Go always writes one; undefined for none. */
export function implicitDefault(field: FieldSchema): JsonValue | undefined {
  if (field.default !== undefined) return field.default as JsonValue;
  if (field.value.kind !== 'message' && (field.omitEmpty || field.omitZero)) return undefined;
  return zeroValue(field.value);
}

/** What Go's variable of a type holds before anybody sets it; undefined where that is nothing. */
export function zeroValue(value: ValueSchema): JsonValue | undefined {
  return value.pointer ? undefined : ZEROS[value.kind];
}
