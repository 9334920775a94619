import type { KubeObject } from '../../model/kube-object.ts';

/** Changes the fields of an object from one version of its kind to another; in place or as a new object. */
export type Conversion = (object: KubeObject) => KubeObject;

/** Conversions of kinds whose versions differ in more than their name, as `<kind> <from> <to>`. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {};

/** An object in another version of its kind. Kinds whose versions have the same fields change their apiVersion alone. */
export function convertObject(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const convert = CONVERSIONS[`${object.kind} ${object.apiVersion} ${apiVersion}`];
  const converted = convert === undefined ? object : convert(object);
  const { kind, apiVersion: _from, ...fields } = converted;
  return { kind, apiVersion, ...fields } as KubeObject;
}
