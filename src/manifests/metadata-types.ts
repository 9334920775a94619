import { isJsonObject, type JsonObject, type JsonValue } from '../model/json-value.ts';
import { goTimeError } from './go-time.ts';

/** The Go type of a field of ObjectMeta: a scalar's name, or what it is made of. */
type GoType =
  | { readonly kind: 'string' | 'int64' | 'bool'; readonly name: string }
  | { readonly kind: 'time' }
  | { readonly kind: 'map' }
  | { readonly kind: 'list'; readonly name: string; readonly element: GoType }
  | StructType;

interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: Readonly<Record<string, GoType>>;
}

const STRING: GoType = { kind: 'string', name: 'string' };
const UID: GoType = { kind: 'string', name: 'types.UID' };
const INT64: GoType = { kind: 'int64', name: 'int64' };
const BOOL: GoType = { kind: 'bool', name: 'bool' };
const TIME: GoType = { kind: 'time' };
const MAP: GoType = { kind: 'map' };

const OWNER_REFERENCE: GoType = {
  kind: 'struct',
  name: 'v1.OwnerReference',
  fields: { apiVersion: STRING, kind: STRING, name: STRING, uid: UID, controller: BOOL, blockOwnerDeletion: BOOL },
};
const MANAGED_FIELDS_ENTRY: GoType = {
  kind: 'struct',
  name: 'v1.ManagedFieldsEntry',
  fields: {
    manager: STRING,
    operation: { kind: 'string', name: 'v1.ManagedFieldsOperationType' },
    apiVersion: STRING,
    time: TIME,
    fieldsType: STRING,
    subresource: STRING,
  },
};
const OBJECT_META: StructType = {
  kind: 'struct',
  name: 'v1.ObjectMeta',
  fields: {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    selfLink: STRING,
    uid: UID,
    resourceVersion: STRING,
    generation: INT64,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: INT64,
    labels: MAP,
    annotations: MAP,
    ownerReferences: { kind: 'list', name: '[]v1.OwnerReference', element: OWNER_REFERENCE },
    finalizers: { kind: 'list', name: '[]string', element: STRING },
    managedFields: { kind: 'list', name: '[]v1.ManagedFieldsEntry', element: MANAGED_FIELDS_ENTRY },
  },
};

/** What Go's decoder calls the kind of a JSON value. */
export function goKindName(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/**
 * The first field of an object's header or metadata that is of another type than the API's, in the words of Go's JSON
 * decoder; undefined when all fit. kubectl looks before it sends an object, because it reads these fields itself.
 */
export function metadataError(object: JsonObject): string | undefined {
  for (const [key, value] of Object.entries(object)) {
    const error = headerFieldError(key, value);
    if (error !== undefined) return error;
  }
  return undefined;
}

function headerFieldError(key: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (key === 'apiVersion' || key === 'kind') return typeError(value, STRING, `metadataOnlyObject.TypeMeta.${key}`);
  if (key !== 'metadata') return undefined;
  return isJsonObject(value)
    ? structError(value, OBJECT_META, 'metadata')
    : mismatch(value, 'metadataOnlyObject.metadata', OBJECT_META.name);
}

function structError(object: JsonObject, type: StructType, path: string): string | undefined {
  const owner = type.name.replace('v1.', '');
  for (const [key, value] of Object.entries(object)) {
    const field = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
    if (field === undefined || value === undefined || value === null) continue;
    const error = typeError(value, field, `${owner}.${path}.${key}`);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** `path` is the field as Go names it: the struct that it is in, then the way to it from the root. */
function typeError(value: JsonValue, type: GoType, path: string): string | undefined {
  if (value === null) return undefined;
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? undefined : mismatch(value, path, type.name);
    case 'bool':
      return typeof value === 'boolean' ? undefined : mismatch(value, path, type.name);
    case 'int64':
      return integerError(value, path);
    case 'time':
      return typeof value === 'string'
        ? goTimeError(value)
        : `json: cannot unmarshal ${goKindName(value)} into Go value of type string`;
    case 'map':
      return isJsonObject(value)
        ? entryError(Object.values(value), STRING, path)
        : mismatch(value, path, 'map[string]string');
    case 'list':
      return Array.isArray(value) ? entryError(value, type.element, path) : mismatch(value, path, type.name);
    case 'struct':
      return isJsonObject(value)
        ? structError(value, type, path.slice(path.indexOf('.') + 1))
        : mismatch(value, path, type.name);
    default:
      return undefined;
  }
}

function entryError(entries: readonly (JsonValue | undefined)[], type: GoType, path: string): string | undefined {
  for (const entry of entries) {
    const error = typeError(entry ?? null, type, path);
    if (error !== undefined) return error;
  }
  return undefined;
}

function integerError(value: JsonValue, path: string): string | undefined {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return undefined;
  return typeof value === 'number'
    ? `json: cannot unmarshal number ${value} into Go struct field ${path} of type int64`
    : mismatch(value, path, 'int64');
}

function mismatch(value: JsonValue, path: string, type: string): string {
  return `json: cannot unmarshal ${goKindName(value)} into Go struct field ${path} of type ${type}`;
}
