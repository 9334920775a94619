/** How a quantity was written, and is written again: `1500m`, `128Mi`, `12e6`. */
type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/**
 * A resource quantity (apimachinery's resource.Quantity): `unscaled` x 10^`scale`, the scale never below -9. `text` is kept
 * where Go keeps what it read because it takes it for canonical.
 */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  readonly text?: string;
}

/** A text is no quantity; the messages are apimachinery's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const FORM_WRONG = `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`;
const SUFFIX_WRONG = `unable to parse quantity's suffix`;

const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);
const DECIMAL_SUFFIXES: ReadonlyMap<number, string> = new Map(
  [...DECIMAL].map(([suffix, exponent]) => [exponent, suffix]),
);
const BINARY_SUFFIXES: ReadonlyMap<number, string> = new Map(
  [...BINARY].map(([suffix, exponent]) => [exponent, suffix]),
);

const NANO = -9;
const MAX_INT64 = 2n ** 63n - 1n;
/** Digits that Go trusts an int64 with. */
const MAX_FACTORS = 18;
/** Beyond this, exponents are meant to harm: adding such quantities would make numbers of a billion digits. */
const MAX_ALIGNMENT = 100_000;

interface Suffix {
  readonly format: QuantityFormat;
  readonly exponent: number;
}

interface Parts {
  readonly negative: boolean;
  /** Without leading zeros; '0' when nothing is left. */
  readonly num: string;
  readonly denom: string;
  readonly suffix: Suffix;
}

/** Reads a quantity as ParseQuantity does, with its oddities (`Ki` and `+` are zero). Throws QuantityError. */
export function parseQuantity(text: string): Quantity {
  if (text === '') throw new QuantityError(FORM_WRONG);
  if (text === '0') return { unscaled: 0n, scale: 0, format: 'DecimalSI', text };
  const parts = split(text);
  const exact = exactQuantity(parts);
  if (exact === undefined) return roundedQuantity(parts);
  return isTakenAsCanonical(parts, exact.scale) ? { ...exact, text } : exact;
}

function split(text: string): Parts {
  const found = /^([+-]?)0*([1-9]\d*)?(?:\.(\d*))?((?:[eEinumkKMGTP]+[-+]?\d*|[-+]\d*)?)$/.exec(text);
  if (found === null) throw new QuantityError(FORM_WRONG);
  const [, sign = '', num = '0', denom = '', suffix = ''] = found;
  return { negative: sign === '-', num, denom, suffix: readSuffix(suffix) };
}

function readSuffix(suffix: string): Suffix {
  const decimal = DECIMAL.get(suffix);
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = BINARY.get(suffix);
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined) throw new QuantityError(SUFFIX_WRONG);
  const value = BigInt(exponent.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value) throw new QuantityError(SUFFIX_WRONG);
  return { format: 'DecimalExponent', exponent: Number(BigInt.asIntN(32, value)) };
}

/** The quantity where Go's int64 arithmetic holds it exactly. */
function exactQuantity({ negative, num, denom, suffix }: Parts): Quantity | undefined {
  const { format, exponent } = suffix;
  let scale = 0;
  let unscaled: bigint;
  if (format === 'BinarySI') {
    if (denom !== '' || 15 - num.length - Math.trunc((exponent * 3) / 10) - 1 < 0) return undefined;
    unscaled = BigInt(num) << BigInt(exponent);
  } else {
    scale = exponent - denom.length;
    if (num.length + denom.length > MAX_FACTORS || scale < NANO) return undefined;
    unscaled = BigInt(num + denom);
  }
  if (unscaled > MAX_INT64) return undefined;
  return { unscaled: negative ? -unscaled : unscaled, scale, format };
}

/** Where Go keeps the text that it read: a cheap test that is wrong for some (`1500` stays, though `1.5k` is canonical). */
function isTakenAsCanonical({ num, denom, suffix }: Parts, scale: number): boolean {
  if (suffix.format === 'BinarySI') return (BigInt(num) & 7n) !== 0n;
  const shifted = num + denom;
  return scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}

/** The quantity by arbitrary precision: rounded up, away from zero, to nano; a binary one has an int64 at most. */
function roundedQuantity({ negative, num, denom, suffix }: Parts): Quantity {
  let { format } = suffix;
  let unscaled = BigInt(num + denom);
  let scale = -denom.length;
  if (format === 'BinarySI') unscaled <<= BigInt(suffix.exponent);
  else scale += suffix.exponent;
  if (scale < NANO) [unscaled, scale] = [divideUp(unscaled, NANO - scale), NANO];
  if (format === 'BinarySI') {
    if (unscaled > MAX_INT64 * 10n ** BigInt(-scale)) [unscaled, scale] = [MAX_INT64, 0];
    if (unscaled > 0n && unscaled < 10n ** BigInt(-scale)) format = 'DecimalSI';
  }
  return { unscaled: negative ? -unscaled : unscaled, scale, format };
}

/** A number that is not negative, over 10^`digits`, rounded up. */
function divideUp(value: bigint, digits: number): bigint {
  if (value === 0n) return 0n;
  if (digits > value.toString().length) return 1n;
  const divisor = 10n ** BigInt(digits);
  return (value + divisor - 1n) / divisor;
}

/**
 * A quantity's text (Quantity.String): with the greatest suffix that leaves no fraction. As in Go, a decimal quantity of
 * 10^21 or more loses its suffix, because there is none.
 */
export function formatQuantity({ unscaled, scale, format, text }: Quantity): string {
  if (text !== undefined) return text;
  if (unscaled === 0n) return '0';
  if (format === 'BinarySI') {
    const whole = wholeValue(unscaled, scale);
    if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) return formatBinary(whole);
  }
  let mantissa = unscaled;
  let exponent = scale;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent++;
  }
  const surplus = ((exponent % 3) + 3) % 3;
  mantissa *= 10n ** BigInt(surplus);
  exponent -= surplus;
  if (format === 'DecimalExponent') return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  return `${mantissa}${DECIMAL_SUFFIXES.get(exponent) ?? ''}`;
}

/** The value when it is a whole number; undefined when it is not, or is far beyond any memory. */
function wholeValue(unscaled: bigint, scale: number): bigint | undefined {
  if (scale >= 0) return unscaled * 10n ** BigInt(Math.min(scale, MAX_ALIGNMENT));
  const divisor = 10n ** BigInt(-scale);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

function formatBinary(value: bigint): string {
  let mantissa = value;
  let exponent = 0;
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    exponent += 10;
  }
  return `${mantissa}${BINARY_SUFFIXES.get(exponent) ?? ''}`;
}

/** A quantity's text as a server answers and stores it: what was read, trimmed and made canonical. Throws QuantityError. */
export function canonicalQuantity(text: string): string {
  return formatQuantity(parseQuantity(text.trim()));
}

/** -1, 0 or 1: whether the left quantity is less than, equal to or greater than the right; formats do not matter. */
export function compareQuantity(left: Quantity, right: Quantity): -1 | 0 | 1 {
  const sign = quantitySign(left);
  if (sign !== quantitySign(right)) return sign < quantitySign(right) ? -1 : 1;
  if (sign === 0) return 0;
  // Quantities of different magnitude are told apart without powers of ten, which an exponent could make enormous.
  const magnitudes = magnitude(left) - magnitude(right);
  if (magnitudes !== 0) return magnitudes < 0 === sign > 0 ? -1 : 1;
  const [a, b] = aligned(left, right);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** -1, 0 or 1. */
export function quantitySign({ unscaled }: Quantity): -1 | 0 | 1 {
  if (unscaled === 0n) return 0;
  return unscaled < 0n ? -1 : 1;
}

function magnitude({ unscaled, scale }: Quantity): number {
  return (unscaled < 0n ? -unscaled : unscaled).toString().length + scale;
}

/** Both unscaled values at the finer of the two scales. Throws QuantityError when no machine could hold them. */
function aligned(left: Quantity, right: Quantity): [left: bigint, right: bigint, scale: number] {
  const scale = Math.min(left.scale, right.scale);
  if (Math.max(left.scale, right.scale) - scale > MAX_ALIGNMENT) {
    throw new QuantityError('quantities are too far apart to be added');
  }
  const at = (each: Quantity): bigint => each.unscaled * 10n ** BigInt(each.scale - scale);
  return [at(left), at(right), scale];
}

/** The sum, in the left one's format; a left one of zero takes the right one's. */
export function addQuantity(left: Quantity, right: Quantity): Quantity {
  const { format } = left.unscaled === 0n ? right : left;
  if (left.unscaled === 0n || right.unscaled === 0n) {
    const { unscaled, scale } = left.unscaled === 0n ? right : left;
    return { unscaled, scale, format };
  }
  const [a, b, scale] = aligned(left, right);
  return { unscaled: a + b, scale, format };
}

/** The difference, in the left one's format; a left one of zero takes the right one's. */
export function subtractQuantity(left: Quantity, right: Quantity): Quantity {
  return addQuantity(left, { unscaled: -right.unscaled, scale: right.scale, format: right.format });
}

/**
 * The value as a whole number of 10^`scale`, rounded away from zero (ScaledValue; scale 0 is Value, -3 MilliValue).
 * Throws QuantityError when it has more digits than a machine could hold.
 */
export function quantityValue({ unscaled, scale }: Quantity, at = 0): bigint {
  if (scale - at > MAX_ALIGNMENT) throw new QuantityError('the quantity is too great for a whole number');
  if (scale >= at) return unscaled * 10n ** BigInt(scale - at);
  return unscaled < 0n ? -divideUp(-unscaled, at - scale) : divideUp(unscaled, at - scale);
}
