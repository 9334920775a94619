import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../../src/apiserver/custom-resources/cel/compile-rules.ts';
import { Correlation } from '../../../../src/apiserver/custom-resources/schema/correlation.ts';
import { readSchema } from '../../../../src/apiserver/custom-resources/schema/schema.ts';
import { fieldErrorText } from '../../../../src/model/field-error.ts';
import type { JsonObject, JsonValue } from '../../../../src/model/json-value.ts';

/** What rules on `spec` say of a value: nothing when they hold. */
function broken(schema: JsonObject, rules: (string | JsonObject)[], spec: JsonValue, old?: JsonValue): string[] {
  const validations = rules.map((rule) => (typeof rule === 'string' ? { rule } : rule));
  const root = readSchema({
    type: 'object',
    properties: { spec: { ...schema, 'x-kubernetes-validations': validations } },
  });
  const object: JsonObject = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec };
  const before = old === undefined ? undefined : new Correlation(root, object, { ...object, spec: old });
  const errors = compileRules(root)?.validate(object, before) ?? [];
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

const text = { type: 'string' };
const integer = { type: 'integer' };
const fields = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const texts = { type: 'array', items: text };

describe('rules', () => {
  it('tell what is broken', () => {
    const schema = fields({ min: integer, max: integer });
    expect(broken(schema, ['self.min <= self.max'], { min: 1, max: 2 })).toEqual([]);
    expect(broken(schema, ['self.min <= self.max'], { min: 3, max: 2 })).toEqual([
      'spec: Invalid value: failed rule: self.min <= self.max',
    ]);
    const rule = {
      rule: 'self.min <= self.max',
      message: ' too great ',
      fieldPath: '.min',
      reason: 'FieldValueForbidden',
    };
    expect(broken(schema, [rule], { min: 3, max: 2 })).toEqual(['spec.min: Forbidden: too great']);
    const expression = {
      rule: 'self.min <= self.max',
      messageExpression: `'%d is more than %d'.format([self.min, self.max])`,
    };
    expect(broken(schema, [expression], { min: 3, max: 2 })).toEqual(['spec: Invalid value: 3 is more than 2']);
    expect(broken(text, ['self.size() < 3'], 'long')).toEqual([
      'spec: Invalid value: "long": failed rule: self.size() < 3',
    ]);
  });

  it('compare with what was', () => {
    const rule = { rule: 'self == oldSelf', message: 'is immutable' };
    expect(broken(text, [rule], 'b')).toEqual([]);
    expect(broken(text, [rule], 'a', 'a')).toEqual([]);
    expect(broken(text, [rule], 'b', 'a')).toEqual(['spec: Invalid value: "b": is immutable']);
    const optional = { rule: '!oldSelf.hasValue() || self > oldSelf.value()', optionalOldSelf: true };
    expect(broken(integer, [optional], 1)).toEqual([]);
    expect(broken(integer, [optional], 2, 1)).toEqual([]);
    expect(broken(integer, [optional], 1, 2)).toHaveLength(1);
  });

  it('leave alone what did not change', () => {
    const schema = fields({ a: integer, b: integer });
    expect(broken(schema, ['self.a > 5'], { a: 1, b: 1 }, { a: 1, b: 1 })).toEqual([]);
    expect(broken(schema, ['self.a > 5'], { a: 1, b: 2 }, { a: 1, b: 1 })).toHaveLength(1);
  });

  it('find old items of a list by their keys', () => {
    const schema = fields({
      jobs: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          ...fields({ name: text, image: text }),
          'x-kubernetes-validations': [{ rule: 'self.image == oldSelf.image', message: 'image is fixed' }],
        },
      },
    });
    const jobs = (...images: [string, string][]): JsonValue => ({
      jobs: images.map(([name, image]) => ({ name, image })),
    });
    expect(broken(schema, ['true'], jobs(['b', '1'], ['a', '1']), jobs(['a', '1'], ['b', '1']))).toEqual([]);
    expect(broken(schema, ['true'], jobs(['b', '2'], ['a', '1']), jobs(['a', '1'], ['b', '1']))).toEqual([
      'spec.jobs[0]: Invalid value: image is fixed',
    ]);
  });

  it.each<[string, JsonObject, string, JsonValue, boolean]>([
    ['absent fields', fields({ a: integer }), '!has(self.a) || self.a > 1', {}, true],
    ['lists', texts, `self.all(x, x.startsWith('a')) && self.exists(x, x == 'ab')`, ['a', 'ab'], true],
    ['one of a list', texts, `self.exists_one(x, x == 'a')`, ['a', 'a'], false],
    ['items', texts, `self[0] == 'a' && self.map(x, x + '!') == ['a!']`, ['a'], true],
    ['filters', texts, `self.filter(x, x.size() > 1).size() == 1`, ['a', 'bb'], true],
    [
      'maps',
      { type: 'object', additionalProperties: text },
      `self.all(k, k in ['a'] && self[k] != '')`,
      { a: 'x' },
      true,
    ],
    [
      'list of objects',
      { type: 'array', items: fields({ n: integer }) },
      'self.all(x, self.exists_one(y, x.n == y.n)) && self[1].n == 2',
      [{ n: 1 }, { n: 2 }],
      true,
    ],
    [
      'objects that are the same',
      fields({ a: fields({ n: integer }), b: fields({ n: integer }) }),
      'self.a.n == self.b.n',
      { a: { n: 1 }, b: { n: 1 } },
      true,
    ],
    [
      'int or string',
      fields({ p: { 'x-kubernetes-int-or-string': true } }),
      `type(self.p) == int ? self.p > 1 : self.p.matches('^[0-9]+%$')`,
      { p: '5%' },
      true,
    ],
    [
      'int or string that is an int',
      fields({ p: { 'x-kubernetes-int-or-string': true } }),
      `type(self.p) == int ? self.p > 1 : false`,
      { p: 5 },
      true,
    ],
    ['doubles', { type: 'number' }, 'self > 1.5 && self < 3', 2, true],
    [
      'reserved names',
      fields({ namespace: text, 'a-b': text }),
      `self.__namespace__ == self.a__dash__b`,
      { namespace: 'x', 'a-b': 'x' },
      true,
    ],
    [
      'durations',
      fields({ d: { type: 'string', format: 'duration' } }),
      `self.d > duration('1m') && self.d.getSeconds() == 90`,
      { d: '90s' },
      true,
    ],
    [
      'times',
      fields({ t: { type: 'string', format: 'date-time' } }),
      `self.t > timestamp('2024-01-01T00:00:00Z') && self.t.getFullYear() == 2024`,
      { t: '2024-05-01T00:00:00Z' },
      true,
    ],
    [
      'characters',
      text,
      `self.charAt(1) == 'é' && self.size() == 3 && self.indexOf('x') == 2 && self.substring(1, 2) == 'é'`,
      '😀éx',
      true,
    ],
    ['split and join', text, `self.split(',').join('-') == 'a-b' && self.replace(',', '') == 'ab'`, 'a,b', true],
    ['cases', text, `self.lowerAscii() == 'aé' && self.upperAscii() == 'Aé'`, 'Aé', true],
    [
      'quantities',
      text,
      `isQuantity(self) && quantity(self).isLessThan(quantity('1Gi')) && quantity(self).compareTo(quantity('512Mi')) == 0`,
      '0.5Gi',
      true,
    ],
    [
      'addresses',
      text,
      `isIP(self) && ip(self).family() == 4 && cidr('10.0.0.0/8').containsIP(self)`,
      '10.1.2.3',
      true,
    ],
    ['ranges', text, `isCIDR(self) && cidr(self).prefixLength() == 64`, '2001:db8::/64', true],
    ['addresses', text, `isURL(self) && url(self).getHostname() == 'example.com'`, 'https://example.com:8080/x', true],
    [
      'sets',
      texts,
      `sets.contains(self, ['a']) && sets.intersects(self, ['b', 'z']) && !sets.equivalent(self, ['a'])`,
      ['a', 'b'],
      true,
    ],
    [
      'sums',
      { type: 'array', items: integer },
      'self.sum() == 6 && self.max() == 3 && self.min() == 1 && self.isSorted()',
      [1, 2, 3],
      true,
    ],
    ['distinct', texts, `self.distinct().size() == 2 && self.indexOf('b') == 1`, ['a', 'b', 'a'], true],
    ['formats', text, `!format.dns1123Label().validate(self).hasValue()`, 'a-b', true],
    ['wrong formats', text, `!format.dns1123Label().validate(self).hasValue()`, 'A', false],
    ['optional fields', fields({ a: fields({ b: text }) }), `self.?a.?b.orValue('none') == 'none'`, {}, true],
    ['optional mapping', fields({ a: text }), `self.?a.optMap(x, x.size()).orValue(0) == 2`, { a: 'xy' }, true],
    ['two variables', texts, `self.all(i, x, i < 2 && x != '')`, ['a', 'b'], true],
    ['expressions found', text, `self.find('[0-9]+') == '12' && self.findAll('[0-9]+').size() == 2`, 'a12b3', true],
    ['bound values', text, `cel.bind(x, self + '!', x.size() == 3)`, 'ab', true],
  ])('understand %s', (...row) => {
    const [, schema, rule, value, holds] = row;
    expect(broken(schema, [rule], value)).toHaveLength(holds ? 0 : 1);
  });

  it('say what went wrong when they run', () => {
    const run = (schema: JsonObject, rule: string, value: JsonValue): string => broken(schema, [rule], value)[0] ?? '';
    expect(run(fields({ a: integer }), 'self.a > 1', {})).toBe(
      'spec: Invalid value: "object": no such key: a evaluating rule: self.a > 1',
    );
    expect(run(integer, '10 / self > 1', 0)).toBe(
      'spec: Invalid value: "integer": division by zero evaluating rule: 10 / self > 1',
    );
    expect(run(texts, `self[3] == 'a'`, ['a'])).toBe(
      `spec: Invalid value: "array": index out of bounds: 3 evaluating rule: self[3] == 'a'`,
    );
    const any = fields({ p: { 'x-kubernetes-int-or-string': true } });
    expect(run(any, 'self.p.size() > 1', { p: 1 })).toContain(
      `call arguments did not match a supported operator, function or macro signature for rule: self.p.size() > 1`,
    );
  });

  it('end when they cost too much', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `item-${index}`);
    const began = Date.now();
    const rule = 'self.all(x, self.all(y, self.all(z, x + y != z)))';
    expect(broken(texts, [rule, 'self.size() < 0'], many)).toEqual([
      `spec: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
    expect(broken(text, [`self.matches('(a+)+b')`], 'a'.repeat(20_000))).toHaveLength(1);
    expect(broken(texts, ['self.all(x, self.exists(y, self.all(z, z == z) && y == x) || true)'], many)).toHaveLength(1);
    expect(Date.now() - began).toBeLessThan(5000);
  });
});
