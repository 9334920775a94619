import { parseDuration } from '../../../model/duration.ts';

const DAY = 86_400n * 1_000_000_000n;

/** The units that strfmt reads, each with its spellings; the last one may go on: `hours`. */
const UNITS: readonly (readonly [nanoseconds: bigint, ...spellings: string[]])[] = [
  [1n, 'ns', 'nano'],
  [1_000n, 'us', 'µs', 'micro'],
  [1_000_000n, 'ms', 'milli'],
  [1_000_000_000n, 's', 'sec'],
  [60n * 1_000_000_000n, 'm', 'min'],
  [3600n * 1_000_000_000n, 'h', 'hr', 'hour'],
  [DAY, 'd', 'day'],
  [7n * DAY, 'w', 'wk', 'week'],
];

/** Nanoseconds of a duration as Go writes it, or as Scala does (`2 days`); undefined when it is none. */
export function parseSchemaDuration(text: string): bigint | undefined {
  try {
    return parseDuration(text);
  } catch {
    return parseWordDuration(text);
  }
}

function parseWordDuration(text: string): bigint | undefined {
  let total: bigint | undefined;
  // A number is looked at from its first digit alone: from each, the time would grow with its square.
  for (const [, factor = '', word = ''] of text.matchAll(/(?<!\d)(\d+)\s*([A-Za-zµ]+)/g)) {
    // More than an int64 has, however it ends.
    if (factor.length > 19) return undefined;
    const unit = word.toLowerCase();
    const found = UNITS.find(([, ...spellings]) => spellings.includes(unit) || unit.startsWith(spellings.at(-1) ?? ''));
    if (found !== undefined) total = (total ?? 0n) + BigInt(factor) * found[0];
  }
  return total;
}

/** Whether a text is a day that exists: `2024-02-29`. */
export function isKubernetesDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === '') return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** Whether a text is a moment as strfmt takes it: a day, a time to seconds or finer, and a zone. */
export function isKubernetesDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  if (time === undefined || !isKubernetesDate(date)) return false;
  const found = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(time);
  if (found === null) return false;
  const [, hours = '', minutes = '', seconds = ''] = found;
  return hours <= '23' && minutes <= '59' && seconds <= '59';
}
