import { goKind, goTypeName } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { RawJson } from '../raw-json.ts';

const LONE_SURROGATE = /\p{Cs}/gu;

/** A value of a known Go type. */
export type Concrete =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'int64' | 'uint8'; readonly value: bigint }
  | { readonly kind: 'float64'; readonly value: number }
  | { readonly kind: 'slice'; readonly value: readonly JsonValue[]; readonly capacity?: number }
  | { readonly kind: 'map'; readonly value: JsonObject };

/**
 * A value as Go's templates handle it: concrete, or in an `interface {}` as elements of lists and maps are (`of` is null
 * for nil), or undefined for no value at all (the zero reflect.Value).
 */
export type GoValue = Concrete | { readonly kind: 'interface'; readonly of: Concrete | null } | undefined;

/** What Go decodes a JSON value to; null for nil. */
export function concrete(json: JsonValue | undefined): Concrete | null {
  if (json instanceof RawJson) return concrete(json.toJSON());
  if (json === null || json === undefined) return null;
  if (typeof json === 'string') return { kind: 'string', value: json.replaceAll(LONE_SURROGATE, '\ufffd') };
  if (typeof json === 'boolean') return { kind: 'bool', value: json };
  if (typeof json === 'number' || typeof json === 'bigint') {
    return goKind(json) === 'int64' ? { kind: 'int64', value: BigInt(json) } : { kind: 'float64', value: Number(json) };
  }
  return isJsonObject(json) ? { kind: 'map', value: json } : { kind: 'slice', value: json };
}

/** An element of a list or a map. */
export function element(json: JsonValue | undefined): GoValue {
  return { kind: 'interface', of: concrete(json) };
}

/** What is inside an interface; undefined for nil. */
export function unboxed(value: GoValue): Concrete | undefined {
  return value?.kind === 'interface' ? (value.of ?? undefined) : value;
}

/** The name of a value's static type. */
export function typeName(value: Exclude<GoValue, undefined>): string {
  if (value.kind === 'interface') return 'interface {}';
  if (value.kind === 'map') return goTypeName({});
  return value.kind === 'slice' ? goTypeName([]) : value.kind;
}

/** Whether a value counts as true: not nothing, not nil, not the zero of its type, not empty. */
export function isTrue(value: GoValue): boolean {
  const inner = unboxed(value);
  if (inner === undefined) return false;
  switch (inner.kind) {
    case 'slice':
      return inner.value.length > 0;
    case 'map':
      return Object.values(inner.value).some((field) => field !== undefined);
    case 'string':
    case 'bool':
    case 'int':
    case 'int64':
    case 'uint8':
    case 'float64':
      return Boolean(inner.value);
  }
}

export function goBool(value: boolean): Concrete {
  return { kind: 'bool', value };
}

export function goInt(value: number): Concrete {
  return { kind: 'int', value: BigInt(value) };
}
