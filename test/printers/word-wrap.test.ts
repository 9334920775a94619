import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordWrap } from '../../src/printers/word-wrap.ts';

describe('wordWrap', () => {
  it('breaks before the word that does not fit, and drops the spaces there', () => {
    expect(wordWrap('one two  three', 7)).toBe('one two\nthree');
    expect(wordWrap('one two three', 8)).toBe('one two\nthree');
  });

  it('keeps line ends, leading spaces and words that are too long', () => {
    expect(wordWrap('a\n  b\n\nc', 10)).toBe('a\n  b\n\nc');
    expect(wordWrap('abcdefghij klm', 5)).toBe('abcdefghij\nklm');
  });

  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 40 });

  it('changes nothing but spaces', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 30 }), (list, width) => {
        expect(wordWrap(list.join(' '), width).split(/\s+/).filter(Boolean)).toEqual(list);
      }),
    );
  });

  it('makes no line longer than the width, but for single words', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 13, max: 30 }), (list, width) => {
        for (const line of wordWrap(list.join(' '), width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
