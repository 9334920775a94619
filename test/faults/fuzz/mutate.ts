import type { SeededRandom } from '../seeded-random.ts';

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  "'",
  '\\',
  '\n',
  '\t',
  '\0',
  '*',
  '&a ',
  '__proto__',
  '$patch',
  '..',
  '/',
  '~1',
  ',',
  '=',
  ':',
  '-',
  '{{',
  '}}',
  '9'.repeat(30),
  '1e999',
  '\ud800',
  'é',
  '\u2028',
  'null',
];
const LONGEST = 20_000;

/** Changes text in one to four places: pieces come, go, are doubled many times, or are taken from another text. */
export function mutateText(text: string, other: string, random: SeededRandom): string {
  let changed = text;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(changed.length + 1);
    const end = Math.min(changed.length, at + random.below(12));
    const piece = changed.slice(at, end);
    const from = random.below(other.length + 1);
    const middle = random.pick([
      random.pick(PIECES),
      random.pick(PIECES) + piece,
      '',
      piece.repeat(2),
      (piece || random.pick(PIECES)).repeat(1 + random.below(400)),
      other.slice(from, from + random.below(40)),
      String.fromCodePoint(random.below(0xd800)),
    ]);
    changed = (changed.slice(0, at) + middle + changed.slice(end)).slice(0, LONGEST);
  }
  return changed;
}

/** Changes bytes in one to four places. The length changes, too, unless `fixed`. */
export function mutateBytes(bytes: Buffer, random: SeededRandom, fixed = false): Buffer {
  let changed = Buffer.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && changed.length > 0; times--) {
    const at = random.below(changed.length);
    const kind = random.below(fixed ? 3 : 5);
    if (kind === 0) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    else if (kind === 1) changed[at] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
    else if (kind === 2) changed.subarray(at, at + random.below(9)).fill(random.pick([0, 0xff]));
    else if (kind === 3) changed = changed.subarray(0, at);
    else changed = Buffer.concat([changed.subarray(0, at), changed.subarray(random.below(changed.length))]);
  }
  return changed;
}
