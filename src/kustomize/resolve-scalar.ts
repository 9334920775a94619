import { isTimestamp } from '../model/yaml-scalar.ts';
import { BOOL_TAG, FLOAT_TAG, INT_TAG, NULL_TAG, STRING_TAG } from './yaml-node.ts';

/** What a plain scalar means: its short tag, and its value. A timestamp's value is its text. */
export interface Resolved {
  readonly tag: string;
  readonly value: string | number | bigint | boolean | null;
}

export const TIMESTAMP_TAG = '!!timestamp';
export const MERGE_TAG = '!!merge';

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...words(BOOL_TAG, true, ['true', 'True', 'TRUE']),
  ...words(BOOL_TAG, false, ['false', 'False', 'FALSE']),
  ...words(NULL_TAG, null, ['', '~', 'null', 'Null', 'NULL']),
  ...words(FLOAT_TAG, Number.NaN, ['.nan', '.NaN', '.NAN']),
  ...words(FLOAT_TAG, Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...words(FLOAT_TAG, Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']),
  ...words(MERGE_TAG, '<<', ['<<']),
]);

function words(tag: string, value: Resolved['value'], texts: string[]): [string, Resolved][] {
  return texts.map((text) => [text, { tag, value }]);
}

const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9]\d*))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const LEAST_INT64 = -(2n ** 63n);
const GREATEST_INT64 = 2n ** 63n - 1n;
const GREATEST_UINT64 = 2n ** 64n - 1n;

/**
 * Resolves a plain scalar as go-yaml v3 does, which kustomize reads resources with: `yes` and `on` are strings, `0777` and
 * `0o777` are octal, a date is a timestamp. Integers that a number cannot hold exactly are bigint.
 */
export function resolveScalar(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (text.startsWith('.')) return float(text) ?? { tag: STRING_TAG, value: text };
  if (!/^[-+\d]/.test(text)) return { tag: STRING_TAG, value: text };
  if (isTimestamp(text)) return { tag: TIMESTAMP_TAG, value: text };
  const plain = text.replaceAll('_', '');
  return integer(plain) ?? float(plain) ?? { tag: STRING_TAG, value: text };
}

function float(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: FLOAT_TAG, value } : undefined;
}

function integer(text: string): Resolved | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, binary, oldOctal, decimal] = match;
  const value = BigInt(digits(hex, octal ?? oldOctal, binary, decimal));
  const signed = sign === '-' ? -value : value;
  if (signed < LEAST_INT64 || signed > (sign === '' ? GREATEST_UINT64 : GREATEST_INT64)) return undefined;
  return { tag: INT_TAG, value: exact(signed) };
}

function digits(hex?: string, octal?: string, binary?: string, decimal?: string): string {
  if (hex !== undefined) return `0x${hex}`;
  if (octal !== undefined) return `0o${octal}`;
  return binary === undefined ? (decimal ?? '0') : `0b${binary}`;
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
