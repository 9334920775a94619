import { humanDuration } from '../../model/duration.ts';

const ZERO = 'Mon, 01 Jan 0001 00:00:00 +0000';
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Locales that between them know abbreviations such as EST, CET and JST. */
const ABBREVIATING = ['en-US', 'en-GB', 'en-AU', 'en-ZA', 'en-IN', 'ja-JP'];

/** An API time in the local time zone as RFC 1123 with a numeric zone: `Tue, 24 Nov 2026 08:46:36 +0000`; year 1 for none. */
export function timeText(time: unknown): string {
  const date = dateOf(time);
  if (date === undefined) return ZERO;
  const day = `${DAYS[date.getDay()] ?? ''}, ${two(date.getDate())} ${MONTHS[date.getMonth()] ?? ''} ${date.getFullYear()}`;
  return `${day} ${clock(date)} ${offset(date)}`;
}

/** An API time in the local time zone as Go's Time.String prints it: `2026-11-24 08:46:36 +0000 UTC`. */
export function goTimeText(time: unknown): string {
  const date = dateOf(time);
  if (date === undefined) return '0001-01-01 00:00:00 +0000 UTC';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date)} ${offset(date)} ${zoneName(date)}`;
}

/** How long ago an API time was: `5m`; `<unknown>` for none. */
export function ageText(time: unknown, now: Date): string {
  const date = dateOf(time);
  return date === undefined ? '<unknown>' : humanDuration(now.getTime() - date.getTime());
}

/** An API time in milliseconds; one that is absent is before all others. */
export function millisecondsOf(time: unknown): number {
  return dateOf(time)?.getTime() ?? Number.NEGATIVE_INFINITY;
}

function dateOf(time: unknown): Date | undefined {
  const date = typeof time === 'string' ? new Date(time) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function offset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}${two(size % 60)}`;
}

/** The zone's abbreviation; as in the zone database its offset where it has none (`+03`). */
function zoneName(date: Date): string {
  for (const locale of ABBREVIATING) {
    const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value;
    if (name !== undefined && /^[A-Z]+$/.test(name)) return name;
  }
  return offset(date).replace(/00$/, '');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
