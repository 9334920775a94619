import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40);
const AT_ONCE = 4;

/** Plain scalars that YAML 1.1, YAML 1.2 and go-yaml do not all read alike. */
const PLAIN = [
  'y', 'Y', 'n', 'yes', 'No', 'ON', 'off', 'oFF', 'true', 'TRUE', 'tRue', 'null', 'Null', '~', '', '0', '-0', '+1', '012', '08', '0o17',
  '0x1F', '0b101', '-0b11', '1_000', '_1', '1__0', '1e3', '1E-2', '1e', '.5', '5.', '-.5', '+.inf', '-.Inf', '.NaN', '12:30', '190:20:30',
  '1:60', '9223372036854775807', '9223372036854775808', '18446744073709551616', '1e400', '0.1', '1.10', '123456789.125', '1e21', '1e20',
  '2001-01-01', '2001-01-01T00:00:00Z', '2001-12-14 21:59:43.10 -5', '=', '<<', 'a b', 'a#b', 'a #b', 'a: b', 'a:b', '-', '-a', '?a', '%a', '@a',
  '`a', "it's", 'é', '日本', '\\n', 'a\tb', '...a', '---a', '!x y', '!!str 1', '!!int "7"', '!!float 1', '!!bool "yes"', '!!binary aGk=', '!!null x',
]; // prettier-ignore
const QUOTED = [
  '"y"', "'n'", '"a\\nb"', '"\\u00e9\\x41\\t\\0"', "'it''s'", '"a\\', '"\\q"', '"\\ud83d\\ude00"', '"a \\\n   b"', '"a\n\n   b"', "'a\n   b'",
  '|\n   x\n   y', '|-\n   x\n', '|+\n   x\n\n', '>\n   x\n   y\n\n   z', '>-\n   x\n     more\n   y', '|2\n    x', '|\n', '|9\n   x',
]; // prettier-ignore
const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 2, arbitrary: fc.constantFrom(...QUOTED) },
);
const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 2, arbitrary: fc.constantFrom(...PLAIN.filter((each) => !/^(!|$|---)|: /.test(each))) },
  { weight: 1, arbitrary: fc.constantFrom('"q r"', "'1'", '? a', '"a": b', '&k d', '*x', '{a: b}') },
);
const flow = fc.constantFrom(
  '[]', '{}', '[a, b]', '[ y, 1_0, ]', '{a: 1, b: [2]}', '{a, b: }', '[a, b', '{a: b', '{"a":1}', '[[x], {y: z}]', '[a b, c: d]', '{a: 1, a: 2}',
  '[\n  a,\n  b ]', '{ # why\n   a: b }', '[,]',
); // prettier-ignore
// A line of a tab alone after a block scalar is not here: go-yaml refuses it where js-yaml skips it.
const comment = fc.constantFrom('', '', '', '', ' # say', '# say', ' ', '\r');
const linked = fc.constantFrom('&x [1, 2]', '&x {a: 1, c: 2}', '*x', '*gone', '&x y', '&x', '&y *x');
const entry = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(key, scalar, comment).map((parts) => `  ${parts[0]}: ${parts[1]}${parts[2]}`) },
  { weight: 2, arbitrary: fc.tuple(key, flow, comment).map((parts) => `  ${parts[0]}: ${parts[1]}${parts[2]}`) },
  { weight: 2, arbitrary: fc.tuple(key, linked).map((parts) => `  ${parts[0]}: ${parts[1]}`) },
  { weight: 1, arbitrary: fc.constantFrom('  <<: *x', '  <<: [*x, *y]', '  <<: {a: 9, z: 8}', '  <<: 3') },
  {
    weight: 1,
    arbitrary: fc.array(scalar, { minLength: 1, maxLength: 3 }).map((items) => `  s:\n${items.map((each) => `  - ${each}`).join('\n')}`),
  },
  { weight: 1, arbitrary: fc.tuple(key, key, scalar).map((parts) => `  ${parts[0]}:\n    ${parts[1]}: ${parts[2]}\n    d: e`) },
  { weight: 1, arbitrary: fc.constantFrom('', '# alone', '    deep: x', ' odd: x', '  \ttab: x', '\ttab: x', '  - item', '  word', '---', '...') },
); // prettier-ignore
const text = fc
  .tuple(fc.constantFrom('', '', '---\n', '# first\n', '%YAML 1.1\n---\n', '\ufeff', '--- # why\n'), fc.array(entry, { minLength: 1, maxLength: 6 }))
  .map(([start, lines]) => `${start}kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\nspec:\n${lines.join('\n')}\n`); // prettier-ignore

const ARGS = ['patch', '--local', '-f', '-', '--type=merge', '-p', '{"kind":"ConfigMap"}', '-o', 'json'];

describe('YAML, as the real kubectl reads it', () => {
  it('is read as the same values, or refused', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (texts) => {
        const pairs = await Promise.all(
          texts.map(async (input) => {
            const [ours, theirs] = await Promise.all([
              run([...ARGS, '--kubeconfig=/dev/null'], { input }),
              runKubectl(ARGS, input),
            ]);
            const named = (output: string, status: number) => ({ input, output, status });
            return [named(ours.output, ours.status), named(theirs.stdout, theirs.status)] as const;
          }),
        );
        expect(pairs.map(([ours]) => ours)).toEqual(pairs.map(([, theirs]) => theirs));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it.each([
    '  ? [a, 1, y, ~]\n  : c',
    '  ? - a\n    - b\n  : c',
    '  {[a]: b}',
    '  [a, b]: c',
    '  a: &x [a]\n  ? *x\n  : c',
    '  a: &x [a]\n  *x : c',
    '  ? []\n  : c',
    '  a: [b, c]\n  d: {e: [f]}',
    '  k: |\n    text\n\t\n  z: a',
    '  k: |\n    text\n\t',
    '  k: >\n    text\n  \t\n  z: a',
    '  k: |-\n    text\n    \t\n  z: a',
    '  k: |\n    \ttext\n     \tmore\n  z: a',
    '  k: "a\n\t\n    b"',
    '  k: a\n\t',
    '  k: a\n\t\n  b: c',
    '  k: a\n \t\n\n  b: c',
    '  k: a\n  \t # x\n  b: c',
    '  k: a\n   \t # x\n  b: c',
    '  k: a\n     \t\n  b: c',
    '  k: a b\n   c\n\n\t\n  d: e',
    '  k:\n  - a\n  \t\n  - b',
    '  k:\n   - a: b\n    \t\n     c: d',
    '  k:\n   - a: b\n      \t\n     c: d',
    '  k: {a: b\n\t}',
  ])('says of %j what kubectl says', async (spec) => {
    const input = `kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\nspec:\n${spec}\n`;
    const [ours, theirs] = await Promise.all([
      run([...ARGS, '--kubeconfig=/dev/null'], { input }),
      runKubectl(ARGS, input),
    ]);
    expect({ status: ours.status, stdout: ours.output, stderr: ours.errors }).toEqual(theirs);
  });
});
