import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJson } from '../../src/model/json-printer.ts';
import type { JsonObject, JsonValue } from '../../src/model/json-value.ts';
import { printKyaml } from '../../src/model/kyaml-printer.ts';
import { printYaml } from '../../src/model/yaml-printer.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40);
/** Objects that kubectl is given at once; starting it is what takes time. */
const BATCH = 8;

const WORDS = [
  '', ' ', 'a b', 'yes', 'No', 'null', '~', 'true', 'T', 'f', 'y', 'N', 'on', 'OFF', '1', '1_000', '0x1F', '0o7', '08', '0b1', '1e3', '.5',
  '5.', '1.', '.5_0', '._5', 'inf', '.inf', '-.INF', 'NaN', 'i_nf', '0x1p-2', '1e999', '99999999999999999999', '9223372036854775808',
  '0xFFFFFFFFFFFFFFFFFFFF', '+1', '2001-01-01', '2001-1-1', '2001-02-30', '2001-12-14t21:59:43.10-05:00', '12:30', '190:20:30', '-', '- a',
  '?', 'a: b', 'a:', ':a', '#a', 'a #b', 'a#b', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '"', "'", '\\', '{', '}', '[', 'a,b', '---',
  '...', '=', '<<', '<&>', 'a.b/c', 'a-', '_', 'a_', '.a', 'é', '日本', '😀', '١', 'e\u0301', '\t', 'a\tb', '\n', 'a\n', 'a\nb', ' a\nb',
  'a\n\n', '\na', 'a\n b\n', 'a \nb', '\r', 'a\r\nb', '\u0000', '\u0007', '\b', '\u001b', '\u00a0', '\u2028', '\u2028x\n\u2028',
  'x\u2029y', '\ufeff', '\ufeffa b\n', '\ue000', '\u3000x\ny', 'x'.repeat(90), 'word '.repeat(40), `${'word '.repeat(20)}\n${'w '.repeat(50)}`,
]; // prettier-ignore
const word = fc.constantFrom(...WORDS);
const text = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, word).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(word, word, word).map((parts) => parts.join('\n')) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(' ', '\n', 'a', '\t', '"', ':', '#', '-', 'é'), maxLength: 120 }) },
); // prettier-ignore
// Real YAML readers give up on keys of more than 1024 characters.
const key = text.map((each) => each.slice(0, 200));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e21, 1e20, 1.5, -1e-7, 1e-6, 123456789012345680000, 1e6, 1234567.5, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64),
); // prettier-ignore
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: text },
    { weight: 2, arbitrary: number },
    { weight: 1, arbitrary: fc.constantFrom<JsonValue[]>(null, true, false, [], {}) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 1 }) },
    { weight: 1, arbitrary: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { maxKeys: 5 }) },
  ),
}));
const object = value.map((spec): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  spec,
}));

/** What kubectl prints of the objects, all of them as items of one list. */
async function kubectl(format: string, input: string): Promise<string> {
  const print = ['patch', '--local', '-f', '-', '--type=merge', '-p', '{"kind":"ConfigMap"}', '-o', format];
  const { stdout, stderr } = await runKubectl(print, input);
  expect(stderr).toBe('');
  return stdout;
}

describe('documents, as the real kubectl prints them', () => {
  it.each([
    ['json', (document: unknown) => `${printJson(document, { sortKeys: true })}\n`],
    ['yaml', printYaml],
    ['kyaml', printKyaml],
  ])('%s', async (format, print) => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: BATCH, maxLength: BATCH }), async (objects) => {
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, objects });
        expect(print(JSON.parse(input))).toBe(await kubectl(format, input));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
