import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exactFieldValue,
  fieldSelectorMatches,
  fieldSelectorText,
  parseFieldSelector,
} from '../../../src/model/selectors/field-selector.ts';

describe('field selectors', () => {
  it.each([
    ['metadata.name=a', 'metadata.name=a'],
    ['b!=2,a==1', 'a=1,b!=2'],
    [String.raw`a=x\,y\=z\\`, String.raw`a=x\,y\=z\\`],
    ['a=,,b=', 'a=,b='],
    ['', ''],
    ['=x', '=x'],
  ])('%j means %j', (text, canonical) => {
    expect(fieldSelectorText(parseFieldSelector(text))).toBe(canonical);
  });

  it.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    [String.raw`a=\x`, String.raw`invalid field selector: invalid escape sequence: \x`],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });

  it('matches over fields, an absent one being empty', () => {
    const fields = { 'metadata.name': 'a', 'status.phase': 'Running' };
    expect(fieldSelectorMatches(parseFieldSelector('metadata.name=a,status.phase!=Failed'), fields)).toBe(true);
    expect(fieldSelectorMatches(parseFieldSelector('metadata.name!=a'), fields)).toBe(false);
    expect(fieldSelectorMatches(parseFieldSelector('spec.nodeName='), fields)).toBe(true);
    expect(exactFieldValue(parseFieldSelector('metadata.name=a'), 'metadata.name')).toBe('a');
    expect(exactFieldValue(parseFieldSelector('metadata.name!=a'), 'metadata.name')).toBeUndefined();
  });

  it('reads its own text back, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.stringMatching(/^[a-z.]{1,8}$/), fc.constantFrom('=' as const, '!=' as const), fc.string()),
        ),
        (parts) => {
          const text = fieldSelectorText({
            requirements: parts.map(([field, operator, value]) => ({ field, operator, value })),
          });
          const selector = parseFieldSelector(text);
          expect(selector.requirements).toHaveLength(parts.length);
          expect(parseFieldSelector(fieldSelectorText(selector))).toEqual(selector);
        },
      ),
    );
  });
});
