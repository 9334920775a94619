import { goQuote } from '../go-text.ts';
import { unquoteCharacter } from './unquote.ts';

/** A number written in a template, in the type that it has where nothing asks for another. */
export type NumberConstant =
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float64'; readonly value: number }
  | { readonly kind: 'overflow' };

const INTEGER = /^([+-]?)(?:0[xX]_?([\da-fA-F_]+)|0[oO]_?([0-7_]+)|0[bB]_?([01_]+)|0_?([0-7_]+)|(0|[1-9][\d_]*))$/;
const HEX_FLOAT = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/;
const DECIMAL_FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const BAD_UNDERSCORE = /^[+-]?_|__|_$|[.eEpP+-]_|_[.eEpP+-]/;
const INT64_LIMIT = 2n ** 63n;
const UINT64_LIMIT = 2n ** 64n;

/** Reads a number by Go's rules. Throws SyntaxError with Go's text when it is none. */
export function numberConstant(text: string): NumberConstant {
  const integer = BAD_UNDERSCORE.test(text) ? undefined : parseInteger(text);
  if (integer !== undefined && integer >= -INT64_LIMIT && integer < INT64_LIMIT) return { kind: 'int', value: integer };
  const isUnsigned = integer !== undefined && integer > 0n && integer < UINT64_LIMIT && !text.startsWith('+');
  if (isUnsigned) return { kind: 'overflow' };
  const float = BAD_UNDERSCORE.test(text) ? undefined : parseFloat64(text.replaceAll('_', ''));
  if (float === undefined) throw new SyntaxError(`illegal number syntax: ${goQuote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new SyntaxError(`integer overflow: ${goQuote(text)}`);
  return { kind: 'float64', value: float };
}

/** Reads a character in single quotes, which is an integer. Throws SyntaxError. */
export function characterConstant(text: string): NumberConstant {
  const { code, rest } = unquoteCharacter(text.slice(1), "'");
  if (rest !== "'") throw new SyntaxError(`malformed character constant: ${text}`);
  return { kind: 'int', value: BigInt(code) };
}

function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, binary, oldOctal, decimal] = match;
  const digits = (part: string): string => part.replaceAll('_', '');
  let value: bigint;
  if (hex !== undefined) value = BigInt(`0x${digits(hex)}`);
  else if (octal !== undefined) value = BigInt(`0o${digits(octal)}`);
  else if (binary !== undefined) value = BigInt(`0b${digits(binary)}`);
  else if (oldOctal !== undefined) value = BigInt(`0o${digits(oldOctal)}`);
  else value = BigInt(digits(decimal ?? '0'));
  return sign === '-' ? -value : value;
}

/** strconv.ParseFloat for what the lexer takes for a number; undefined also for what is too large. */
function parseFloat64(text: string): number | undefined {
  const hex = HEX_FLOAT.exec(text);
  if (hex !== null) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = hex;
    if (whole + fraction === '') return undefined;
    const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
    return Number.isFinite(value) ? (sign === '-' ? -value : value) : undefined;
  }
  const value = DECIMAL_FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
