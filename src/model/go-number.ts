const GREATEST_UINT64 = 2 ** 64;
const LEAST_INT64 = -(2 ** 63);

/** A number as Go's encoding/json writes a float64, or an int64. */
export function jsonNumber(value: number | bigint): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) || typeof value === 'bigint' ? String(value) : 'null';
}

/** A number as go-yaml v2 prints what it read from Go's JSON: integers as digits while they fit 64 bits, else as `%g`. */
export function yamlNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString();
  if (Object.is(value, -0)) return '0';
  if (Number.isInteger(value) && value < GREATEST_UINT64 && value > LEAST_INT64) return String(value);
  return goFloat(value);
}

/** strconv.FormatFloat(value, 'g', -1, 64): an exponent below -4 or from 6 on is written, with two digits at least. */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`;
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
