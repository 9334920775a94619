import { compareBytes } from '../byte-order.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { pad } from './format-flags.ts';
import type { FormatFlags } from './format-flags.ts';
import { formatDouble, formatInteger } from './format-number.ts';
import { goBytes } from './go-bytes.ts';
import { asciiQuote, canBackquote, quote } from './go-quote.ts';
import { concrete, typeName } from './go-value.ts';
import type { Concrete } from './go-value.ts';

/** A value as Go's fmt prints it for a verb; a verb that its type does not know gives `%!d(string=x)`. null is nil. */
export function formatValue(value: Concrete | null, verb: string, flags: FormatFlags): string {
  if (value === null) return verb === 'v' || verb === 'T' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatString(typeName(value), 's', flags);
  return goodVerb(value, verb, flags) ?? badVerb(value, verb, flags);
}

/** undefined for a verb that the value's type does not know. */
function goodVerb(value: Concrete, verb: string, flags: FormatFlags): string | undefined {
  switch (value.kind) {
    case 'bool':
      return 'tv'.includes(verb) ? pad(String(value.value), flags) : undefined;
    case 'string':
      return 'vsqxX'.includes(verb) ? formatString(value.value, verb, flags) : undefined;
    case 'float64':
      return formatDouble(value.value, verb, flags);
    case 'int':
    case 'int64':
    case 'uint8':
      return formatInteger(value, verb, flags);
    case 'slice': {
      const parts = value.value.map((item) => nested(item, verb, flags));
      return flags.syntax ? `${typeName(value)}{${parts.join(', ')}}` : `[${parts.join(' ')}]`;
    }
    case 'map': {
      const parts = mapParts(value.value, verb, flags);
      return flags.syntax ? `${typeName(value)}{${parts.join(', ')}}` : `map[${parts.join(' ')}]`;
    }
  }
}

function mapParts(map: JsonObject, verb: string, flags: FormatFlags): string[] {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  return keys.sort(compareBytes).map((key) => {
    const name = formatValue({ kind: 'string', value: key }, verb, flags);
    return `${name}:${nested(map[key], verb, flags)}`;
  });
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
  return pad(flags.plus ? asciiQuote(cut) : quote(cut), flags);
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
