import { isJsonObject, type JsonObject } from '../json-value.ts';
import type { FieldSchema, TypeSchema, ValueSchema } from '../schema/type-schema.ts';
import { DecodeError } from './decode-error.ts';
import { decodeScalar, jsonTypeName } from './decode-scalar.ts';
import { goTypeText } from './go-type-text.ts';

/** Whose words a wrong JSON type is told in: Go's JSON decoder, or apimachinery's converter of unstructured objects. */
export type DecodeStyle = 'json' | 'unstructured';

export interface TypedValue {
  /** The fields of the type in Go's order, without what Go leaves out and with what it always prints. */
  readonly value: Record<string, unknown>;
  /** The paths of fields that the type does not have: `spec.containers[0].imag`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a JSON value as Go reads a struct of the type and prints it again: unknown fields dropped (and told), nulls and
 * empty values left out where Go leaves them out, zero values written where Go writes them. The answer shares nothing with
 * `input`, RawExtension and other free-form values apart. Throws DecodeError for a value of a wrong type.
 */
export function decodeTyped(type: TypeSchema, input: JsonObject, style: DecodeStyle = 'json'): TypedValue {
  const decoder = new Decoder(style);
  const value = decoder.struct(type, input);
  if (decoder.error !== undefined) throw new DecodeError(decoder.error);
  return { value, unknownFields: decoder.unknownFields };
}

/** What an object has besides its fields, also one within another (a claim template). */
const TYPE_META: ReadonlySet<string> = new Set(['apiVersion', 'kind']);
const ABSENT = Symbol('absent');

class Decoder {
  readonly unknownFields: string[] = [];
  /** The first wrong value; like Go's decoder, it is remembered and the rest is still read. */
  error: string | undefined;
  readonly #style: DecodeStyle;
  /** With indices and map keys, for unknown fields. */
  readonly #path: string[] = [];
  /** Field names alone, for type errors. */
  readonly #fields: string[] = [];
  #struct = '';

  constructor(style: DecodeStyle) {
    this.#style = style;
  }

  struct(type: TypeSchema, input: JsonObject): Record<string, unknown> {
    const outer = this.#struct;
    this.#struct = type.goName;
    const values = new Map<string, unknown>();
    // kubectl's documents have sorted keys, so that errors are told in that order.
    for (const key of Object.keys(input).sort()) {
      const field = key === '' ? undefined : type.field(key);
      if (field === undefined) {
        if (!type.isKind || !TYPE_META.has(key)) this.unknownFields.push([...this.#path, key].join('.'));
        continue;
      }
      this.#path.push(key);
      this.#fields.push(key);
      values.set(key, this.#value(field.value, input[key]));
      this.#path.pop();
      this.#fields.pop();
    }
    this.#struct = outer;
    const output: Record<string, unknown> = {};
    this.#print(type, values, output);
    return output;
  }

  #print(type: TypeSchema, values: ReadonlyMap<string, unknown>, output: Record<string, unknown>): void {
    for (const field of type.fields) {
      if (field.name === '') {
        if (field.value.kind === 'message') this.#print(field.value.message, values, output);
        continue;
      }
      const value = values.has(field.name) ? values.get(field.name) : ABSENT;
      const printed = this.#printed(field, value);
      if (printed !== ABSENT) output[field.name] = printed;
    }
  }

  #printed(field: FieldSchema, value: unknown): unknown {
    if (value === ABSENT || value === null || value === undefined) return this.#zero(field);
    const { kind, pointer } = field.value;
    if (pointer) return value;
    if (field.omitEmpty && isEmpty(kind, value)) return ABSENT;
    if (field.omitZero && kind === 'message' && isJsonObject(value) && isZeroStruct(value)) return ABSENT;
    return value;
  }

  /** What Go prints for a field that is not set. */
  #zero(field: FieldSchema): unknown {
    const { value } = field;
    if (value.pointer || value.kind === 'list' || value.kind === 'map') return field.omitEmpty ? ABSENT : null;
    if (field.omitZero) return ABSENT;
    if (value.kind === 'message') return this.struct(value.message, {});
    if (ALWAYS_PRINTED.has(value.kind)) return zeroScalar(value.kind);
    return field.omitEmpty ? ABSENT : zeroScalar(value.kind);
  }

  #value(schema: ValueSchema, input: unknown): unknown {
    if (input === null || input === undefined) return null;
    if (schema.kind === 'message') {
      return isJsonObject(input) ? this.struct(schema.message, input) : this.#wrong(schema, input);
    }
    if (schema.kind === 'list') {
      return Array.isArray(input) ? this.#list(schema.element, input) : this.#wrong(schema, input);
    }
    if (schema.kind === 'map') {
      return isJsonObject(input) ? this.#map(schema.element, input) : this.#wrong(schema, input);
    }
    const result = decodeScalar(schema.kind, input);
    return 'found' in result ? this.#wrong(schema, input, result.found) : result.value;
  }

  #list(element: ValueSchema, input: readonly unknown[]): unknown[] {
    const last = this.#path.length - 1;
    const name = this.#path[last] ?? '';
    const output = input.map((item, index) => {
      this.#path[last] = `${name}[${index}]`;
      return this.#element(element, item);
    });
    this.#path[last] = name;
    return output;
  }

  #map(element: ValueSchema, input: JsonObject): Record<string, unknown> {
    const output: Record<string, unknown> = {};
    for (const key of Object.keys(input).sort()) {
      this.#path.push(key);
      const value = this.#element(element, input[key]);
      Object.defineProperty(output, key, { value, enumerable: true, writable: true, configurable: true });
      this.#path.pop();
    }
    return output;
  }

  #element(element: ValueSchema, input: unknown): unknown {
    const value = this.#value(element, input);
    if (value !== null || element.pointer) return value;
    if (element.kind === 'message') return this.struct(element.message, {});
    return element.kind === 'list' || element.kind === 'map' ? null : zeroScalar(element.kind);
  }

  #wrong(schema: ValueSchema, input: unknown, found = jsonTypeName(input)): null {
    this.error ??=
      this.#style === 'unstructured'
        ? unstructuredError(schema, input)
        : `json: cannot unmarshal ${found} into Go struct field ${this.#struct}.${this.#fields.join('.')} of type ${goTypeText(schema)}`;
    return null;
  }
}

function unstructuredError({ kind }: ValueSchema, input: unknown): string {
  if (kind === 'message') return `cannot restore struct from: ${unstructuredKind(input)}`;
  if (kind === 'map') return `cannot restore map from ${unstructuredKind(input)}`;
  if (kind === 'list' || kind === 'bytes') return `cannot restore slice from ${unstructuredKind(input)}`;
  return `unrecognized type: ${kind === 'double' ? 'float64' : kind}`;
}

const UNSTRUCTURED_KINDS: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', bigint: 'int64' };

function unstructuredKind(input: unknown): string {
  if (typeof input === 'number') return Number.isInteger(input) ? 'int64' : 'float64';
  return UNSTRUCTURED_KINDS[typeof input] ?? (Array.isArray(input) ? 'slice' : 'map');
}

/** Go prints these even when they are empty, whatever omitempty says, as they are structs. */
const ALWAYS_PRINTED: ReadonlySet<string> = new Set(['Time', 'MicroTime', 'Quantity', 'Duration', 'IntOrString']);

const ZERO_SCALARS: Readonly<Record<string, unknown>> = {
  bool: false,
  string: '',
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  double: 0,
  IntOrString: 0,
  Quantity: '0',
  Duration: '0s',
};

/** What Go prints for a scalar that is not set; null for those that print so. */
function zeroScalar(kind: string): unknown {
  return ZERO_SCALARS[kind] ?? null;
}

/** Whether Go's omitempty leaves the value out. */
function isEmpty(kind: ValueSchema['kind'], value: unknown): boolean {
  if (kind === 'list') return Array.isArray(value) && value.length === 0;
  if (kind === 'map') return isJsonObject(value) && Object.keys(value).length === 0;
  if (kind === 'message' || ALWAYS_PRINTED.has(kind)) return false;
  return value === '' || value === 0 || value === 0n || value === false;
}

/** Whether a printed struct has nothing set. */
function isZeroStruct(value: JsonObject): boolean {
  return Object.values(value).every(
    (field) =>
      field === null || field === '' || field === 0 || field === false || (isJsonObject(field) && isZeroStruct(field)),
  );
}
