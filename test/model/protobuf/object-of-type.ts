import * as fc from 'fast-check';
import type { FieldSchema, TypeSchema, ValueSchema } from '../../../src/model/schema/type-schema.ts';

type Draw = fc.GeneratorValue;
type Fields = Record<string, unknown>;

const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const INT64 = fc.oneof(
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
);
const STRING = fc.string({ unit: 'grapheme', maxLength: 12 });
const SECONDS = fc.integer({ min: -62_135_596_799, max: 253_402_300_799 });
const JSON_VALUE = fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof(fc.integer(), fc.string(), fc.boolean()), {
  maxKeys: 3,
});

/** Arbitrary values of the kinds, in the form that a server answers them in. */
const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: STRING,
  int32: INT32,
  int64: INT64,
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  uint64: fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n })),
  bool: fc.boolean(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((each) => Buffer.from(each).toString('base64')),
  Time: SECONDS.map((each) => `${new Date(each * 1000).toISOString().slice(0, 19)}Z`),
  MicroTime: fc
    .tuple(SECONDS, fc.nat(999_999))
    .map(([each, micros]) => `${new Date(each * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`),
  Duration: fc.constantFrom('0s', '1ns', '1.5µs', '100ms', '1.5s', '1m0s', '1h0m0.25s', '-2h3m4s'),
  Quantity: fc.constantFrom('0', '1', '500m', '1500', '1Gi', '128Mi', '12e6', '-3n', '7E'),
  IntOrString: fc.oneof(INT32, STRING),
  RawExtension: JSON_VALUE,
  FieldsV1: JSON_VALUE,
  JSON: JSON_VALUE,
};

/** A kind's object with fields drawn at random; never deeper than `depth` messages. */
export function objectOfType(type: TypeSchema, draw: Draw, depth: number): Fields {
  const object: Fields = {};
  for (const field of type.fields) {
    if (field.number === 0) continue;
    if (field.name === '') Object.assign(object, inlined(field, draw, depth));
    else if (draw(fc.nat, 3) > 0) setField(object, field, valueOf(field.value, draw, depth));
  }
  return object;
}

function inlined(field: FieldSchema, draw: Draw, depth: number): Fields {
  return field.value.kind === 'message' ? objectOfType(field.value.message, draw, depth) : {};
}

function setField(object: Fields, field: FieldSchema, value: unknown): void {
  if (value !== undefined) object[field.name] = value;
}

function valueOf(value: ValueSchema, draw: Draw, depth: number): unknown {
  if (value.kind === 'message') return depth > 0 ? objectOfType(value.message, draw, depth - 1) : undefined;
  if (value.kind === 'list') return items(value.element, draw, depth);
  if (value.kind === 'map') {
    return Object.fromEntries(items(value.element, draw, depth).map((item) => [draw(() => STRING), item]));
  }
  if (value.kind.startsWith('JSONSchemaPropsOr')) return schemaOr(value, draw, depth);
  const scalar = SCALARS[value.kind];
  if (scalar === undefined) throw new Error(`no arbitrary ${value.kind}`);
  return draw(() => scalar);
}

/** A JSON schema, or what may stand in its place. */
function schemaOr(value: ValueSchema, draw: Draw, depth: number): unknown {
  const type = 'message' in value ? value.message : undefined;
  if (type !== undefined && depth > 0 && draw(fc.boolean)) return objectOfType(type, draw, depth - 1);
  if (value.kind === 'JSONSchemaPropsOrBool') return draw(fc.boolean);
  return value.kind === 'JSONSchemaPropsOrStringArray' ? ['name', draw(() => STRING)] : undefined;
}

/** One to three items: Go has no difference between an empty list and none. */
function items(element: ValueSchema, draw: Draw, depth: number): unknown[] {
  const count = 1 + draw(fc.nat, 2);
  return Array.from({ length: count }, () => valueOf(element, draw, depth)).filter((item) => item !== undefined);
}
