import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../src/model/byte-order.ts';
import { parseJson } from '../../src/model/json-reader.ts';
import { compactJson, printJson } from '../../src/model/json-printer.ts';
import { compareNatural } from '../../src/model/natural-order.ts';
import { RawJson } from '../../src/model/raw-json.ts';
import { parseYaml } from '../../src/model/yaml.ts';
import { printYaml } from '../../src/model/yaml-printer.ts';

const printed = JSON.parse(
  readFileSync(new URL('../../fixtures/manifests/printed-by-kubectl.json', import.meta.url), 'utf8'),
) as { object: Record<string, unknown>; yaml: string; json: string };

/** JSON values whose strings go-yaml can read back: control characters and the like cannot be in YAML even escaped. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'y',
    '1e3',
    'a: b',
    'x\n',
    '\n x',
    ' a\nb \n',
    '~',
    '0x1',
    '- a',
    `${'word '.repeat(40)}end`,
    'k'.repeat(200),
  ),
);
const { tree: value } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Number.isInteger(number) ? 0.5 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('printYaml', () => {
  it('prints strings, keys, numbers and nesting as kubectl does', () => {
    expect(printYaml(printed.object)).toBe(printed.yaml);
  });

  it('is read back as what it printed', () => {
    fc.assert(
      fc.property(value, (tree) => {
        // Line separators inside strings are ambiguous in go-yaml itself, and it breaks on them.
        fc.pre(!/[\u0085\u2028\u2029]/.test(compactJson(tree).replaceAll(/\\u(2028|2029)/g, '\u2028')));
        expect(parseYaml(printYaml({ tree }))).toEqual({ tree });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [[], '[]\n'],
    [{}, '{}\n'],
    [null, 'null\n'],
    ['x', 'x\n'],
    [{ a: undefined, b: new RawJson(Buffer.from('{"f:x":{}}')) }, 'b:\n  f:x: {}\n'],
    [
      { a: 9223372036854775807n, b: 1e21, c: 1.5e-7, d: 1234567.5, e: 1e20, f: -0 },
      'a: 9223372036854775807\nb: 1e+21\nc: 1.5e-07\nd: 1.2345675e+06\ne: 1e+20\nf: 0\n',
    ],
    [{ v10: 1, v9: 2, v: 3, '-': 4 }, "'-': 4\nv: 3\nv9: 2\nv10: 1\n"],
  ])('prints %o', (tree, yaml) => {
    expect(printYaml(tree)).toBe(yaml);
  });

  it('takes time in line with the length', () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({ name: `item-${index}`, text: 'a b\nc\n' }));
    const started = performance.now();
    expect(printYaml(items).length).toBeGreaterThan(500_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('printJson', () => {
  it('prints sorted keys as kubectl does', () => {
    expect(`${printJson(printed.object, { sortKeys: true })}\n`).toBe(printed.json);
  });

  it('is read back as what it printed', () => {
    fc.assert(
      fc.property(value, fc.boolean(), (tree, sortKeys) => {
        expect(parseJson(printJson(tree, { sortKeys }))).toEqual(tree);
        expect(parseJson(compactJson(tree, { sortKeys }))).toEqual(tree);
      }),
    );
  });

  it('keeps order unless told to sort, and escapes what HTML would read', () => {
    const object = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      data: { b: '<&>\u2028', a: 9007199254740993n },
      none: undefined,
    };
    expect(compactJson(object)).toBe(
      String.raw`{"kind":"ConfigMap","apiVersion":"v1","data":{"b":"\u003c\u0026\u003e\u2028","a":9007199254740993}}`,
    );
    expect(compactJson(object, { sortKeys: true })).toBe(
      String.raw`{"apiVersion":"v1","data":{"a":9007199254740993,"b":"\u003c\u0026\u003e\u2028"},"kind":"ConfigMap"}`,
    );
    expect(printJson({ a: [], b: {}, c: [1] }, { indent: 2 })).toBe(
      '{\n  "a": [],\n  "b": {},\n  "c": [\n    1\n  ]\n}',
    );
  });
});

describe('orders', () => {
  it('compareBytes is the order of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
    expect(compareBytes('\ue000', '😀')).toBeLessThan(0);
  });

  it('compareNatural goes by the value of digits and puts letters last', () => {
    const keys = ['b', 'a10', 'a9', 'a', 'a09', 'B', '1', '10', '2', '_', 'a-b', 'ab'];
    expect(keys.sort(compareNatural)).toEqual(['_', '1', '2', '10', 'B', 'a', 'a-b', 'a9', 'a09', 'a10', 'ab', 'b']);
  });
});
