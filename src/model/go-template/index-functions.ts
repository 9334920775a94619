import { FunctionError } from './function-error.ts';
import { goBytes, goLength, goString } from './go-bytes.ts';
import { element, goInt, typeName, unboxed } from './go-value.ts';
import type { Concrete, GoValue } from './go-value.ts';

/** The template function `len`. Throws FunctionError for what has no length. */
export function lengthOf(value: GoValue): Concrete {
  if (value === undefined) throw new FunctionError('reflect: call of reflect.Value.Type on zero Value');
  const inner = unboxed(value);
  if (inner === undefined) throw new FunctionError('len of nil pointer');
  if (!hasLength(inner)) throw new FunctionError(`len of type ${typeName(inner)}`);
  return goInt(count(inner));
}

/** The template function `index`: element after element. Throws FunctionError. */
export function indexInto(value: GoValue, indexes: readonly GoValue[]): GoValue {
  let item: GoValue = unboxed(value);
  if (item === undefined) throw new FunctionError('index of untyped nil');
  for (const each of indexes) {
    const inner: Concrete | undefined = unboxed(item);
    if (inner === undefined) throw new FunctionError('index of nil pointer');
    item = elementAt(inner, unboxed(each));
  }
  return item;
}

/** kubectl's template function `exists`: whether `index` would find something that is not nil. */
export function exists(value: GoValue, indexes: readonly GoValue[]): boolean {
  // Go takes a nil that is not looked into for something.
  if (indexes.length === 0) return true;
  let item = unboxed(value);
  for (const each of indexes) {
    if (item === undefined) return false;
    const index = unboxed(each);
    if (item.kind === 'map') {
      if (index !== undefined && index.kind !== 'string') return false;
      item = unboxed(field(item, index?.value ?? ''));
    } else {
      if (!hasLength(item) || !isInteger(index) || index.value < 0n || index.value >= count(item)) return false;
      item = unboxed(elementAt(item, index));
    }
  }
  return item !== undefined;
}

/** The template function `slice`: `x[1:2]` of a string (in bytes) or a list. Throws FunctionError. */
export function sliceOf(value: GoValue, indexes: readonly GoValue[]): Concrete {
  const item = unboxed(value);
  if (item === undefined) throw new FunctionError('slice of untyped nil');
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (item.kind !== 'string' && item.kind !== 'slice') {
    throw new FunctionError(`can't slice item of type ${typeName(item)}`);
  }
  if (item.kind === 'string' && indexes.length === 3) throw new FunctionError('cannot 3-index slice a string');
  const capacity = item.kind === 'string' ? count(item) : (item.capacity ?? grownCapacity(item.value.length));
  const [from = 0, to = count(item), most] = indexes.map((index) => sliceBound(index, capacity));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (most !== undefined && to > most) throw new FunctionError(`invalid slice index: ${to} > ${most}`);
  if (item.kind === 'string') return { kind: 'string', value: goString(goBytes(item.value).subarray(from, to)) };
  const length = to - from;
  const items = item.value.slice(from, to);
  const value2 = items.concat(Array.from({ length: length - items.length }, () => null));
  return { kind: 'slice', value: value2, capacity: (most ?? capacity) - from };
}

/** The capacity that a list has after Go's decoder appended its elements one by one. */
function grownCapacity(length: number): number {
  return length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length));
}

function elementAt(item: Concrete, index: Concrete | undefined): GoValue {
  switch (item.kind) {
    case 'map':
      if (index === undefined) throw new FunctionError('value is nil; should be of type string');
      if (index.kind !== 'string') throw new FunctionError(`value has type ${typeName(index)}; should be string`);
      return field(item, index.value);
    case 'slice': {
      const at = position(index, item.value.length);
      if (at >= item.value.length) throw new FunctionError('reflect: slice index out of range');
      return element(item.value[at]);
    }
    case 'string': {
      const bytes = goBytes(item.value);
      const at = position(index, bytes.length);
      const byte = bytes[at];
      if (byte === undefined) throw new FunctionError('reflect: string index out of range');
      return { kind: 'uint8', value: BigInt(byte) };
    }
    case 'bool':
    case 'int':
    case 'int64':
    case 'uint8':
    case 'float64':
      throw new FunctionError(`can't index item of type ${typeName(item)}`);
  }
}

function field(item: Extract<Concrete, { kind: 'map' }>, name: string): GoValue {
  return element(Object.hasOwn(item.value, name) ? item.value[name] : null);
}

/** Unlike `index`, `slice` does not look into an `interface {}`, so that numbers of the object are refused. */
function sliceBound(index: GoValue, most: number): number {
  if (index?.kind === 'interface') throw new FunctionError(`cannot index slice/array with type ${typeName(index)}`);
  return position(index, most);
}

/** An index as a number from 0 to `most`. */
function position(index: Concrete | undefined, most: number): number {
  if (index === undefined) throw new FunctionError('cannot index slice/array with nil');
  if (!isInteger(index)) throw new FunctionError(`cannot index slice/array with type ${typeName(index)}`);
  if (index.value < 0n || index.value > most) throw new FunctionError(`index out of range: ${index.value}`);
  return Number(index.value);
}

function isInteger(value: Concrete | undefined): value is Extract<Concrete, { value: bigint }> {
  return typeof value?.value === 'bigint';
}

function hasLength(value: Concrete): boolean {
  return value.kind === 'string' || value.kind === 'slice' || value.kind === 'map';
}

function count(value: Concrete): number {
  if (value.kind === 'string') return goLength(value.value);
  if (value.kind === 'slice') return value.value.length;
  return Object.values(value.value).filter((each) => each !== undefined).length;
}
