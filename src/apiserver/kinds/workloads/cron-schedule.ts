interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: Readonly<Record<string, number>>;
}

function numbered(names: readonly string[], first: number): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, index + first]));
}

const FIELDS: readonly Bounds[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    names: numbered(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], 1),
  },
  { least: 0, most: 6, names: numbered(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], 0) },
];

const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Why a text is no cron schedule, in the words of the parser that Kubernetes uses (robfig/cron); undefined when it is one. */
export function scheduleFault(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string';
  if (schedule.startsWith('@')) return descriptorFault(schedule);
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [index, field] of fields.entries()) {
    const bounds = FIELDS[index];
    if (bounds === undefined) continue;
    for (const part of field.split(',').filter((each) => each !== '')) {
      const fault = partFault(part, bounds);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function descriptorFault(schedule: string): string | undefined {
  if (DESCRIPTORS.includes(schedule)) return undefined;
  const every = '@every ';
  if (!schedule.startsWith(every)) return `unrecognized descriptor: ${schedule}`;
  const duration = schedule.slice(every.length);
  if (/^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(duration)) return undefined;
  return `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(duration)}`;
}

function partFault(part: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return `too many slashes: ${part}`;
  const ends = rangeOf(range, { bounds, open: step !== undefined, part });
  if (typeof ends === 'string') return ends;
  const every = step === undefined ? 1 : numberOf(step, { least: 0, most: 0 });
  if (typeof every === 'string') return every;
  const [start, end] = ends;
  if (start < bounds.least) return `beginning of range (${start}) below minimum (${bounds.least}): ${part}`;
  if (end > bounds.most) return `end of range (${end}) above maximum (${bounds.most}): ${part}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${part}`;
  return every === 0 ? `step of range should be a positive number: ${part}` : undefined;
}

/** The ends of a range; a text says what is wrong with it. `5/15` means from 5 on, every 15: the range is open. */
function rangeOf(range: string, told: { bounds: Bounds; open: boolean; part: string }): [number, number] | string {
  const { bounds, open, part } = told;
  const [low = '', high, ...rest] = range.split('-');
  if (low === '*' || low === '?') return [bounds.least, bounds.most];
  if (rest.length > 0) return `too many hyphens: ${part}`;
  const from = numberOf(low, bounds);
  if (typeof from === 'string') return from;
  if (high === undefined) return [from, open ? bounds.most : from];
  const to = numberOf(high, bounds);
  return typeof to === 'string' ? to : [from, to];
}

/** A number or a name; a text says what is wrong with it. */
function numberOf(text: string, { names }: Bounds): number | string {
  const named = names?.[text.toLowerCase()];
  if (named !== undefined) return named;
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  if (!/^\+?\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${quoted}: invalid syntax`;
  }
  return Number(text);
}
