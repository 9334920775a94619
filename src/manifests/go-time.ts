const LAYOUT = '2006-01-02T15:04:05Z07:00';

/** The layout's elements in order: what each reads, and how Go names it in an error. */
const ELEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{1,2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}(?:[.,]\d+)?/, '05'],
  [/^(?:Z|[-+]\d{2}:\d{2})/, 'Z07:00'],
];
/** Greatest values of the elements that have one, and what Go says of a greater one. */
const LIMITS: ReadonlyMap<string, readonly [least: number, most: number, name: string]> = new Map([
  ['01', [1, 12, 'month']],
  ['15', [0, 23, 'hour']],
  ['04', [0, 59, 'minute']],
  ['05', [0, 59, 'second']],
]);

/** What Go's time.Parse says of a text that is no RFC 3339 time; undefined for a good one. */
export function goTimeError(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  const date: number[] = [];
  let rest = text;
  for (const [pattern, element] of ELEMENTS) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) {
      return `parsing time ${quoted} as "${LAYOUT}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    }
    const limit = LIMITS.get(element);
    const number = Number.parseInt(found, 10);
    if (limit !== undefined && (number < limit[0] || number > limit[1])) {
      return `parsing time ${quoted}: ${limit[2]} out of range`;
    }
    if (date.length < 3 && !Number.isNaN(number) && found !== '-') date.push(number);
    rest = rest.slice(found.length);
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  const [year = 0, month = 1, day = 0] = date;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day < 1 || day > days ? `parsing time ${quoted}: day out of range` : undefined;
}
