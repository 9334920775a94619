const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** Whether a version of an API comes before another in its life: `v1beta1` before `v1`, `v1` before `v2`. False for other names. */
export function isOlderVersion(one: string, other: string): boolean {
  const [a, b] = [parts(one), parts(other)];
  if (a === undefined || b === undefined) return false;
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Stability, major and minor number. */
function parts(version: string): number[] | undefined {
  const match = VERSION.exec(version);
  if (match === null) return undefined;
  const [, major, stage, minor] = match;
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)];
}
