import { isTimestamp } from './yaml-scalar.ts';

/** Values keep these as they are or break the line. */
const KEY_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t' };
/** What a line break inside double quotes looks like when the text goes on in the next line. */
const FOLD = '\\\n';
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const SPACE = /^[\t\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const UNQUOTED_KEY = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u;
/** Words that some YAML reader takes for null, a boolean or a number. */
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n|t|f|nan|inf|infinity)$/i;
const NUMBER =
  /^(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+|0b[01]+|0o[0-7]+|0x[\da-f]+)$/i;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['\u0000', '\\0'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\v', '\\v'],
  ['\u001b', '\\e'],
  ['\u0085', '\\N'],
  ['\u00a0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/**
 * A string as KYAML writes a value: always in double quotes; one with line feeds goes over several lines, each as deep as
 * `level` (two spaces each) and one more, folded so that it reads as the same text.
 */
export function kyamlString(text: string, level: number): string {
  if (!text.includes('\n')) return `"${Array.from(text, escaped).join('')}"`;
  const indent = '  '.repeat(level);
  const lines = text.split('\n');
  const open = lines.pop() ?? '';
  const parts = lines.map((line) => `${lineStart(line, indent)}${Array.from(line, escaped).join('')}\\n${FOLD}`);
  if (open !== '') parts.push(`${lineStart(open, indent)}${Array.from(open, escaped).join('')}${FOLD}`);
  return `"${FOLD}${parts.join('')}${indent}"`;
}

/** A string as KYAML writes a key: unquoted when no YAML reader could take it for something else; always on one line. */
export function kyamlKey(text: string): string {
  if (UNQUOTED_KEY.test(text) && !isMisread(text)) return text;
  return `"${Array.from(text, (rune) => KEY_ESCAPES[rune] ?? escaped(rune)).join('')}"`;
}

/** A blank at a line's beginning would be lost: it is escaped, and other lines get a space more so that they align. */
function lineStart(line: string, indent: string): string {
  return `${indent}${SPACE.test(line.charAt(0)) ? '\\' : ' '}`;
}

function isMisread(text: string): boolean {
  const plain = text.replaceAll('_', '');
  if (WORDS.test(text) || /^(?:nan|inf|infinity)$/i.test(plain)) return true;
  return (NUMBER.test(plain) && isInRange(plain)) || isTimestamp(text);
}

/** strconv gives up on what does not fit; then it is a word like any other. */
function isInRange(number: string): boolean {
  if (/^0[box]/i.test(number)) return /p/i.test(number) || BigInt(number.toLowerCase()) < 2n ** 63n;
  return Number.isFinite(Number(number));
}

function escaped(rune: string): string {
  if (rune === '"' || rune === '\\') return `\\${rune}`;
  if (PRINTABLE.test(rune) || rune === '\t') return rune;
  const named = NAMED.get(rune);
  if (named !== undefined) return named;
  const code = rune.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
