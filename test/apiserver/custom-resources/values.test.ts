import { describe, expect, it } from 'vitest';
import { Correlation } from '../../../src/apiserver/custom-resources/schema/correlation.ts';
import { hasFormat } from '../../../src/apiserver/custom-resources/schema/formats.ts';
import { listTypeErrors } from '../../../src/apiserver/custom-resources/schema/list-type-errors.ts';
import { embeddedErrors } from '../../../src/apiserver/custom-resources/schema/object-meta.ts';
import { pruneNulls, pruneUnknownFields } from '../../../src/apiserver/custom-resources/schema/prune.ts';
import { readSchema } from '../../../src/apiserver/custom-resources/schema/schema.ts';
import { ValueValidator } from '../../../src/apiserver/custom-resources/schema/value-validator.ts';
import { fieldErrorText } from '../../../src/model/field-error.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json-value.ts';

/** What a schema says of `v`. */
function wrong(schema: JsonObject, value: JsonValue): string[] {
  const root = readSchema({ type: 'object', properties: { v: schema } });
  return new ValueValidator(root).validate({ v: value }).map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

describe('a value', () => {
  it.each<[string, JsonObject, JsonValue, string[]]>([
    ['type', { type: 'integer' }, 'x', ['v: Invalid value: "string": v in body must be of type integer: "string"']],
    ['null', { type: 'string' }, null, ['v: Invalid value: "null": v in body must be of type string: "null"']],
    ['fraction', { type: 'integer' }, 1.5, ['v: Invalid value: "number": v in body must be of type integer: "number"']],
    [
      'int or string',
      { 'x-kubernetes-int-or-string': true },
      true,
      ['v: Invalid value: "boolean": v in body must be of type integer,string: "boolean"'],
    ],
    [
      'maximum',
      { type: 'integer', maximum: 3 },
      5,
      ['v: Invalid value: 5: v in body should be less than or equal to 3'],
    ],
    [
      'exclusive minimum',
      { type: 'number', minimum: 0.5, exclusiveMinimum: true },
      0.5,
      ['v: Invalid value: 0.5: v in body should be greater than 0.5'],
    ],
    ['factor', { type: 'integer', multipleOf: 5 }, 7, ['v: Invalid value: 7: v in body should be a multiple of 5']],
    [
      'int32',
      { type: 'integer', format: 'int32' },
      2 ** 40,
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in v'],
    ],
    ['length', { type: 'string', maxLength: 2 }, 'abc', ['v: Too long: may not be more than 2 bytes']],
    ['characters', { type: 'string', maxLength: 2 }, '😀é', []],
    [
      'least length',
      { type: 'string', minLength: 2 },
      'a',
      ['v: Invalid value: "a": v in body should be at least 2 chars long'],
    ],
    ['pattern', { type: 'string', pattern: '^a+$' }, 'b', [`v: Invalid value: "b": v in body should match '^a+$'`]],
    ['enum', { type: 'string', enum: ['a', 'b'] }, 'c', ['v: Unsupported value: "c": supported values: "a", "b"']],
    ['format', { type: 'string', format: 'ipv4' }, 'x', ['v: Invalid value: "x": v in body must be of type ipv4: "x"']],
    ['unknown format', { type: 'string', format: 'color' }, 'x', []],
    [
      'items',
      { type: 'array', items: { type: 'string' }, maxItems: 1 },
      ['a', 1],
      [
        'v[1]: Invalid value: "integer": v[1] in body must be of type string: "integer"',
        'v: Too many: 2: must have at most 1 item',
      ],
    ],
    [
      'least items',
      { type: 'array', items: { type: 'string' }, minItems: 1 },
      [],
      ['v: Invalid value: 0: v in body should have at least 1 items'],
    ],
    [
      'required',
      { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
      {},
      ['v.a: Required value'],
    ],
    [
      'fields of a map',
      { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 1 },
      { a: 'x', b: 1 },
      [
        'v: Too many: 2: must have at most 1 item',
        'v.a: Invalid value: "string": v.a in body must be of type integer: "string"',
      ],
    ],
    [
      'not',
      { type: 'string', not: { enum: ['a'] } },
      'a',
      ['<nil>: Invalid value: "": "v" must not validate the schema (not)'],
    ],
    [
      'any of',
      { type: 'string', anyOf: [{ minLength: 3 }, { pattern: '^x' }] },
      'ab',
      [
        '<nil>: Invalid value: "": "v" must validate at least one schema (anyOf)',
        'v: Invalid value: "ab": v in body should be at least 3 chars long',
      ],
    ],
    [
      'one of',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        oneOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      { a: '', b: '' },
      ['<nil>: Invalid value: "": "v" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    [
      'all of',
      { type: 'integer', allOf: [{ minimum: 1 }, { maximum: 3 }] },
      5,
      [
        'v: Invalid value: 5: v in body should be less than or equal to 3',
        '<nil>: Invalid value: "": "v" must validate all the schemas (allOf)',
      ],
    ],
  ])('is checked for its %s', (_name, schema, value, expected) => {
    expect(wrong(schema, value)).toEqual(expected);
  });

  it('may stay what it is when its schema got stricter', () => {
    const schema = readSchema({
      type: 'object',
      properties: { a: { type: 'string', maxLength: 1 }, b: { type: 'string', maxLength: 1 } },
    });
    const validate = (value: JsonObject, old: JsonObject): string[] =>
      new ValueValidator(schema).validate(value, '', new Correlation(schema, value, old)).map(({ field }) => field);
    expect(validate({ a: 'long', b: 'x' }, { a: 'long', b: 'y' })).toEqual([]);
    expect(validate({ a: 'long', b: 'long' }, { a: 'long', b: 'y' })).toEqual(['b']);
  });

  it('is pruned to what its schema knows', () => {
    const schema = readSchema({
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string' } } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { b: { type: 'object' } } },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { c: { type: 'string' } } } },
        list: { type: 'array', items: { type: 'object', properties: { d: { type: 'string', nullable: true } } } },
      },
    });
    const object: JsonObject = {
      metadata: { x: 1 },
      spec: { a: null, z: 1 },
      free: { x: { y: 1 }, b: { q: 1 } },
      map: { k: { c: 'c', z: 1 } },
      list: [{ d: null, z: 1 }],
      other: 1,
    };
    expect(pruneUnknownFields(object, schema)).toEqual(['free.b.q', 'list[0].z', 'map.k.z', 'other', 'spec.z']);
    pruneNulls(object, schema);
    expect(object).toEqual({
      metadata: { x: 1 },
      spec: {},
      free: { x: { y: 1 }, b: {} },
      map: { k: { c: 'c' } },
      list: [{ d: null }],
    });
  });

  it('may not have the same item twice', () => {
    const schema = readSchema({
      type: 'object',
      properties: {
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        map: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['n'],
          items: { type: 'object' },
        },
      },
    });
    const errors = listTypeErrors(
      {
        set: ['a', 'b', 'a', 'a'],
        map: [
          { n: 1, x: 1 },
          { n: 1, x: 2 },
        ],
      },
      schema,
    );
    expect(errors.map((error) => `${error.field}: ${fieldErrorText(error)}`)).toEqual([
      'set[2]: Duplicate value: "a"',
      'map[1]: Duplicate value: {"n":1}',
    ]);
  });

  it('holds embedded resources that are some', () => {
    const schema = readSchema({
      type: 'object',
      properties: {
        t: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    });
    const texts = (value: JsonValue): string[] =>
      embeddedErrors({ t: value }, schema).map((error) => `${error.field}: ${fieldErrorText(error)}`);
    expect(texts({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })).toEqual([]);
    expect(texts({ apiVersion: 'a/b/c' })).toEqual([
      't.kind: Required value',
      't.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['uri', ['https://a.b/c?d', '/path', 'urn:x'], ['a b', 'x', 'http://[::1']],
    ['email', ['a@b.c', 'A <a@b.c>'], ['a', '@b', 'a@']],
    ['hostname', ['a', 'a.example.com'], ['-a', 'a..b', 'a.1']],
    ['ipv4', ['1.2.3.4', '01.2.3.4'], ['1.2.3', '::1']],
    ['ipv6', ['::1', '2001:db8::1'], ['1.2.3.4', ':::']],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33']],
    ['mac', ['01:23:45:67:89:ab', '0123.4567.89ab'], ['01:23', '01-23:45-67:89-ab']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567E89B12D3A456426614174000'], ['123']],
    ['isbn', ['0321751043', '978-0321751041'], ['0321751044']],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-1-1']],
    ['date-time', ['2024-02-29T23:59:59Z', '2024-01-01t00:00:00.5+01:00'], ['2024-01-01T24:00:00Z', '2024-01-01']],
    ['duration', ['1h30m', '2 days', '0'], ['x', '1']],
    ['byte', ['YQ==', 'YWJj'], ['a', 'YQ=']],
    ['hexcolor', ['#fff', 'a0b1c2'], ['#ff']],
    ['rgbcolor', ['rgb(1, 2,255)'], ['rgb(1,2)', 'rgb(1,2,256)']],
    ['creditcard', ['4111 1111 1111 1111'], ['4111111111111112']],
    ['ssn', ['123-45-6789'], ['12-345-678']],
    ['k8s-short-name', ['a-b'], ['a.b', 'A']],
    ['k8s-long-name', ['a.b-c'], ['a..b']],
  ])('has the format %s or not', (format, good, bad) => {
    expect(good.filter((text) => !hasFormat(format, text))).toEqual([]);
    expect(bad.filter((text) => hasFormat(format, text))).toEqual([]);
  });
});
