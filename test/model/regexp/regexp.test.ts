import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Regexp } from '../../../src/model/regexp/regexp.ts';

const matches = (pattern: string, text: string): boolean => new Regexp(pattern).test(text);

describe('Regexp', () => {
  it('matches what Go matches', () => {
    expect(matches(String.raw`^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$`, '* * * * */5')).toBe(true);
    expect(matches(String.raw`^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$`, 'nonsense')).toBe(false);
    expect(matches('(?i)^ABC$', 'abc')).toBe(true);
    expect(matches('a(?i)b', 'aB')).toBe(true);
    expect(matches('^a(?i)b$', 'AB')).toBe(false);
    expect(matches('(?m)^b$', 'a\nb\nc')).toBe(true);
    expect(matches('a.c', 'a\nc')).toBe(false);
    expect(matches('(?s)a.c', 'a\nc')).toBe(true);
    expect(matches('^[[:alpha:]_-]+$', 'ab_-')).toBe(true);
    expect(matches(String.raw`^[^\d]$`, '5')).toBe(false);
    expect(matches(String.raw`^\p{Lu}\pL*$`, 'Ärger')).toBe(true);
    expect(matches(String.raw`^\p{Greek}+$`, 'αβγ')).toBe(true);
    expect(matches(String.raw`\bfoo\b`, 'a foo b')).toBe(true);
    expect(matches(String.raw`\bfoo\b`, 'afoo b')).toBe(false);
    expect(matches(String.raw`^\Qa.b\E$`, 'a.b')).toBe(true);
    expect(matches(String.raw`^\x{1F600}$`, '😀')).toBe(true);
    expect(matches('^.$', '😀')).toBe(true);
    expect(matches('^a{2,3}$', 'aaaa')).toBe(false);
    expect(matches('^a{,3}$', 'a{,3}')).toBe(true);
    expect(matches('^$', '')).toBe(true);
    expect(matches('^a$', 'a\n')).toBe(false);
  });

  it('finds the leftmost match that is preferred', () => {
    const all = (pattern: string, text: string): string[] =>
      new Regexp(pattern).findAll(text).map(({ start, end }) => text.slice(start, end));
    expect(all('a|ab', 'ab')).toEqual(['a']);
    expect(all('a+?', 'aaa')).toEqual(['a', 'a', 'a']);
    expect(all('a*', 'baac')).toEqual(['', 'aa', '']);
    expect(all(String.raw`\d+`, 'x12y😀345')).toEqual(['12', '345']);
    expect(new Regexp('z').find('abc')).toBeUndefined();
  });

  it.each([
    ['[a', 'missing closing ]: `[a`'],
    ['(a', 'missing closing ): `(a`'],
    ['a)', 'unexpected ): `a)`'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(a{100}){100}', 'invalid repeat count: `(a{100}){100}`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<!a)', 'invalid or unsupported Perl syntax: `(?<`'],
    [String.raw`\y`, 'invalid escape sequence: `\\y`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
  ])('says what is wrong with %s', (pattern, text) => {
    expect(() => new Regexp(pattern)).toThrow(`error parsing regexp: ${text}`);
  });

  it('never takes longer than the text is worth', () => {
    const began = Date.now();
    expect(matches('^(a+)+$', `${'a'.repeat(5000)}b`)).toBe(false);
    expect(matches('^(a|aa)*$', `${'a'.repeat(5000)}b`)).toBe(false);
    expect(matches('(x+x+)+y', 'x'.repeat(2000))).toBe(false);
    expect(Date.now() - began).toBeLessThan(3000);
  });

  it('agrees with JavaScript where both have the syntax', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab)', String.raw`\d`, String.raw`\w`);
    const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}')).map((pair) => pair.join(''));
    const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, fc.boolean(), (source, input, anchored) => {
        const whole = anchored ? `^(?:${source})$` : source;
        const found = new RegExp(whole, 'u').exec(input);
        const ours = new Regexp(whole).find(input);
        expect(ours).toEqual(found === null ? undefined : { start: found.index, end: found.index + found[0].length });
      }),
    );
  });
});
