import { UserError } from '../model/user-error.ts';
import { FlagError } from './flag-error.ts';
import type { Flag } from './flag.ts';
import type { FlagValues } from './flag-values.ts';

/** The profiles that Go's runtime makes. */
const PROFILES = ['cpu', 'heap', 'goroutine', 'threadcreate', 'block', 'mutex'];

/**
 * Checks the global flags that steer a Go program, `--vmodule` and `--profile`. Throws FlagError and UserError in kubectl's
 * words for what kubectl would not take, and UserError for a profile that there cannot be. `own`: the command's own flags,
 * of which one may be called the same.
 */
export function checkGoFlags(flags: FlagValues, own: readonly Flag[]): void {
  const levels = flags.string('vmodule');
  if (levels !== '' && !levels.split(',').every((each) => /^[^=]+=\d+$/.test(each.trim()))) {
    throw new FlagError(
      `invalid argument ${JSON.stringify(levels)} for "--vmodule" flag: syntax error: expect comma-separated list of filename=N`,
    );
  }
  if (own.some(({ name }) => name === 'profile')) return;
  const profile = flags.string('profile');
  if (PROFILES.includes(profile)) {
    throw new UserError(`--profile=${profile} asks for a profile of Go's runtime, which this program does not run on`);
  }
  if (profile !== 'none') throw new UserError(`unknown profile '${profile}'`);
}
