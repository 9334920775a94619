import { RawJson } from './raw-json.ts';

/**
 * JSON text as it travels between client and server. Integers that a number cannot hold come in as bigint and go out as
 * plain integers again, so that an int64 survives.
 */

const LONG_INTEGER = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** Parses JSON text; of integers beyond 2^53, those of an int64 become bigint, others the nearest double. Throws SyntaxError. */
export function parseWireJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!/\d{16}/.test(text)) return value;
  const mark = freshMark();
  const marked = markLongIntegers(text, mark);
  return marked === text ? value : JSON.parse(marked, (_key, each: unknown) => unmark(each, mark));
}

/** JSON text, compact unless `indent` says otherwise; a bigint is printed as the integer that it is. */
export function wireJsonText(value: unknown, indent = 0): string {
  // Text that a person wrote goes out as it is, for the server to judge.
  if (value instanceof RawJson) return value.bytes.toString('utf8');
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError) || !/BigInt/.test(error.message)) throw error;
  }
  const mark = freshMark();
  const text = JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === 'bigint' ? `${mark}${each}` : each),
    indent,
  );
  return text.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}

/** A text that nobody can have written into a document beforehand. */
function freshMark(): string {
  return `int:${globalThis.crypto.randomUUID()}:`;
}

function unmark(value: unknown, mark: string): unknown {
  return typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
}

/** Replaces unsafe integers outside strings by marked strings. The text is known to be valid JSON. */
function markLongIntegers(text: string, mark: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, end).replaceAll(LONG_INTEGER, (digits) => markUnsafe(digits, mark)));
    if (quote === -1) break;
    at = endOfString(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join('');
}

function markUnsafe(digits: string, mark: string): string {
  if (Number.isSafeInteger(Number(digits))) return digits;
  return BigInt.asIntN(64, BigInt(digits)) === BigInt(digits) ? `"${mark}${digits}"` : digits;
}

function endOfString(text: string, quote: number): number {
  const special = /["\\]/g;
  special.lastIndex = quote + 1;
  while (special.test(text)) {
    if (text[special.lastIndex - 1] === '"') return special.lastIndex;
    special.lastIndex += 1;
  }
  return text.length;
}
