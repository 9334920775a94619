import { canonicalQuantity, QuantityError } from '../quantity.ts';
import type { ScalarKind } from '../schema/type-schema.ts';
import { DecodeError } from './decode-error.ts';

/** What a scalar makes of a value: the value as Go would print it again, or what was wrong. */
export type ScalarResult =
  | { readonly value: unknown }
  /** The value has another JSON type; `found` says it as Go does: `number`, `number 1.5`. */
  | { readonly found: string };

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^[+-]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  number: 'number',
  bigint: 'number',
};

/** Go's name of the type of a JSON value. */
export function jsonTypeName(value: unknown): string {
  return Array.isArray(value) ? 'array' : (JSON_TYPES[typeof value] ?? 'object');
}

/** Values that are kept as they are: the type's own shape is checked where they are used. */
function freeForm(value: unknown): ScalarResult {
  return { value };
}

const DECODERS: Readonly<Record<ScalarKind, (value: unknown) => ScalarResult>> = {
  string: (value) => (typeof value === 'string' ? { value } : { found: jsonTypeName(value) }),
  bool: (value) => (typeof value === 'boolean' ? { value } : { found: jsonTypeName(value) }),
  int32: (value) => decodeInteger(value, -(2n ** 31n), 2n ** 31n - 1n),
  int64: (value) => decodeInteger(value, -(2n ** 63n), 2n ** 63n - 1n),
  uint32: (value) => decodeInteger(value, 0n, 2n ** 32n - 1n),
  uint64: (value) => decodeInteger(value, 0n, 2n ** 64n - 1n),
  double: (value) => (typeof value === 'number' ? { value } : { found: jsonTypeName(value) }),
  bytes: decodeBytes,
  Time: (value) => ({ value: decodeTime(value) }),
  MicroTime: (value) => ({ value: decodeTime(value) }),
  Duration: decodeDuration,
  Quantity: decodeQuantity,
  IntOrString: decodeIntOrString,
  FieldsV1: freeForm,
  RawExtension: freeForm,
  JSON: freeForm,
  JSONSchemaPropsOrArray: freeForm,
  JSONSchemaPropsOrBool: freeForm,
  JSONSchemaPropsOrStringArray: freeForm,
  Any: freeForm,
};

/** Reads a scalar as its Go type does. Throws DecodeError for what a type's own UnmarshalJSON refuses. */
export function decodeScalar(kind: ScalarKind, value: unknown): ScalarResult {
  return DECODERS[kind](value);
}

function decodeIntOrString(value: unknown): ScalarResult {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return { value };
  throw new DecodeError(`json: cannot unmarshal ${numberText(value)} into Go value of type int32`);
}

function numberText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? `number ${value}` : jsonTypeName(value);
}

function decodeInteger(value: unknown, least: bigint, most: bigint): ScalarResult {
  if (typeof value !== 'number' && typeof value !== 'bigint') return { found: jsonTypeName(value) };
  if (typeof value === 'number' && !Number.isInteger(value)) return { found: `number ${value}` };
  const integer = BigInt(value);
  if (integer < least || integer > most) return { found: `number ${value}` };
  return { value };
}

function decodeBytes(value: unknown): ScalarResult {
  if (typeof value !== 'string') return { found: jsonTypeName(value) };
  const text = value.replaceAll(/[\r\n]/g, '');
  const illegal = /[^A-Za-z0-9+/]/.exec(text.replace(/={0,2}$/, ''));
  if (illegal !== null) throw new DecodeError(`illegal base64 data at input byte ${illegal.index}`);
  if (text.length % 4 !== 0) {
    throw new DecodeError(`illegal base64 data at input byte ${text.length - (text.length % 4)}`);
  }
  return { value: text };
}

function decodeTime(value: unknown): string {
  if (typeof value !== 'string') {
    throw new DecodeError(`json: cannot unmarshal ${jsonTypeName(value)} into Go value of type string`);
  }
  if (!RFC3339.test(value) || Number.isNaN(Date.parse(value))) {
    const layout = '2006-01-02T15:04:05Z07:00';
    const [rest, expected] = timeMismatch(value);
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(expected)}`,
    );
  }
  return value;
}

/** Where Go's time.Parse gives up, and what it looked for there. */
function timeMismatch(value: string): [rest: string, expected: string] {
  const parts: [RegExp, string][] = [
    [/^\d{4}/, '2006'],
    [/^-/, '-'],
    [/^\d{2}/, '01'],
    [/^-/, '-'],
    [/^\d{2}/, '02'],
    [/^T/, 'T'],
    [/^\d{2}/, '15'],
    [/^:/, ':'],
    [/^\d{2}/, '04'],
    [/^:/, ':'],
    [/^\d{2}(\.\d+)?/, '05'],
    [/^(Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
  ];
  let rest = value;
  for (const [pattern, expected] of parts) {
    const found = pattern.exec(rest);
    if (found === null) return [rest, expected];
    rest = rest.slice(found[0].length);
  }
  return [rest, ''];
}

function decodeDuration(value: unknown): ScalarResult {
  if (typeof value !== 'string') {
    throw new DecodeError(`json: cannot unmarshal ${jsonTypeName(value)} into Go value of type string`);
  }
  if (!DURATION.test(value)) throw new DecodeError(`time: invalid duration ${JSON.stringify(value)}`);
  return { value };
}

/** Go reads a quantity's text whatever its JSON type, and prints it canonically. */
function decodeQuantity(value: unknown): ScalarResult {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  try {
    return { value: canonicalQuantity(text) };
  } catch (error) {
    throw error instanceof QuantityError ? new DecodeError(error.message) : error;
  }
}
