import fc from 'fast-check';

const KEYS = [
  'app', 'tier', 'example.com/app', 'A_b.c', 'in', 'notin', 'a', '1', 'x'.repeat(63), `${'d'.repeat(63)}.${'e'.repeat(63)}/k`,
  'x'.repeat(64), '-a', 'a-', '.a', '/a', 'a/', 'a/b/c', 'Ex.com/a', 'é', '', 'a b', '"a"', 'a\\', '日本', 'a:b', 'exists', '!a',
]; // prettier-ignore
const VALUES = [
  '', 'web', 'db', '1', '10', '-1', '1.5', 'a b', '"a"', "'a'", 'a\\,b', 'a\\=b', 'a\\\\', 'x/y', 'x'.repeat(63), 'x'.repeat(64), 'é', '_', 'a_',
  'in', 'notin', '!', 'a=b', '(a)', '99999999999999999999', '0x1', '+1', '007',
]; // prettier-ignore
const GOOD_KEYS = KEYS.slice(0, 4);
const GOOD_VALUES = ['web', 'db', '', '1', '10', 'x.y_z-1'];

const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...GOOD_KEYS) }, fc.constantFrom(...KEYS));
const value = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...GOOD_VALUES) }, fc.constantFrom(...VALUES));
const blank = fc.constantFrom('', '', '', ' ', '  ', '\t', '\n', '\r', '\u00a0');
const comma = fc.tuple(blank, fc.constantFrom(',', ',', ',', ',', ',,', ';', '')).map((parts) => parts.join(''));
const set = fc
  .tuple(fc.constantFrom('(', '(', '(', ''), fc.array(fc.tuple(blank, value, blank, comma).map((parts) => parts.join('')), { maxLength: 3 }), fc.option(value, { nil: '' }), fc.constantFrom(')', ')', ')', ''))
  .map(([open, items, last, close]) => `${open}${items.join('')}${last}${close}`); // prettier-ignore

const requirement = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(blank, key, blank, fc.constantFrom('=', '==', '!='), blank, value, blank) },
  { weight: 3, arbitrary: fc.tuple(blank, key, fc.constantFrom(' in ', ' notin ', ' in', '\tnotin  ', ' IN '), set, blank) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('', '!', '! ', '!!'), key, blank) },
  { weight: 1, arbitrary: fc.tuple(key, blank, fc.constantFrom('>', '<', '<=', '>=', '=>', '===', '=!', '!', '~'), blank, value) },
).map((parts) => parts.join('')); // prettier-ignore

const TOKENS = [
  'a',
  'b',
  ' ',
  ',',
  '(',
  ')',
  '=',
  '==',
  '!=',
  '!',
  'in',
  'notin',
  '<',
  '>',
  '1',
  '"',
  '\\',
  '\\,',
  'é',
  '/',
  '.',
  '\u0000x'.slice(1),
  '\n',
];
const soup = fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));

/** Label selectors: mostly sound ones, many with a fault, some without any form. */
export const labelSelectors = fc.oneof(
  { weight: 6, arbitrary: fc.array(requirement, { minLength: 1, maxLength: 3 }).chain((all) => fc.constantFrom(',', ',', ',', ' ,', ',,').map((between) => all.join(between))) },
  { weight: 1, arbitrary: soup },
); // prettier-ignore

/** Label selectors that can be read. */
export const soundSelectors = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom(...GOOD_KEYS), fc.constantFrom('=', '==', '!=', ' = '), fc.constantFrom(...GOOD_VALUES)),
      fc.tuple(fc.constantFrom(...GOOD_KEYS), fc.constantFrom(' in ', ' notin '), fc.array(fc.constantFrom(...GOOD_VALUES), { minLength: 1, maxLength: 4 }).map((all) => `(${all.join(', ')})`)),
      fc.tuple(fc.constantFrom('', '!'), fc.constantFrom(...GOOD_KEYS)),
      fc.tuple(fc.constantFrom(...GOOD_KEYS), fc.constantFrom('>', '<', ' > '), fc.constantFrom('1', '10', '007', '0')),
    ).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) => all.join(',')); // prettier-ignore
