import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { childPath } from '../field-path.ts';
import type { Schema } from './schema.ts';
import { propertyPath } from './structural-errors.ts';

const ATOMIC_ITEMS = 'must be atomic as item of a list with x-kubernetes-list-type=set';
const LIST_TYPES = ['atomic', 'set', 'map'];

/** What is wrong with x-kubernetes-list-type and x-kubernetes-list-map-keys of a schema. */
export function listTypeSchemaErrors(schema: Schema, path: string): FieldError[] {
  return [
    ...arrayErrors(schema, path),
    ...keysErrors(schema, path),
    ...(schema.listType === 'map' ? mapErrors(schema, path) : []),
    ...itemErrors(schema, path),
  ];
}

function arrayErrors(schema: Schema, path: string): FieldError[] {
  const { listType, type } = schema;
  if (listType === undefined) return [];
  const errors: FieldError[] = [];
  const where = childPath(path, 'type');
  const text = 'must be array if x-kubernetes-list-type is specified';
  if (type === '') errors.push(required(where, text));
  else if (type !== 'array') errors.push(invalidValue(where, type, text));
  else if (listType === 'set') errors.push(...setItemErrors(schema, childPath(path, 'items')));
  if (!LIST_TYPES.includes(listType)) {
    errors.push(notSupported(childPath(path, 'x-kubernetes-list-type'), listType, LIST_TYPES));
  }
  return errors;
}

function setItemErrors({ items }: Schema, path: string): FieldError[] {
  if (items?.type === 'array' && items.listType !== undefined && items.listType !== 'atomic') {
    return [invalidValue(childPath(path, 'x-kubernetes-list-type'), items.listType, ATOMIC_ITEMS)];
  }
  if (items?.type === 'object' && items.mapType !== 'atomic') {
    return [invalidValue(childPath(path, 'x-kubernetes-map-type'), items.listType ?? null, ATOMIC_ITEMS)];
  }
  return [];
}

function keysErrors({ listMapKeys, listType }: Schema, path: string): FieldError[] {
  if (listMapKeys.length === 0 || listType === 'map') return [];
  const where = childPath(path, 'x-kubernetes-list-type');
  const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
  return [listType === undefined ? required(where, text) : invalidValue(where, listType, text)];
}

function mapErrors({ listMapKeys, items, itemSchemas, json }: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const keysPath = childPath(path, 'x-kubernetes-list-map-keys');
  const itemsPath = childPath(path, 'items');
  if (listMapKeys.length === 0) errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
  if (items === undefined) {
    errors.push(
      itemSchemas.length === 0
        ? required(itemsPath, 'must have a schema if x-kubernetes-list-type is map')
        : invalidValue(itemsPath, json['items'], 'must only have a single schema if x-kubernetes-list-type is map'),
    );
    return errors;
  }
  if (items.type !== 'object') {
    const text = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, invalidValue(childPath(itemsPath, 'type'), items.type, text)];
  }
  const seen = new Set<string>();
  for (const key of listMapKeys) {
    const property = items.properties.get(key);
    if (property === undefined) {
      errors.push(invalidValue(keysPath, listMapKeys, 'entries must all be names of item properties'));
    } else if (property.type === 'array' || property.type === 'object') {
      const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalidValue(childPath(propertyPath(itemsPath, key), 'type'), items.type, text));
    }
    if (seen.has(key)) errors.push(invalidValue(keysPath, listMapKeys, 'must not contain duplicate entries'));
    seen.add(key);
  }
  return errors;
}

/** Items of sets and maps must be told apart: they and their keys are always there. */
function itemErrors({ items, listType, listMapKeys }: Schema, path: string): FieldError[] {
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return [];
  const itemsPath = childPath(path, 'items');
  const errors = items.nullable
    ? [
        fieldForbidden(
          childPath(itemsPath, 'nullable'),
          `cannot be nullable when x-kubernetes-list-type is ${listType}`,
        ),
      ]
    : [];
  if (listType === 'set') return errors;
  const because = 'this property is in x-kubernetes-list-map-keys, so it';
  for (const key of listMapKeys) {
    const property = items.properties.get(key);
    if (property === undefined) continue;
    const where = propertyPath(itemsPath, key);
    if (!items.required.includes(key) && property.default === undefined) {
      errors.push(required(childPath(where, 'default'), `${because} must have a default or be a required property`));
    }
    if (property.nullable) errors.push(fieldForbidden(childPath(where, 'nullable'), `${because} cannot be nullable`));
  }
  return errors;
}
