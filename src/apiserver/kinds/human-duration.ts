const SECOND = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A time span as tables print it (apimachinery's duration.HumanDuration): at most two units, coarser the longer it is. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return pair(Math.trunc(seconds / MINUTE), 'm', seconds % MINUTE, 's');
  if (seconds < 3 * HOUR) return `${Math.trunc(seconds / MINUTE)}m`;
  return hoursAndMore(seconds);
}

function hoursAndMore(seconds: number): string {
  const hours = Math.trunc(seconds / HOUR);
  if (hours < 8) return pair(hours, 'h', Math.trunc(seconds / MINUTE) % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}

/** The time since a timestamp (RFC 3339 text), as tables print ages. */
export function ageSince(timestamp: unknown, now: Date): string {
  const start = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(start) ? '<unknown>' : humanDuration(now.getTime() - start);
}
