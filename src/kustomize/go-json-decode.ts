import { compareBytes } from '../model/byte-order.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json-value.ts';
import { KustomizeError } from './kustomize-error.ts';

/** What a Go type takes from JSON. */
export type Shape =
  | { readonly kind: 'string' | 'bool' | 'int64' | 'int' }
  /** Anything, kept as it is. */
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly element: Shape }
  | { readonly kind: 'map'; readonly element: Shape }
  | {
      readonly kind: 'struct';
      /** The Go type's name with its package: `types.Patch`. */
      readonly type: string;
      readonly fields: ReadonlyMap<string, ShapeField>;
    };

export interface ShapeField {
  readonly shape: Shape;
  /** The names of the embedded structs that the field comes from, with dots behind them: `ResId.Gvk.`. */
  readonly embedded: string;
}

export const STRING: Shape = { kind: 'string' };
export const BOOL: Shape = { kind: 'bool' };
export const TEXTS: Shape = { kind: 'list', element: STRING };
export const TEXT_MAP: Shape = { kind: 'map', element: STRING };

export function listOf(element: Shape): Shape {
  return { kind: 'list', element };
}

/** A struct; a key with dots names the embedded structs that the field comes from: `ResId.Gvk.kind`. */
export function struct(type: string, fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields).map(([name, shape]): [string, ShapeField] => {
    const dot = name.lastIndexOf('.') + 1;
    return [name.slice(dot), { shape, embedded: name.slice(0, dot) }];
  });
  return { kind: 'struct', type, fields: new Map(entries) };
}

/**
 * Reads a value as Go's encoding/json decodes it into a struct: names without regard to case, null changes nothing. The
 * result has the names of the shape. Throws KustomizeError in Go's words for a wrong type or an unknown field, the first by
 * the order of keys; `strict` false lets unknown fields pass.
 */
export function decodeGoJson(value: JsonValue, shape: Shape, strict = true): JsonObject {
  const decoded = new Decoder(strict).decode(value, shape, undefined);
  return isJsonObject(decoded) ? decoded : {};
}

/** Where a value stands: the struct that it is in, and the path of names from the root. */
interface Place {
  readonly struct: string;
  readonly path: string;
}

class Decoder {
  readonly #strict: boolean;

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  decode(value: JsonValue, shape: Shape, place: Place | undefined): JsonValue | undefined {
    if (value === null) return undefined;
    switch (shape.kind) {
      case 'any':
        return value;
      case 'list':
        if (!Array.isArray(value)) throw mismatch(value, shape, place);
        return value.map((item) => this.decode(item, shape.element, place) ?? zero(shape.element));
      case 'map':
        return this.#map(value, shape, place);
      case 'struct':
        return this.#struct(value, shape, place);
      case 'string':
      case 'bool':
      case 'int64':
      case 'int':
        if (!fits(value, shape.kind)) throw mismatch(value, shape, place);
        return value;
    }
  }

  #map(value: JsonValue, shape: Shape & { kind: 'map' }, place: Place | undefined): JsonValue {
    if (!isJsonObject(value)) throw mismatch(value, shape, place);
    const result: JsonObject = {};
    for (const key of Object.keys(value).sort(compareBytes)) {
      result[key] = this.decode(value[key] ?? null, shape.element, place) ?? zero(shape.element);
    }
    return result;
  }

  #struct(value: JsonValue, shape: Shape & { kind: 'struct' }, place: Place | undefined): JsonValue {
    if (!isJsonObject(value)) throw mismatch(value, shape, place);
    const result: JsonObject = {};
    for (const key of Object.keys(value).sort(compareBytes)) {
      const name = fieldName(shape.fields, key);
      const field = name === undefined ? undefined : shape.fields.get(name);
      if (name === undefined || field === undefined) {
        if (this.#strict) throw new KustomizeError(`json: unknown field ${JSON.stringify(key)}`);
        continue;
      }
      const path = `${place === undefined ? '' : `${place.path}.`}${field.embedded}${name}`;
      const decoded = this.decode(value[key] ?? null, field.shape, { struct: shape.type.replace(/^.*\./, ''), path });
      if (decoded !== undefined) result[name] = decoded;
    }
    return result;
  }
}

function fieldName(fields: ReadonlyMap<string, ShapeField>, key: string): string | undefined {
  if (fields.has(key)) return key;
  const folded = key.toLowerCase();
  for (const name of fields.keys()) if (name.toLowerCase() === folded) return name;
  return undefined;
}

function fits(value: JsonValue, kind: 'string' | 'bool' | 'int64' | 'int'): boolean {
  if (kind === 'string') return typeof value === 'string';
  if (kind === 'bool') return typeof value === 'boolean';
  return typeof value === 'bigint' || Number.isInteger(value);
}

function zero(shape: Shape): JsonValue {
  if (shape.kind === 'string') return '';
  if (shape.kind === 'bool') return false;
  if (shape.kind === 'int' || shape.kind === 'int64') return 0;
  return shape.kind === 'struct' ? {} : null;
}

function mismatch(value: JsonValue, shape: Shape, place: Place | undefined): KustomizeError {
  const target =
    place === undefined
      ? `value of type ${typeText(shape)}`
      : `struct field ${place.struct}.${place.path} of type ${typeText(shape)}`;
  return new KustomizeError(`json: cannot unmarshal ${valueText(value, shape)} into Go ${target}`);
}

function typeText(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return `[]${typeText(shape.element)}`;
    case 'map':
      return `map[string]${typeText(shape.element)}`;
    case 'struct':
      return shape.type;
    case 'any':
      return 'interface {}';
    case 'string':
    case 'bool':
    case 'int64':
    case 'int':
      return shape.kind;
  }
}

function valueText(value: JsonValue, shape: Shape): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return shape.kind === 'int' || shape.kind === 'int64' ? `number ${value}` : 'number';
}
