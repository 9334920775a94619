import { describe, expect, it } from 'vitest';
import { parseJsonPath } from '../../../src/model/jsonpath/json-path.ts';
import { relaxedExpression } from '../../../src/model/jsonpath/relaxed-expression.ts';
import type { JsonValue } from '../../../src/model/json-value.ts';
import { RawJson } from '../../../src/model/raw-json.ts';

const object = {
  items: [
    { name: 'a', n: 1, tags: ['x', 'y'] },
    { name: 'b', n: 2, tags: [] },
  ],
  labels: { 'app.kubernetes.io/name': 'web' },
  nil: null,
};

function find(template: string, allowMissingKeys = true): unknown {
  return parseJsonPath(template).evaluate(object, { allowMissingKeys });
}

describe('parseJsonPath', () => {
  it.each([
    ['{.items[*].name}', [['a', 'b']]],
    ['{.items[-1:].name}', [['b']]],
    ['{.items[0,1].n}', [[1, 2]]],
    ["{.items[0]['name','n']}", [['a', 1]]],
    ['{.items[?(@.n>1)].name}', [['b']]],
    ['{.items[?(@.name=="a")].n}', [[1]]],
    ['{.items[?(@.tags[0])].name}', [['a', 'b']]], // an index outside a list counts as existing, as upstream
    ['{.items[?(@.zz)].name}', [[]]],
    ['{..name}', [['a', 'b']]],
    ['{.labels.app\\.kubernetes\\.io/name}', [['web']]],
    ["{.labels['app\\.kubernetes\\.io/name']}", [['web']]],
    ['{.nil}', [[null]]],
    ['{.}', [[]]],
    ['x{"\\n"}{true}{1.5}', [['x'], ['\n'], [true], [1.5]]],
    ['{range .items[*]}{.name}{range .tags[*]}{@}{end};{end}!', [['a'], ['x'], ['y'], [';'], ['b'], [';'], ['!']]],
    ['{range .nope[*]}{.name}{end}!', [['!']]],
  ])('%s', (template, found) => {
    expect(find(template)).toEqual(found);
  });

  it.each([
    ['{.a', 'unclosed action'],
    ['{#}', "unrecognized character in action: U+0023 '#'"],
    ['{"x}', 'unterminated quoted string'],
    ['{"\\z"}', 'unquote string "\\z" error invalid syntax'],
    ['{.x[0}', 'unterminated array'],
    ['{.x[a]}', 'invalid array index a'],
    ['{.x[-]}', 'array index - is not a number'],
    ['{.x[?(@.a}', 'unterminated filter'],
    ['{.x[?(@.a)}', 'unclosed array expect ]'],
    ['{....}', 'invalid multiple recursive descent'],
    ['{1.2.3}', 'cannot parse number 1.2.3'],
  ])('refuses %s', (template, message) => {
    expect(() => parseJsonPath(template)).toThrow(message);
  });

  it.each([
    ['{nope}', 'unrecognized identifier nope'],
    ['{end}', 'not in range, nothing to end'],
    ['{.zz}', 'zz is not found'],
    ['{.labels[0]}', 'map[string]interface {} is not array or slice'],
    ['{.items[7]}', 'array index out of bounds: index 7, length 2'],
    ['{.items[0:2:0]}', 'step must be > 0'],
    ['{.labels[?(@.a)]}', 'map[app.kubernetes.io/name:web] is not array or slice and cannot be filtered'],
    ['{.items[?(@.n==1.0)]}', 'incompatible types for comparison'],
    ['{.items[?(@.tags=="x")]}', 'invalid type for comparison'],
    ['{.items[?(@.n=1)]}', 'unrecognized filter operator ='],
  ])('fails to evaluate %s', (template, message) => {
    expect(() => find(template, false)).toThrow(message);
  });

  it('looks into JSON that was kept as bytes, and not into prototypes', () => {
    const raw = { f: new RawJson(Buffer.from('{"k":[1]}')) as unknown as null };
    expect(parseJsonPath('{.f.k[0]}{.f}').evaluate(raw)).toEqual([[1], [{ k: [1] }]]);
    expect(parseJsonPath('{.constructor}{.__proto__}').evaluate({})).toEqual([[], []]);
  });

  it('may be evaluated again and again', () => {
    const path = parseJsonPath('{range .items[*]}{.name}{end}');
    expect([path.evaluate(object), path.evaluate(object)]).toEqual([
      [['a'], ['b']],
      [['a'], ['b']],
    ]);
  });
});

describe('a template that takes too much', () => {
  /** `{"a":{"a":…}}` */
  function nested(depth: number): JsonValue {
    let value: JsonValue = { a: 1 };
    for (let level = 1; level < depth; level++) value = { a: value };
    return value;
  }
  const TOO_MANY = /^more than 200000 steps$/;

  it.each([
    ['descents', '{..a..a..a..a..a..a}', nested(300)],
    ['wildcards behind descents', '{...*...*...*...*}', nested(300)],
    ['ranges in ranges', '{range ...*}{range ...*}{range ...*}{@}{end}{end}{end}', nested(600)],
    ['the bytes of texts', '{range .*}{.*}{end}', Array.from({ length: 30 }, () => 'x'.repeat(10_000))],
    ['descents in a filter', '{[?(@..a..a..a..a..a)]}', [nested(300)]],
    ['descents in a comparison', '{[?(@..a..a..a..a..a==1)]}', [nested(300)]],
    ['descents in a union', '{..a..a..a..a..a..a[0,1]}', nested(300)],
  ])('is stopped: %s', (_name, template, value) => {
    expect(() => parseJsonPath(template).evaluate(value, { mostSteps: 200_000 })).toThrow(TOO_MANY);
  });

  it('is stopped without being told when', () => {
    expect(() => parseJsonPath('{..a..a..a..a..a..a}').evaluate(nested(300))).toThrow(/^more than 20000000 steps$/);
  });

  it('is stopped at ranges that stand in each other without end', () => {
    expect(() => parseJsonPath('{range @}'.repeat(20_000)).evaluate({ a: 1 })).toThrow('nested deeper than 500');
    expect(parseJsonPath(`${'{range @}'.repeat(400)}{.a}${'{end}'.repeat(400)}`).evaluate({ a: 1 })).toEqual([[1]]);
  });

  it('is not taken for one that goes deep, or over many', () => {
    const names = (value: JsonValue): number => parseJsonPath('{..name}').evaluate(value)[0]?.length ?? 0;
    expect(parseJsonPath('{..a}').evaluate(nested(9000))[0]).toHaveLength(9000);
    const pods = Array.from({ length: 50_000 }, (_, index) => ({ name: `pod-${index}`, labels: { a: 'x', b: 'y' } }));
    expect(names({ items: pods })).toBe(50_000);
  });
});

describe('relaxedExpression', () => {
  it('completes a path', () => {
    for (const path of ['a.b', '.a.b', '{a.b}', '{.a.b}']) expect(relaxedExpression(path)).toBe('{.a.b}');
    expect(relaxedExpression('')).toBe('');
    expect(() => relaxedExpression('{a')).toThrow("unexpected path string, expected a 'name1.name2' or");
  });
});
