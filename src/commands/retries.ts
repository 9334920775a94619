import type { FlagValues } from './flag-values.ts';
import { UserError } from '../model/user-error.ts';

/** How often requests are sent again: `--retry`, or `KUBE_LITE_RETRY`. Throws UserError for a number that is none. */
export function retriesOf(flags: FlagValues, env: Readonly<Record<string, string | undefined>>): number {
  const given = flags.given('retry');
  const text = given ?? (env['KUBE_LITE_RETRY'] || '0');
  if (!/^\d{1,3}$/.test(text)) {
    const place = given === undefined ? 'KUBE_LITE_RETRY' : '--retry';
    throw new UserError(`${place} must be a number from 0 to 999, not ${JSON.stringify(text)}`);
  }
  return Number(text);
}
