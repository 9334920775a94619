import { isJsonObject, type JsonObject } from '../model/json-value.ts';

/** The objects in a list field; changes made to them are made to the list. */
export function objectsIn(parent: JsonObject, field: string): JsonObject[] {
  const list = parent[field];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
