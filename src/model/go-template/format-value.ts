import { compareBytes } from '../byte-order.ts';
import { goQuote } from '../go-text.ts';
import type { JsonValue } from '../json-value.ts';
import { pad } from './format-flags.ts';
import type { FormatFlags } from './format-flags.ts';
import { formatFloat } from './format-float.ts';
import { goBytes } from './go-bytes.ts';
import { concrete, typeName } from './go-value.ts';
import type { Concrete } from './go-value.ts';

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** A value as Go's fmt prints it for a verb; a verb that its type does not know gives `%!d(string=x)`. null is nil. */
export function formatValue(value: Concrete | null, verb: string, flags: FormatFlags): string {
  if (value === null) return verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatString(typeName(value), 's', flags);
  switch (value.kind) {
    case 'bool':
      return verb === 't' || verb === 'v' ? pad(String(value.value), flags) : badVerb(value, verb, flags);
    case 'string':
      return 'vsqxX'.includes(verb) ? formatString(value.value, verb, flags) : badVerb(value, verb, flags);
    case 'float64':
      return 'vbgGxXfFeE'.includes(verb) ? formatDouble(value.value, verb, flags) : badVerb(value, verb, flags);
    case 'int':
    case 'int64':
    case 'uint8':
      return formatInteger(value, verb, flags);
    case 'slice': {
      const parts = value.value.map((item) => nested(item, verb, flags));
      return flags.syntax ? `${typeName(value)}{${parts.join(', ')}}` : `[${parts.join(' ')}]`;
    }
    case 'map': {
      const keys = Object.keys(value.value).filter((key) => value.value[key] !== undefined);
      const parts = keys.sort(compareBytes).map((key) => {
        const name = formatValue({ kind: 'string', value: key }, verb, flags);
        return `${name}:${nested(value.value[key], verb, flags)}`;
      });
      return flags.syntax ? `${typeName(value)}{${parts.join(', ')}}` : `map[${parts.join(' ')}]`;
    }
  }
}

function nested(item: JsonValue | undefined, verb: string, flags: FormatFlags): string {
  const value = concrete(item);
  if (value === null) return flags.syntax ? 'interface {}(nil)' : '<nil>';
  return formatValue(value, verb, flags);
}

function badVerb(value: Concrete, verb: string, flags: FormatFlags): string {
  return `%!${verb}(${typeName(value)}=${formatValue(value, 'v', flags)})`;
}

function formatString(text: string, verb: string, flags: FormatFlags): string {
  if (verb === 'x' || verb === 'X') return hexString(text, verb, flags);
  const cut = flags.precision === undefined ? text : Array.from(text).slice(0, flags.precision).join('');
  if (verb !== 'q' && !flags.syntax) return pad(cut, flags);
  if (flags.sharp && canBackquote(cut)) return pad(`\`${cut}\``, flags);
  return pad(flags.plus ? asciiQuote(cut) : rawQuote(cut), flags);
}

/** Whether a text can stand in backquotes as it is, on one line. */
function canBackquote(text: string): boolean {
  return Array.from(text).every((rune) => {
    const code = rune.codePointAt(0) ?? 0;
    if (code === 0x60 || code === 0x7f || code === 0xfeff) return false;
    return (code >= 0x20 || code === 0x09) && !(code >= 0xdc80 && code <= 0xdcff);
  });
}

/** strconv.Quote also for bytes that are no UTF-8. */
function rawQuote(text: string): string {
  return goQuote(text).replaceAll(/\\udc([89a-f][\da-f])/g, (escape: string, byte: string, at: number, all: string) =>
    isEscaped(all, at) ? escape : `\\x${byte}`,
  );
}

/** Whether the backslash at this place is the second of a pair. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

function asciiQuote(text: string): string {
  return rawQuote(text).replaceAll(/[^\0-\u007f]/gu, (rune) => {
    const code = (rune.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

function hexString(text: string, verb: string, flags: FormatFlags): string {
  const bytes = goBytes(text).subarray(0, flags.precision);
  const prefix = flags.sharp ? `0${verb}` : '';
  const pairs = Array.from(bytes, (byte) => {
    const pair = byte.toString(16).padStart(2, '0');
    return verb === 'X' ? pair.toUpperCase() : pair;
  });
  if (pairs.length === 0) return pad('', flags);
  return pad(flags.space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join(''), flags);
}

type Integer = Extract<Concrete, { kind: 'int64' | 'int' | 'uint8' }>;

function formatInteger(value: Integer, verb: string, flags: FormatFlags): string {
  if (verb === 'v' && flags.syntax && value.kind === 'uint8')
    return digitsOf(value.value, 'x', { ...flags, sharp: true });
  if (BASES[verb] !== undefined) return digitsOf(value.value, verb, flags);
  const code = value.value >= 0n && value.value <= 0x10ffffn ? Number(value.value) : 0xfffd;
  const rune = code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
  switch (verb) {
    case 'c':
      return pad(rune, flags);
    case 'q': {
      const quote = flags.plus ? asciiQuote(rune) : goQuote(rune);
      const inner = quote.slice(1, -1);
      return pad(`'${inner === "'" ? "\\'" : inner === '\\"' ? '"' : inner}'`, flags);
    }
    case 'U':
      return unicodeText(value.value, rune, flags);
    default:
      return badVerb(value, verb, flags);
  }
}

function unicodeText(value: bigint, rune: string, flags: FormatFlags): string {
  const hex = BigInt.asUintN(64, value)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 4, 4), '0');
  const shown = flags.sharp && value >= 0n && value <= 0x10ffffn && PRINTABLE.test(rune) ? ` '${rune}'` : '';
  return pad(`U+${hex}${shown}`, { ...flags, zero: false });
}

function digitsOf(value: bigint, verb: string, flags: FormatFlags): string {
  const { precision, width } = flags;
  if (precision === 0 && value === 0n) return pad('', { ...flags, zero: false, minus: true });
  const sign = value < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  const least = precision ?? (flags.zero && !flags.minus ? (width ?? 0) - sign.length : 0);
  let digits = (value < 0n ? -value : value).toString(BASES[verb] ?? 10).padStart(least, '0');
  if (verb === 'X') digits = digits.toUpperCase();
  let prefix = '';
  if (verb === 'O') prefix = '0o';
  if (flags.sharp && verb === 'b') prefix = '0b';
  if (flags.sharp && (verb === 'x' || verb === 'X')) prefix = `0${verb}`;
  if (flags.sharp && (verb === 'o' || verb === 'O') && !digits.startsWith('0')) prefix += '0';
  return pad(sign + prefix + digits, { ...flags, zero: false });
}

function formatDouble(value: number, verb: string, flags: FormatFlags): string {
  const format = verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb;
  const precision = flags.precision ?? ('fFeE'.includes(verb) ? 6 : -1);
  const text = formatFloat(value, format, precision);
  let sign = text.startsWith('-') ? '-' : '+';
  let number = text.replace(/^[-+]/, '');
  if (flags.space && sign === '+' && !flags.plus) sign = ' ';
  if (!Number.isFinite(value)) {
    const shown = flags.plus || sign !== '+' ? sign + number : number;
    return pad(shown, { ...flags, zero: false });
  }
  if (flags.sharp && verb !== 'b') number = withPoint(number, verb, precision);
  if (!flags.plus && sign === '+') return pad(number, flags);
  if (flags.zero && !flags.minus && flags.width !== undefined) return sign + number.padStart(flags.width - 1, '0');
  return pad(sign + number, flags);
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
