import { compareBytes } from '../../../model/byte-order.ts';

const PATTERN = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/;
const STABILITY: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/** Orders versions as a group prefers them: v10, v2, v1, v2beta1, v1beta2, v1alpha1, and then any others by name. */
export function compareVersions(left: string, right: string): number {
  const a = PATTERN.exec(left);
  const b = PATTERN.exec(right);
  if (a === null || b === null) return a === null && b === null ? compareBytes(left, right) : a === null ? 1 : -1;
  const stability = (found: RegExpExecArray): number => STABILITY[found[2] ?? ''] ?? 2;
  return stability(b) - stability(a) || Number(b[1]) - Number(a[1]) || Number(b[3] ?? 0) - Number(a[3] ?? 0);
}
