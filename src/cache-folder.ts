import fs from 'node:fs';
import path from 'node:path';
import type { FlagValues } from './commands/flag-values.ts';

/**
 * Where discovery is kept between processes: `--cache-dir`, kubectl's `$KUBECACHEDIR`, or `.kube/cache` at home. Undefined
 * where there is no home: a cache is no reason to make one.
 */
export function cacheFolder(
  flags: FlagValues,
  env: Readonly<Record<string, string | undefined>>,
  homeFolder: string,
): string | undefined {
  const named = flags.given('cache-dir') || env['KUBECACHEDIR'];
  if (named) return path.resolve(named);
  return homeFolder !== '' && fs.existsSync(homeFolder) ? path.join(homeFolder, '.kube', 'cache') : undefined;
}
