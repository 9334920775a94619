import { UserError } from './user-error.ts';

const NANOSECOND = 1n;
const MICROSECOND = 1000n * NANOSECOND;
const MILLISECOND = 1000n * MICROSECOND;
const SECOND = 1000n * MILLISECOND;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', NANOSECOND],
  ['us', MICROSECOND],
  ['µs', MICROSECOND],
  ['μs', MICROSECOND],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);
const GREATEST = 2n ** 63n - 1n;
const NUMBER = /(\d*)(?:\.(\d*))?/y;
const UNIT = /[^\d.]*/y;

/** Nanoseconds of a duration as Go writes it: `1h30m`, `1.5s`, `-100ms`, `0`. Throws UserError in Go's words. */
export function parseDuration(text: string): bigint {
  const invalid = (): UserError => new UserError(`time: invalid duration ${JSON.stringify(text)}`);
  const negative = text.startsWith('-');
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0n;
  if (body === '') throw invalid();
  let sum = 0n;
  let at = 0;
  while (at < body.length) {
    NUMBER.lastIndex = at;
    const [number = '', whole = '', fraction = ''] = NUMBER.exec(body) ?? [];
    if (whole === '' && fraction === '') throw invalid();
    UNIT.lastIndex = at + number.length;
    const unit = UNIT.exec(body)?.[0] ?? '';
    // Beyond an int64, and long to reckon with.
    if (whole.replace(/^0+/, '').length > 19) throw invalid();
    // Nothing smaller than a nanosecond counts.
    sum += nanoseconds(whole, fraction.slice(0, 30), unitLength(unit, text));
    if (sum > GREATEST + (negative ? 1n : 0n)) throw invalid();
    at += number.length + unit.length;
  }
  return negative ? -sum : sum;
}

function unitLength(unit: string, text: string): bigint {
  if (unit === '') throw new UserError(`time: missing unit in duration ${JSON.stringify(text)}`);
  const length = UNITS.get(unit);
  if (length === undefined) {
    throw new UserError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
  }
  return length;
}

function nanoseconds(whole: string, fraction: string, unit: bigint): bigint {
  const part = fraction === '' ? 0n : (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
  return BigInt(whole === '' ? '0' : whole) * unit + part;
}

/** A duration in nanoseconds as Go prints it: `1h30m0s`, `1.5s`, `100ms`, `0s`. */
export function durationText(duration: bigint): string {
  if (duration === 0n) return '0s';
  const sign = duration < 0n ? '-' : '';
  const length = duration < 0n ? -duration : duration;
  if (length < SECOND) return sign + belowSecond(length);
  const hours = length / HOUR;
  const minutes = (length % HOUR) / MINUTE;
  const seconds = decimal(length % MINUTE, SECOND);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

function belowSecond(length: bigint): string {
  if (length < MICROSECOND) return `${length}ns`;
  return length < MILLISECOND ? `${decimal(length, MICROSECOND)}µs` : `${decimal(length, MILLISECOND)}ms`;
}

/** A length in a unit, with as many decimals as it takes. */
function decimal(length: bigint, unit: bigint): string {
  const fraction = (length % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${length / unit}` : `${length / unit}.${fraction}`;
}

/**
 * How long something took or lives, as kubectl's tables show it: `119s`, `2m`, `9m59s`, `179m`, `7h59m`, `47h`, `7d23h`,
 * `729d`, `7y364d`. Up to a second in the future is `0s`, further `<invalid>`.
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 365 * 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(great: number, greatUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${great}${greatUnit}` : `${great}${greatUnit}${small}${smallUnit}`;
}

/** A duration in one unit only (ShortHumanDuration). */
export function shortHumanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 60) return `${Math.max(seconds, 0)}s`;
  if (seconds < 3600) return `${Math.trunc(seconds / 60)}m`;
  const hours = Math.trunc(seconds / 3600);
  if (hours < 24) return `${hours}h`;
  return hours < 24 * 365 ? `${Math.trunc(hours / 24)}d` : `${Math.trunc(hours / 24 / 365)}y`;
}
