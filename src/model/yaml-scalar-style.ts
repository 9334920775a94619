import { resolvePlainScalar } from './yaml-scalar.ts';

/** What go-yaml's emitter finds out about a string before it chooses a style. */
export interface ScalarAnalysis {
  readonly codePoints: readonly number[];
  readonly multiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

const SPACE = 0x20;
const COLON = 0x3a;
const NUMBER_SIGN = 0x23;
const INDICATORS = new Set(Array.from('#,[]{}&*!|>\'"%@`', (character) => character.codePointAt(0)));
const INDICATORS_BEFORE_SPACE = new Set([0x3f, COLON, 0x2d]);
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
/** Most strings: letters, digits and inner punctuation on one line; nothing that needs a look at each character. */
const SIMPLE = /^[A-Za-z_/][\w./-]*$/;
const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '\\0'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x1b, '\\e'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x85, '\\N'],
  [0xa0, '\\_'],
  [0x2028, '\\L'],
  [0x2029, '\\P'],
]);

/** The style that go-yaml v2 gives a string: blocks for line feeds, double quotes where a plain one would be no string. */
export function styleOf(text: string, analysis: ScalarAnalysis, simpleKey: boolean): ScalarStyle {
  const wanted = wantedStyle(text, analysis, simpleKey);
  if (wanted === 'literal') return analysis.blockAllowed && !simpleKey ? 'literal' : 'double';
  if (wanted === 'double') return 'double';
  const plain = analysis.plainAllowed && !(text === '' && simpleKey);
  if (wanted === 'plain' && plain) return 'plain';
  return analysis.singleAllowed ? 'single' : 'double';
}

function wantedStyle(text: string, analysis: ScalarAnalysis, simpleKey: boolean): ScalarStyle {
  if (simpleKey && analysis.multiline) return 'double';
  if (text.includes('\n')) return 'literal';
  return readsAsOther(text) ? 'double' : 'plain';
}

/** Whether the string, unquoted, would be read as something else than a string. */
export function readsAsOther(text: string): boolean {
  if (text === '') return true;
  return resolvePlainScalar(text).tag !== '!!str' || BASE_60.test(text);
}

/** Looks at a string as go-yaml's emitter does. */
export function scalarAnalysis(text: string): ScalarAnalysis {
  if (SIMPLE.test(text)) return simpleAnalysis(text);
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const breaks = lineBreakFacts(codePoints);
  const first = codePoints[0];
  const last = codePoints.at(-1);
  const indicators = hasBlockIndicators(text, codePoints);
  const special = !codePoints.every(isPrintable);
  const spaceAtEdge = first === SPACE || last === SPACE;
  const breakAtEdge = isLineBreak(first) || isLineBreak(last);
  const flowUnsafe = breaks.breakThenSpace || breaks.spaceThenBreak || special;
  return {
    codePoints,
    multiline: breaks.any,
    plainAllowed: !spaceAtEdge && !breakAtEdge && !flowUnsafe && !breaks.any && !indicators,
    singleAllowed: !flowUnsafe,
    blockAllowed: last !== SPACE && !breaks.spaceThenBreak && !special,
  };
}

function simpleAnalysis(text: string): ScalarAnalysis {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return { codePoints, multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: true };
}

function lineBreakFacts(codePoints: readonly number[]): {
  any: boolean;
  breakThenSpace: boolean;
  spaceThenBreak: boolean;
} {
  const facts = { any: false, breakThenSpace: false, spaceThenBreak: false };
  let previous: number | undefined;
  for (const code of codePoints) {
    if (isLineBreak(code)) {
      facts.any = true;
      if (previous === SPACE) facts.spaceThenBreak = true;
    } else if (code === SPACE && isLineBreak(previous)) {
      facts.breakThenSpace = true;
    }
    previous = code;
  }
  return facts;
}

/** Whether some character would be taken for syntax in block context. */
function hasBlockIndicators(text: string, codePoints: readonly number[]): boolean {
  if (text.startsWith('---') || text.startsWith('...')) return true;
  for (const [index, code] of codePoints.entries()) {
    const blankFollows = isBlank(codePoints[index + 1]);
    if (index === 0) {
      if (INDICATORS.has(code) || (INDICATORS_BEFORE_SPACE.has(code) && blankFollows)) return true;
    } else if ((code === COLON && blankFollows) || (code === NUMBER_SIGN && isBlank(codePoints[index - 1]))) {
      return true;
    }
  }
  return false;
}

function isLineBreak(code: number | undefined): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

function isBlank(code: number | undefined): boolean {
  return code === undefined || code === SPACE || code === 0x09 || code === 0 || isLineBreak(code);
}

/** libyaml's idea of printable: nothing beyond the basic multilingual plane. */
function isPrintable(code: number): boolean {
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  if (code >= 0xa0 && code <= 0xd7ff) return true;
  return code >= 0xe000 && code <= 0xfffd && code !== 0xfeff;
}

/** How a double quoted scalar writes the character; undefined when as itself. */
export function quoteEscape(code: number, always = false): string | undefined {
  const needed = always || !isPrintable(code) || isLineBreak(code) || code === 0x22 || code === 0x5c;
  if (!needed) return undefined;
  const short = ESCAPES.get(code);
  if (short !== undefined) return short;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
