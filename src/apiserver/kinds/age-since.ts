import { humanDuration } from '../../model/duration.ts';

/** The time since a timestamp (RFC 3339 text), as tables print ages. */
export function ageSince(timestamp: unknown, now: Date): string {
  const start = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(start) ? '<unknown>' : humanDuration(now.getTime() - start);
}
