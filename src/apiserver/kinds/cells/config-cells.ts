import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { partOf, textIn } from '../fields.ts';
import { ageOf, nameOf } from './cells.ts';

export function configMapCells(object: KubeObject, now: Date): JsonValue[] {
  const keys = Object.keys(partOf(object, 'data')).length + Object.keys(partOf(object, 'binaryData')).length;
  return [nameOf(object), keys, ageOf(object, now)];
}

export function secretCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), textIn(object, 'type'), Object.keys(partOf(object, 'data')).length, ageOf(object, now)];
}

/** Kinds that show nothing but their name and age. */
export function nameAndAgeCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), ageOf(object, now)];
}

/** The default table: a name and the time of creation. */
export function nameAndCreationCells(object: KubeObject): JsonValue[] {
  return [nameOf(object), object.metadata.creationTimestamp ?? null];
}
