import { goKind, goText } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { ownField, ownFields, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/** In an object or a list item: `replace`, `delete` (and, elsewhere than in objects, `merge`). */
export const PATCH = '$patch';
/** In an object: the only fields that may remain. */
export const RETAIN_KEYS = '$retainKeys';
/** Before `/` and a list's name: the order of its items. */
export const SET_ORDER = '$setElementOrder';
/** Before `/` and the name of a list of scalars: the items to remove. */
export const DELETE_FROM_LIST = '$deleteFromPrimitiveList';

const BAD_FORMATS: Record<string, string> = {
  [DELETE_FROM_LIST]: 'invalid patch format of primitive list',
  [RETAIN_KEYS]: 'invalid patch format of retainKeys',
  [SET_ORDER]: 'invalid patch format of setElementOrder list',
};

/** The complaint about a directive that is not written as it must be. */
export function badFormat(directive: typeof RETAIN_KEYS | typeof SET_ORDER | typeof DELETE_FROM_LIST): PatchError {
  return new PatchError('BadRequest', BAD_FORMATS[directive] ?? directive);
}

/** The field that `PREFIX/FIELD` is about; the whole key where the field's name is empty, as upstream. */
export function directiveField(key: string, prefix: typeof SET_ORDER | typeof DELETE_FROM_LIST): string {
  if (!key.startsWith(`${prefix}/`)) throw badFormat(prefix);
  return key.slice(prefix.length + 1);
}

export function unknownDirective(directive: JsonValue, item: JsonObject): PatchError {
  const kind = goKind(directive);
  const plain = kind === 'string' || kind === 'map' || kind === 'slice';
  const text = kind === 'nil' ? '%!s(<nil>)' : plain ? goText(directive) : `%!s(${kind}=${goText(directive)})`;
  return new PatchError('Internal', `unknown patch type: ${text} in map: ${goText(item)}`);
}

/** A value without the objects in it that hold a `$patch`; undefined when it is one itself. Changes what it is given. */
export function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  if (ownField(value, PATCH) !== undefined) return undefined;
  for (const [key, field] of ownFields(value)) {
    const kept = withoutDirectives(field);
    if (kept === undefined) delete value[key];
    else setOwnField(value, key, kept);
  }
  return value;
}
