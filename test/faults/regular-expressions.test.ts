import { describe, expect, it } from 'vitest';
import { hasFormat } from '../../src/apiserver/custom-resources/schema/formats.ts';
import { anchoredRegexp } from '../../src/kustomize/go-regexp.ts';
import { KustomizeError } from '../../src/kustomize/kustomize-error.ts';
import { Regexp } from '../../src/model/regexp/regexp.ts';
import { UserError } from '../../src/model/user-error.ts';

const FORMATS = [
  'bsonobjectid',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'cidr',
  'mac',
  'uuid',
  'uuid3',
  'uuid4',
  'uuid5',
  'isbn',
  'isbn10',
  'isbn13',
  'creditcard',
  'ssn',
  'hexcolor',
  'rgbcolor',
  'byte',
  'password',
  'date',
  'duration',
  'datetime',
  'k8s-short-name',
  'k8s-long-name',
];
/** Texts that begin as something and never become it; a text grows by repeating its middle. */
const SHAPES: readonly (readonly [string, string, string])[] = [
  ['', ' ', ''],
  ['', 'a', ''],
  ['', '1', ''],
  ['', 'a.', ''],
  ['', '-', ''],
  ['', ':', ''],
  ['', 'a@', ''],
  ['"', ' ', '<'],
  ['', '<', '>'],
  ['', '0', 'x'],
  ['a://', '@', ':'],
  ['a://[', ':', ']x'],
  ['', 'AAAA', '*'],
  ['rgb(', ' ', ''],
  ['', '1h', 'x'],
  ['2020-01-01T00:00:00.', '0', ''],
  ['"', '\\', '@a'],
  ['', '1 ', ''],
  ['', '00.', ''],
  ['a@', 'b.', ''],
  ['1', ' ', '1'],
  ['é', 'é', ''],
];

describe('the format of a string', () => {
  it.each(FORMATS)('is found out in a time that does not grow with the square of its length: %s', (format) => {
    // The square of this length would take many seconds.
    const length = 100_000;
    for (const [begin, middle, end] of SHAPES) {
      const text = begin + middle.repeat(length / middle.length) + end;
      const before = performance.now();
      hasFormat(format, text);
      expect(performance.now() - before, JSON.stringify([begin, middle, end])).toBeLessThan(4000);
    }
  });

  it('is as it was', () => {
    const emails = [
      'a@b.c',
      'A B <a@b.c>',
      '"A B" <a@b.c>',
      '<a@b.c>',
      'A <a@b.c',
      'A<a@b.c>',
      '<>',
      'A <<a@b.c>>',
      'A "B <a@b.c>',
    ];
    expect(emails.filter((text) => hasFormat('email', text))).toEqual([
      'a@b.c',
      'A B <a@b.c>',
      '"A B" <a@b.c>',
      '<a@b.c>',
    ]);
    const durations = ['1h', '2 days', '3 hours 4min', '12345678901234567890 s', 'x', '10'];
    expect(durations.filter((text) => hasFormat('duration', text))).toEqual(['1h', '2 days', '3 hours 4min']);
  });
});

describe('an expression of a schema', () => {
  it.each(['(a+a+)+b', '^(a|a)*$', '(.*)*b', '(a?){30}a{30}b', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'does not go back: %s',
    (source) => {
      const before = performance.now();
      new Regexp(source).test('a'.repeat(30_000));
      expect(performance.now() - before).toBeLessThan(10_000);
    },
  );

  it('is given up when it and its text are large', () => {
    const regexp = new Regexp('(a{0,1000}){1}'.repeat(20) + 'b');
    expect(regexp.test('b')).toBe(true);
    const before = performance.now();
    expect(() => regexp.test('a'.repeat(1_000_000))).toThrow(UserError);
    expect(() => regexp.test('a'.repeat(1_000_000))).toThrow(/takes too long on a text of 1000000 characters$/);
    expect(performance.now() - before).toBeLessThan(60_000);
  });

  it('with a thousand parts is not paid for again at each character', () => {
    expect(new Regexp('x{1000}'.repeat(60)).test('y'.repeat(200_000))).toBe(false);
  });
});

describe('a pattern of a kustomization', () => {
  it.each(['(a+)+', '(a|aa)+', '(.*a){12}'])('does not go back, and is of the whole name: %s', (pattern) => {
    const before = performance.now();
    expect(anchoredRegexp(pattern)?.test(`${'a'.repeat(5000)}!`)).toBe(false);
    expect(anchoredRegexp(pattern)?.test('a'.repeat(20))).toBe(true);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('has the syntax of Go, and its words for what is none', () => {
    expect(anchoredRegexp('(?i)web-(?P<n>[0-9]+)')?.test('WEB-12')).toBe(true);
    expect(() => anchoredRegexp('a(?=b)')).toThrow(KustomizeError);
    expect(() => anchoredRegexp('a(?=b)')).toThrow('error parsing regexp: invalid or unsupported Perl syntax: `(?=`');
  });
});
