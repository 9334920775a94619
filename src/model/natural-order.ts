const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;
const ZERO = 0x30;

/**
 * The order in which go-yaml v2 prints a mapping's keys: by code point, except that runs of digits go by their value
 * (`v9` before `v10`) and other characters come before letters. Like go-yaml's own it is no total order for odd mixes.
 */
export function compareNatural(left: string, right: string): number {
  if (left === right) return 0;
  const a = Array.from(left);
  const b = Array.from(right);
  const at = a.findIndex((character, index) => character !== b[index]);
  const x = at === -1 ? undefined : a[at];
  const y = at === -1 ? undefined : b[at];
  if (x === undefined || y === undefined) return a.length - b.length;
  const xLetter = LETTER.test(x);
  const yLetter = LETTER.test(y);
  if (xLetter !== yLetter) return yLetter ? -1 : 1;
  const byCodePoint = (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
  return xLetter ? byCodePoint : compareDigits(a, b, at) || byCodePoint;
}

function compareDigits(a: readonly string[], b: readonly string[], at: number): number {
  // A zero counts only when a digit other than zero stands before it.
  const lead = (a[at] === '0' || b[at] === '0') && hasDigitBefore(a, at) ? 1n : 0n;
  const x = digitRun(a, at, lead);
  const y = digitRun(b, at, lead);
  if (x.value !== y.value) return x.value < y.value ? -1 : 1;
  return x.end - y.end;
}

function hasDigitBefore(characters: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0 && DIGIT.test(characters[index] ?? ''); index--) {
    if (characters[index] !== '0') return true;
  }
  return false;
}

/** The digits from `start` on as one int64 that wraps around, as Go's does. */
function digitRun(characters: readonly string[], start: number, lead: bigint): { value: bigint; end: number } {
  let value = lead;
  let end = start;
  for (; end < characters.length && DIGIT.test(characters[end] ?? ''); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((characters[end]?.codePointAt(0) ?? ZERO) - ZERO));
  }
  return { value, end };
}
