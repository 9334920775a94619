import { goFloat } from '../../../../model/go-number.ts';
import { CelError } from '../cel-error.ts';

/** `'%s is %d'.format(['x', 1])`, as cel-go's strings extension has it. */
export function formatText(text: string, values: readonly unknown[]): string {
  let at = 0;
  return text.replaceAll(/%(?:\.(\d+))?(.)?/gs, (clause: string, precision: string | undefined, verb = '') => {
    if (clause === '%%') return '%';
    if (at >= values.length) throw new CelError(`index ${at} out of range`);
    const value = values[at++];
    return formatOne(verb, value, precision === undefined ? 6 : Number(precision));
  });
}

/** How a verb prints a value; undefined for a value that it cannot print. */
type Formatter = (value: unknown, precision: number) => string | undefined;

const integerIn =
  (base: number): Formatter =>
  (value) =>
    typeof value === 'bigint' ? value.toString(base) : undefined;
const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const FORMATTERS: Readonly<Record<string, Formatter>> = {
  s: textOf,
  d: integerIn(10),
  f: (value, precision) => (isNumber(value) ? Number(value).toFixed(precision) : undefined),
  e: (value, precision) => (isNumber(value) ? exponential(Number(value), precision) : undefined),
  b: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : integerIn(2)(value, 0)),
  o: integerIn(8),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
};

function formatOne(verb: string, value: unknown, precision: number): string {
  const formatter = FORMATTERS[verb];
  if (formatter === undefined) {
    throw new CelError(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(verb)}`);
  }
  const text = formatter(value, precision);
  if (text === undefined) throw new CelError(`error during formatting: no such overload: cannot format as %${verb}`);
  return text;
}

function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
}

function hexadecimal(value: unknown): string {
  if (typeof value === 'bigint') return value.toString(16);
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  throw new CelError('error during formatting: only integers, byte buffers, and strings can be formatted as hex');
}

/** A value as `%s` prints it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'null';
  if (typeof value === 'number') return goFloat(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item)).join(', ')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, field]) => `${textOf(key)}: ${textOf(field)}`).join(', ')}}`;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return (value as { toString(): string }).toString();
}
