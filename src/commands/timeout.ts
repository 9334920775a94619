import { parseDuration } from '../model/duration.ts';
import type { Flag } from './flag.ts';

export const timeoutFlag: Flag = {
  name: 'timeout',
  type: 'duration',
  default: '0s',
  usage: 'How long to wait before giving up; 0 chooses a time that fits the object.',
};

/** A flag's duration (checked when the flag was read) in seconds. */
export function durationSeconds(text: string): number {
  return Number(parseDuration(text)) / 1e9;
}
