import type { FieldSchema, ScalarKind, TypeSchema, ValueSchema } from '../../model/schema/type-schema.ts';
import { implicitDefault } from '../openapi/implicit-default.ts';
import { DEDUCED, type ListType, type MapType, type MergeType, UNTYPED } from './merge-type.ts';

const STRING: MergeType = { scalar: 'string' };
const NUMERIC: MergeType = { scalar: 'numeric' };
const ANY_SCALAR: MergeType = { scalar: 'untyped' };

const SCALARS: Readonly<Record<ScalarKind, MergeType>> = {
  string: STRING,
  bytes: STRING,
  Duration: STRING,
  int32: NUMERIC,
  int64: NUMERIC,
  uint32: NUMERIC,
  uint64: NUMERIC,
  double: NUMERIC,
  bool: { scalar: 'boolean' },
  Time: ANY_SCALAR,
  MicroTime: ANY_SCALAR,
  Quantity: ANY_SCALAR,
  IntOrString: DEDUCED,
  RawExtension: UNTYPED,
  FieldsV1: DEDUCED,
  JSON: DEDUCED,
  JSONSchemaPropsOrArray: DEDUCED,
  JSONSchemaPropsOrBool: DEDUCED,
  JSONSchemaPropsOrStringArray: DEDUCED,
  Any: DEDUCED,
};

/** How values of a built-in type are merged, as kube-openapi's schemaconv reads it from the type's OpenAPI. */
export function builtInMergeType(type: TypeSchema): MergeType {
  return { map: structType(type, type.atomic) };
}

function structType(type: TypeSchema, atomic: boolean): MapType {
  return {
    atomic,
    element: undefined,
    field(name) {
      if (type.isKind && (name === 'apiVersion' || name === 'kind')) return STRING;
      const field = type.field(name);
      return field === undefined ? undefined : typeOfField(field);
    },
  };
}

function typeOfField(field: FieldSchema): MergeType {
  const { value } = field;
  if (value.kind === 'message') return { map: structType(value.message, field.atomic) };
  if (value.kind === 'list') return { list: listType(field, value.element) };
  if (value.kind === 'map') return mapOf(value.element, field.atomic);
  return SCALARS[value.kind];
}

function typeOfValue(value: ValueSchema): MergeType {
  if (value.kind === 'message') return builtInMergeType(value.message);
  if (value.kind === 'map') return mapOf(value.element, false);
  if (value.kind !== 'list') return SCALARS[value.kind];
  return { list: { items: 'atomic', keys: [], keyDefault: () => undefined, element: typeOfValue(value.element) } };
}

function mapOf(element: ValueSchema, atomic: boolean): MergeType {
  return { map: { atomic, field: () => undefined, element: typeOfValue(element) } };
}

function listType(field: FieldSchema, element: ValueSchema): ListType {
  const { items, keys } = relationship(field);
  return {
    items,
    keys,
    keyDefault(key) {
      const keyField = element.kind === 'message' ? element.message.field(key) : undefined;
      return keyField === undefined ? undefined : implicitDefault(keyField);
    },
    get element(): MergeType {
      return typeOfValue(element);
    },
  };
}

/** The list type; without one, what the patch strategy says. */
function relationship({ listType, listMapKeys, patchStrategies, patchMergeKey }: FieldSchema): {
  items: ListType['items'];
  keys: readonly string[];
} {
  if (listType === 'map') return { items: 'keyed', keys: listMapKeys };
  if (listType !== undefined) return { items: listType, keys: [] };
  if (!patchStrategies.includes('merge')) return { items: 'atomic', keys: [] };
  return patchMergeKey === undefined ? { items: 'set', keys: [] } : { items: 'keyed', keys: [patchMergeKey] };
}
