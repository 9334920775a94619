import { pad } from './format-flags.ts';
import type { FormatFlags } from './format-flags.ts';
import { formatFloat } from './format-float.ts';
import { asciiQuote, quote } from './go-quote.ts';
import type { Concrete } from './go-value.ts';

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

type Integer = Extract<Concrete, { kind: 'int64' | 'int' | 'uint8' }>;

/** An integer as Go's fmt prints it; undefined for a verb that integers do not know. */
export function formatInteger({ kind, value }: Integer, verb: string, flags: FormatFlags): string | undefined {
  if (verb === 'v' && flags.syntax && kind === 'uint8') return formatDigits(value, 'x', { ...flags, sharp: true });
  if (BASES[verb] !== undefined) return formatDigits(value, verb, flags);
  const code = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
  const rune = code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
  if (verb === 'c') return pad(rune, flags);
  if (verb === 'q') return pad(runeQuote(rune, flags), flags);
  return verb === 'U' ? unicodeText(value, rune, flags) : undefined;
}

/** A character in single quotes. */
function runeQuote(rune: string, flags: FormatFlags): string {
  if (rune === "'") return "'\\''";
  if (rune === '"') return "'\"'";
  const quoted = flags.plus ? asciiQuote(rune) : quote(rune);
  return `'${quoted.slice(1, -1)}'`;
}

function unicodeText(value: bigint, rune: string, flags: FormatFlags): string {
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase();
  const hex = digits.padStart(Math.max(flags.precision ?? 4, 4), '0');
  const shown = flags.sharp && value >= 0n && value <= 0x10ffffn && PRINTABLE.test(rune) ? ` '${rune}'` : '';
  return pad(`U+${hex}${shown}`, { ...flags, zero: false });
}

function formatDigits(value: bigint, verb: string, flags: FormatFlags): string {
  const { precision, width } = flags;
  if (precision === 0 && value === 0n) return pad('', { ...flags, zero: false });
  const sign = signOf(value < 0n, flags);
  const least = precision ?? (flags.zero && !flags.minus ? (width ?? 0) - sign.length : 0);
  const lower = (value < 0n ? -value : value).toString(BASES[verb] ?? 10).padStart(least, '0');
  const digits = verb === 'X' ? lower.toUpperCase() : lower;
  return pad(sign + digitsPrefix(verb, flags.sharp, digits) + digits, { ...flags, zero: false });
}

function signOf(isNegative: boolean, flags: FormatFlags): string {
  if (isNegative) return '-';
  if (flags.plus) return '+';
  return flags.space ? ' ' : '';
}

function digitsPrefix(verb: string, sharp: boolean, digits: string): string {
  const base = BASES[verb];
  const octal = sharp && base === 8 && !digits.startsWith('0') ? '0' : '';
  if (verb === 'O') return `0o${octal}`;
  if (!sharp || base === 10) return '';
  if (base === 8) return octal;
  return `0${verb}`;
}

/** A float as Go's fmt prints it; undefined for a verb that floats do not know. */
export function formatDouble(value: number, verb: string, flags: FormatFlags): string | undefined {
  if (!'vbgGxXfFeE'.includes(verb)) return undefined;
  const precision = flags.precision ?? ('fFeE'.includes(verb) ? 6 : -1);
  const text = formatFloat(value, floatFormat(verb), precision);
  const sign = signOf(text.startsWith('-'), flags);
  const number = text.replace(/^[-+]/, '');
  if (!Number.isFinite(value)) return pad(sign + number, { ...flags, zero: false });
  const shown = flags.sharp && verb !== 'b' ? withPoint(number, verb, precision) : number;
  if (flags.zero && !flags.minus && flags.width !== undefined) {
    return sign + shown.padStart(flags.width - sign.length, '0');
  }
  return pad(sign + shown, flags);
}

function floatFormat(verb: string): string {
  if (verb === 'v') return 'g';
  return verb === 'F' ? 'f' : verb;
}

/** What `#` does to a float: it always has a point, and with %g the zeros at its end stay. */
function withPoint(number: string, verb: string, precision: number): string {
  const tailAt = number.search(verb === 'x' || verb === 'X' ? /[pP]/ : /[eEpP]/);
  let head = tailAt < 0 ? number : number.slice(0, tailAt);
  const tail = tailAt < 0 ? '' : number.slice(tailAt);
  let missing = 'vgGxX'.includes(verb) ? (precision === -1 ? 6 : precision) : 0;
  missing -= /[^0.]/.test(head) ? head.replace('.', '').replace(/^0+/, '').length : 0;
  if (!head.includes('.')) {
    if (head === '0') missing--;
    head += '.';
  }
  return head + '0'.repeat(Math.max(missing, 0)) + tail;
}
