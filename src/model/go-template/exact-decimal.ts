/** The decimal digits of a number: 0.DIGITS × 10^point. Zero has no digits. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Every decimal digit of a finite number's absolute value; a double has up to some 770. */
export function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  const all = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const text = all.toString();
  const point = text.length + Math.min(exponent, 0);
  return { digits: text.replace(/0+$/, ''), point };
}

/** The fewest digits that still mean the same double. */
export function shortestDecimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  return digits === '' ? { digits, point: 0 } : { digits, point: Number(exponent) + 1 };
}

/** Rounds to so many digits; a tie goes to the even digit. */
export function roundDecimal(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal;
  if (count >= digits.length) return decimal;
  if (count < 0) return { digits: '', point: 0 };
  const kept = digits.slice(0, count);
  const next = digits.charAt(count);
  const isTie = next === '5' && digits.length === count + 1;
  const up = isTie ? Number(kept.at(-1) ?? 0) % 2 === 1 : next >= '5';
  if (!up) return trimmed(kept, point);
  const raised = (BigInt(`0${kept}`) + 1n).toString().padStart(count, '0');
  return trimmed(raised, raised.length > count ? point + 1 : point);
}

/** The integers with |value| = mantissa × 2^exponent. */
export function binaryParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & (2n ** 52n - 1n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction + 2n ** 52n, exponent: biased - 1075 };
}

function trimmed(digits: string, point: number): Decimal {
  const short = digits.replace(/0+$/, '');
  return short === '' ? { digits: '', point: 0 } : { digits: short, point };
}
