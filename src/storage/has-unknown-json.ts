import { decodeTyped } from '../model/decode/decode-typed.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { typeForKind } from '../model/schema/schema.ts';

/** Whether an object of a built-in kind has fields, or values of a type, that the kind does not have here: reading it as its type loses them. */
export function hasUnknownJson(object: KubeObject): boolean {
  const type = typeForKind(object.apiVersion, object.kind);
  if (type === undefined || !isJsonObject(object)) return false;
  try {
    return decodeTyped(type, object).unknownFields.length > 0;
  } catch {
    return true;
  }
}
