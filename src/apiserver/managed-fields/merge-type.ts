import { isJsonObject, type JsonValue } from '../../model/json-value.ts';
import { RawJson } from '../../model/raw-json.ts';

/**
 * How values of a type are merged and compared (structured-merge-diff's Atom). A type may allow several forms of value;
 * which one counts is what the value is.
 */
export interface MergeType {
  readonly scalar?: 'string' | 'numeric' | 'boolean' | 'untyped';
  readonly list?: ListType;
  readonly map?: MapType;
}

export interface ListType {
  /** Merged as one, or by what its items are (a set), or by the keys of its items. */
  readonly items: 'atomic' | 'set' | 'keyed';
  readonly keys: readonly string[];
  /** The value of a key that an item leaves out; undefined: none. */
  keyDefault(key: string): JsonValue | undefined;
  readonly element: MergeType;
}

/** An object: of a struct, with fields that are known, or of a map. */
export interface MapType {
  readonly atomic: boolean;
  /** The type of a field that is declared by its name. */
  field(name: string): MergeType | undefined;
  /** The type of any other field; undefined when there may be none. */
  readonly element: MergeType | undefined;
}

const noDefault = (): undefined => undefined;

/** Anything, merged as one. */
export const UNTYPED: MergeType = {
  scalar: 'untyped',
  list: {
    items: 'atomic',
    keys: [],
    keyDefault: noDefault,
    get element(): MergeType {
      return UNTYPED;
    },
  },
  map: {
    atomic: true,
    field: noDefault,
    get element(): MergeType {
      return UNTYPED;
    },
  },
};

/** Anything: objects are merged by their fields, lists as one. */
export const DEDUCED: MergeType = {
  ...UNTYPED,
  map: {
    atomic: false,
    field: noDefault,
    get element(): MergeType {
      return DEDUCED;
    },
  },
};

/** The form of a type that a value has; the whole type for null, for nothing and for a value of another form. */
export function formOf(type: MergeType, value: unknown): MergeType {
  if (value === undefined || value === null) return type;
  if (isList(value)) return type.list === undefined ? type : { list: type.list };
  if (isMap(value)) return type.map === undefined ? type : { map: type.map };
  return type.scalar === undefined ? type : { scalar: type.scalar };
}

/** Whether two of a type's forms are the same. */
export function sameForm(left: MergeType, right: MergeType): boolean {
  return left.map === right.map && left.list === right.list && left.scalar === right.scalar;
}

/** Which form is looked at when a type allows several: an object, then a scalar, then a list. */
export function chosenForm({ map, scalar }: MergeType): 'map' | 'scalar' | 'list' {
  if (map !== undefined) return 'map';
  return scalar === undefined ? 'list' : 'scalar';
}

/** The type of a field of an object, declared or not. */
export function fieldType(map: MapType, name: string): MergeType | undefined {
  return map.field(name) ?? map.element;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && !(value instanceof RawJson && !isJsonObject(value.toJSON()));
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (value instanceof RawJson && Array.isArray(value.toJSON()));
}

/** The fields of an object; undefined for anything else. */
export function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  const plain = value instanceof RawJson ? value.toJSON() : value;
  return isJsonObject(plain) ? plain : undefined;
}

/** The items of a list; undefined for anything else. */
export function itemsOf(value: unknown): readonly unknown[] | undefined {
  const plain = value instanceof RawJson ? value.toJSON() : value;
  return Array.isArray(plain) ? plain : undefined;
}

/** The value of a field that an object has of its own. */
export function ownField(fields: Record<string, unknown> | undefined, name: string): unknown {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
