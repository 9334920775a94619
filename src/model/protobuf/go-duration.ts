import { ProtobufError } from './protobuf-error.ts';

const MICROSECOND = 1000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: MICROSECOND,
  µs: MICROSECOND,
  μs: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

/** A number of nanoseconds as Go's Duration prints it: `1h0m0s`, `1.5s`, `100ms`. */
export function formatDuration(nanoseconds: number | bigint): string {
  let left = BigInt(nanoseconds);
  if (left === 0n) return '0s';
  const sign = left < 0n ? '-' : '';
  if (left < 0n) left = -left;
  if (left < MICROSECOND) return `${sign}${left}ns`;
  if (left < MILLISECOND) return `${sign}${decimal(left, MICROSECOND)}µs`;
  if (left < SECOND) return `${sign}${decimal(left, MILLISECOND)}ms`;
  const hours = left / HOUR;
  const minutes = (left % HOUR) / MINUTE;
  const seconds = `${decimal(left % MINUTE, SECOND)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : sign + seconds;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = value % unit;
  if (fraction === 0n) return `${value / unit}`;
  const digits = fraction.toString().padStart(unit.toString().length - 1, '0');
  return `${value / unit}.${digits.replace(/0+$/, '')}`;
}

/** Reads what Go's ParseDuration reads; nanoseconds. Throws ProtobufError. */
export function parseDuration(text: string): bigint {
  const wrong = (): ProtobufError => new ProtobufError(`time: invalid duration ${JSON.stringify(text)}`);
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0n;
  if (body === '') throw wrong();
  const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0n;
  while (part.lastIndex < body.length) {
    const [all, whole = '', fraction = '', unit = ''] = part.exec(body) ?? [];
    if (all === undefined || whole + fraction === '') throw wrong();
    const size = UNITS[unit] ?? 1n;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  const value = text.startsWith('-') ? -total : total;
  if (BigInt.asIntN(64, value) !== value) throw wrong();
  return value;
}
