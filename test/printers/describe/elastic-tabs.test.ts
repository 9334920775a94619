import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTabs } from '../../../src/printers/describe/elastic-tabs.ts';

describe('alignTabs', () => {
  it('makes a column as wide as its longest cell in neighbouring lines', () => {
    expect(alignTabs('a:\tb\nlonger:\tc\nno cells\nx:\ty\n')).toBe('a:       b\nlonger:  c\nno cells\nx:  y\n');
  });

  it('counts code points, and ends columns at a form feed', () => {
    expect(alignTabs('日本:\tb\nabc:\tc\flonger:\td\n')).toBe('日本:   b\nabc:  c\nlonger:  d\n');
  });

  it('gives an empty cell its padding', () => {
    expect(alignTabs('\ta\t\tb\n')).toBe('  a    b\n');
  });

  it('takes nothing but tabs away, and adds nothing but blanks', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bcd', '\t', '\n', '\u{1f600}'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (each) => {
        expect(alignTabs(each).replaceAll(' ', '')).toBe(each.replaceAll('\t', ''));
      }),
    );
  });

  it('starts the cells of a column of neighbouring lines at one place', () => {
    const cell = fc.stringMatching(/^[a-z]{0,6}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const lines = alignTabs(rows.map(([left, right]) => `${left}\t|${right}`).join('\n')).split('\n');
        const width = Math.max(...rows.map(([left]) => left.length)) + 2;
        for (const line of lines) expect(line.indexOf('|')).toBe(width);
      }),
    );
  });
});
