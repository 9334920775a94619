/** What a plain scalar means: its short tag as go-yaml names it, and its value. */
export interface ResolvedScalar {
  readonly tag: '!!null' | '!!bool' | '!!int' | '!!float' | '!!timestamp' | '!!str';
  readonly value: string | number | bigint | boolean | null;
}

const WORDS: ReadonlyMap<string, ResolvedScalar> = new Map<string, ResolvedScalar>([
  ...words('!!bool', true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words('!!bool', false, 'n N no No NO false False FALSE off Off OFF'),
  ...words('!!null', null, '~ null Null NULL'),
  ...words('!!float', Number.NaN, '.nan .NaN .NAN'),
  ...words('!!float', Number.POSITIVE_INFINITY, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words('!!float', Number.NEGATIVE_INFINITY, '-.inf -.Inf -.INF'),
]);

function words(tag: ResolvedScalar['tag'], value: ResolvedScalar['value'], texts: string): [string, ResolvedScalar][] {
  return texts.split(' ').map((text) => [text, { tag, value }]);
}

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const GROUPED_FRACTION = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9]\d*))$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;
const LEAST_INT64 = -(2n ** 63n);
const GREATEST_INT64 = 2n ** 63n - 1n;
const GREATEST_UINT64 = 2n ** 64n - 1n;

/**
 * Resolves an untagged plain scalar as go-yaml v2 does (YAML 1.1 without base 60): `y` and `on` are booleans, `012` and
 * `0o12` are 10, `1_000` is 1000, a date is a timestamp whose value stays its text. Integers outside int64 become the
 * nearest double, as they do on kubectl's way through JSON; integers that a number cannot hold exactly are bigint.
 */
export function resolvePlainScalar(text: string): ResolvedScalar {
  const first = text.charCodeAt(0);
  const digit = first >= 0x30 && first <= 0x39;
  if (digit || first === 0x2b || first === 0x2d) return WORDS.get(text) ?? resolveNumber(text);
  if (first === 0x2e) return WORDS.get(text) ?? fraction(text) ?? string(text);
  return WORDS.get(text) ?? string(text);
}

function string(text: string): ResolvedScalar {
  return { tag: '!!str', value: text };
}

function resolveNumber(text: string): ResolvedScalar {
  if (isTimestamp(text)) return { tag: '!!timestamp', value: text };
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return integer(plain) ?? float(plain) ?? string(text);
}

/** A float that begins with its point. Go reads underscores in it only between digits. */
function fraction(text: string): ResolvedScalar | undefined {
  return float(GROUPED_FRACTION.test(text) ? text.replaceAll('_', '') : text);
}

function float(text: string): ResolvedScalar | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  // On kubectl's way through JSON a double without fraction is written as digits, and read again as an integer.
  const digits = Number.isInteger(value) && Math.abs(value) < 1e21;
  return { tag: '!!float', value: digits ? int64OrDouble(BigInt(String(value))) : value };
}

function integer(text: string): ResolvedScalar | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, binary, oldOctal, decimal] = match;
  if (decimal !== undefined && decimal.length < 16) return { tag: '!!int', value: Number(text) + 0 };
  const value = BigInt(digitsOf({ hex, octal: octal ?? oldOctal, binary, decimal }));
  const signed = sign === '-' ? -value : value;
  // Like strconv: a sign in front of a number above int64 is no integer any more.
  if (signed < LEAST_INT64 || signed > (sign === '' ? GREATEST_UINT64 : GREATEST_INT64)) return undefined;
  return { tag: '!!int', value: int64OrDouble(signed) };
}

function digitsOf(part: Record<'hex' | 'octal' | 'binary' | 'decimal', string | undefined>): string {
  if (part.hex !== undefined) return `0x${part.hex}`;
  if (part.octal !== undefined) return `0o${part.octal}`;
  if (part.binary !== undefined) return `0b${part.binary}`;
  return part.decimal ?? '0';
}

/** An integer as a JSON value: a number when it is exact, a bigint inside int64, the nearest double outside. */
export function int64OrDouble(value: bigint): number | bigint {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return value < LEAST_INT64 || value > GREATEST_INT64 ? number : value;
}

/** Whether go-yaml takes the text for a date or a time. */
export function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return part(4) + part(7) < 24 && part(5) + part(8) < 60 && part(6) + part(9) < 60;
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
