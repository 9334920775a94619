import { goQuote } from '../../../../model/go-text.ts';
import { CelError } from '../cel-error.ts';
import { formatText } from './format-text.ts';
import type { FunctionTable } from './function-table.ts';

/** cel-go's strings extension in version 2. Positions count characters, not UTF-16 units. */
export const STRING_FUNCTIONS: FunctionTable = {
  'string.charAt(int): string': (text: string, index: bigint) => {
    const characters = Array.from(text);
    if (index < 0n || index > BigInt(characters.length)) throw outOfRange(index);
    return characters[Number(index)] ?? '';
  },
  'string.indexOf(string): int': (text: string, wanted: string) => indexOf(text, wanted, 0n),
  'string.indexOf(string, int): int': indexOf,
  'string.lastIndexOf(string): int': (text: string, wanted: string) =>
    lastIndexOf(text, wanted, BigInt(Array.from(text).length)),
  'string.lastIndexOf(string, int): int': lastIndexOf,
  'string.lowerAscii(): string': (text: string) => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()),
  'string.upperAscii(): string': (text: string) => text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase()),
  'string.trim(): string': (text: string) => text.trim(),
  'string.replace(string, string): string': (text: string, from: string, to: string) => replace(text, from, to, -1n),
  'string.replace(string, string, int): string': replace,
  'string.split(string): list<string>': (text: string, separator: string) => split(text, separator, -1n),
  'string.split(string, int): list<string>': split,
  'string.substring(int): string': (text: string, start: bigint) =>
    substring(text, start, BigInt(Array.from(text).length)),
  'string.substring(int, int): string': substring,
  'list<string>.join(): string': (list: readonly string[]) => list.join(''),
  'list<string>.join(string): string': (list: readonly string[], separator: string) => list.join(separator),
  'string.format(list): string': (text: string, values: readonly unknown[]) => formatText(text, values),
};

/** `strings.quote`, which the library has as a function of a namespace. */
export function quoteText(text: string): string {
  return goQuote(text);
}

function outOfRange(index: bigint): CelError {
  return new CelError(`index out of range: ${index}`);
}

function indexOf(text: string, wanted: string, from: bigint): bigint {
  if (wanted === '') return from;
  const characters = Array.from(text);
  const letters = Array.from(wanted);
  if (from < 0n || from >= BigInt(Math.max(characters.length, 1))) throw outOfRange(from);
  const begin = characters.slice(0, Number(from)).join('').length;
  const found = text.indexOf(letters.join(''), begin);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
}

function lastIndexOf(text: string, wanted: string, from: bigint): bigint {
  if (wanted === '') return from;
  const characters = Array.from(text);
  if (from < 0n || from > BigInt(characters.length)) throw outOfRange(from);
  const begin = characters.slice(0, Number(from)).join('').length;
  const found = text.lastIndexOf(wanted, begin);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
}

function replace(text: string, from: string, to: string, times: bigint): string {
  if (times < 0n) return text.replaceAll(from, () => to);
  const limit = Number(times);
  const parts = from === '' ? Array.from(text) : text.split(from);
  if (from === '') return parts.map((part, index) => (index < limit ? to + part : part)).join('');
  const head = parts.slice(0, limit + 1).join(to);
  const tail = parts.slice(limit + 1);
  return tail.length === 0 ? head : `${head}${from}${tail.join(from)}`;
}

function split(text: string, separator: string, most: bigint): string[] {
  const limit = Number(most);
  if (limit === 0) return [];
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function substring(text: string, start: bigint, end: bigint): string {
  const characters = Array.from(text);
  const size = BigInt(characters.length);
  if (start < 0n || start > size) throw outOfRange(start);
  if (end < 0n || end > size) throw outOfRange(end);
  if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  return characters.slice(Number(start), Number(end)).join('');
}
