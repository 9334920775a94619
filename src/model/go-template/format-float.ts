import { binaryParts, exactDecimal, roundDecimal, shortestDecimal } from './exact-decimal.ts';
import type { Decimal } from './exact-decimal.ts';

/**
 * strconv.FormatFloat for finite and other doubles. `precision` -1 stands for as many digits as needed. Formats: e, E, f, g,
 * G, b, x, X.
 */
export function formatFloat(value: number, format: string, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + magnitude(value, format, precision);
}

function magnitude(value: number, format: string, precision: number): string {
  switch (format) {
    case 'b': {
      const { mantissa, exponent } = binaryParts(value);
      return `${mantissa}p${signed(exponent, 1)}`;
    }
    case 'x':
      return hexFloat(value, precision);
    case 'X':
      return hexFloat(value, precision).toUpperCase();
    case 'e':
    case 'E':
      if (precision >= 0) return exponential(roundDecimal(exactDecimal(value), precision + 1), precision, format);
      return shortestExponential(value, format);
    case 'f': {
      const exact = exactDecimal(value);
      const decimal = precision < 0 ? shortestDecimal(value) : roundDecimal(exact, exact.point + precision);
      return fixed(decimal, precision < 0 ? Math.max(decimal.digits.length - decimal.point, 0) : precision);
    }
    default:
      return general(value, precision, format === 'G' ? 'E' : 'e');
  }
}

function shortestExponential(value: number, letter: string): string {
  const decimal = shortestDecimal(value);
  return exponential(decimal, Math.max(decimal.digits.length - 1, 0), letter);
}

function general(value: number, precision: number, letter: string): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const decimal = isShortest ? shortestDecimal(value) : roundDecimal(exactDecimal(value), wanted);
  const count = decimal.digits.length;
  let limit = isShortest ? 6 : wanted;
  if (!isShortest && limit > count && count >= decimal.point) limit = count;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) return exponential(decimal, Math.max(count - 1, 0), letter);
  return fixed(decimal, Math.max(count - decimal.point, 0));
}

function exponential({ digits, point }: Decimal, places: number, letter: string): string {
  const padded = digits.padEnd(places + 1, '0');
  const exponent = digits === '' ? 0 : point - 1;
  return `${padded.charAt(0)}${places > 0 ? `.${padded.slice(1)}` : ''}${letter}${signed(exponent, 2)}`;
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, places)) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

/** `0x1.8p+01`: one binary digit before the point. */
function hexFloat(value: number, precision: number): string {
  let { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  const shift = 53 - mantissa.toString(2).length;
  mantissa <<= BigInt(shift);
  exponent += 52 - shift;
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(52 - 4 * precision);
    const half = 1n << (drop - 1n);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && mantissa % 2n === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const hex = (mantissa & (2n ** 52n - 1n)).toString(16).padStart(13, '0');
  const fraction = precision < 0 ? hex.replace(/0+$/, '') : hex.slice(0, precision).padEnd(precision, '0');
  return `0x1${fraction === '' ? '' : `.${fraction}`}p${signed(exponent, 2)}`;
}

function signed(exponent: number, width: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(width, '0')}`;
}
