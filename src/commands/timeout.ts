import { parseDuration } from '../model/duration.ts';
import { UserError } from '../model/user-error.ts';
import type { FlagValues } from './flag-values.ts';
import type { Flag } from './flag.ts';

export const timeoutFlag: Flag = {
  name: 'timeout',
  type: 'duration',
  default: '0s',
  usage: 'How long to wait before giving up; 0 chooses a time that fits the object.',
};

/** `--request-timeout` in milliseconds; undefined for no limit. A bare number is seconds, as clientcmd.ParseTimeout reads it. */
export function requestTimeoutOf(flags: FlagValues): number | undefined {
  const text = flags.given('request-timeout') || '0';
  const milliseconds = /^[+-]?\d+$/.test(text) ? Number(text) * 1000 : millisecondsOf(text);
  return milliseconds > 0 ? milliseconds : undefined;
}

function millisecondsOf(text: string): number {
  try {
    return Number(parseDuration(text)) / 1e6;
  } catch (cause) {
    throw new UserError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
      { cause },
    );
  }
}

/** A flag's duration (checked when the flag was read) in seconds. */
export function durationSeconds(text: string): number {
  return Number(parseDuration(text)) / 1e9;
}
