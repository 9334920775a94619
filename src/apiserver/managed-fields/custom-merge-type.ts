import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import { isJsonObject } from '../../model/json-value.ts';
import { typeByName } from '../../model/schema/schema.ts';
import { builtInMergeType } from './built-in-merge-type.ts';
import { DEDUCED, type ListType, type MapType, type MergeType, UNTYPED } from './merge-type.ts';

const STRING: MergeType = { scalar: 'string' };
const ANY_SCALAR: MergeType = { scalar: 'untyped' };

/** How objects of a custom kind are merged: by the kind's openAPIV3Schema, with metadata as every kind has it. */
export function customMergeType(schema: JsonObject): MergeType {
  const own = typeOfSchema(schema, false);
  const metadata = typeByName('meta.v1.ObjectMeta');
  const common: Readonly<Record<string, MergeType>> = {
    apiVersion: STRING,
    kind: STRING,
    ...(metadata === undefined ? {} : { metadata: builtInMergeType(metadata) }),
  };
  const map: MapType = {
    atomic: false,
    element: own.map?.element,
    field: (name) => (Object.hasOwn(common, name) ? common[name] : own.map?.field(name)),
  };
  return { map };
}

/** `loose`: whether a schema above keeps fields that are not known. */
function typeOfSchema(schema: JsonObject, loose: boolean): MergeType {
  const keeps = loose || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const name = typeof schema['type'] === 'string' ? schema['type'] : '';
  switch (name) {
    case 'object':
      return { map: mapType(schema, keeps) };
    case 'array':
      return { list: listType(schema, keeps) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return schema['format'] === undefined || schema['format'] === 'byte' ? STRING : ANY_SCALAR;
    default:
      return { scalar: 'untyped', list: listType(schema, keeps), map: mapType(schema, keeps) };
  }
}

function mapType(schema: JsonObject, loose: boolean): MapType {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    field(name) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return isJsonObject(property) ? typeOfSchema(property, loose) : undefined;
    },
    get element(): MergeType | undefined {
      const more = schema['additionalProperties'];
      if (isJsonObject(more)) return typeOfSchema(more, loose);
      if (more !== undefined) return more === true ? DEDUCED : undefined;
      return loose || Object.keys(properties).length === 0 ? DEDUCED : undefined;
    },
  };
}

function listType(schema: JsonObject, loose: boolean): ListType {
  const items = isJsonObject(schema['items']) ? schema['items'] : undefined;
  const properties = items !== undefined && isJsonObject(items['properties']) ? items['properties'] : {};
  const keys = Array.isArray(schema['x-kubernetes-list-map-keys']) ? schema['x-kubernetes-list-map-keys'] : [];
  const kind = schema['x-kubernetes-list-type'];
  const keyed = kind === 'map' && keys.length > 0;
  return {
    items: keyed ? 'keyed' : kind === 'set' ? 'set' : 'atomic',
    keys: keyed ? keys.filter((key) => typeof key === 'string') : [],
    keyDefault(key): JsonValue | undefined {
      const property = properties[key];
      return isJsonObject(property) ? property['default'] : undefined;
    },
    get element(): MergeType {
      return items === undefined ? UNTYPED : typeOfSchema(items, loose);
    },
  };
}
