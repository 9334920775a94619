import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, jsonString, printJson } from '../../src/model/json-printer.ts';

/** Go escapes these for HTML's and JavaScript's sake; JSON.stringify does not. */
const goEscapes = (text: string): string =>
  text.replaceAll(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

const value = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .filter((each) => !JSON.stringify(each).includes('-0'));

describe('printed JSON', () => {
  it('is laid out as JSON.stringify lays it out, with the escapes of Go', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 4 }), (each, indent) => {
        expect(printJson(each, { indent })).toBe(goEscapes(JSON.stringify(each, undefined, indent)));
        expect(compactJson(each)).toBe(goEscapes(JSON.stringify(each)));
      }),
    );
  });

  it('quotes every character as JSON.stringify does, but for those', () => {
    for (let code = 0; code < 0x10000; code += code < 0x300 ? 1 : 61) {
      const text = `a${String.fromCharCode(code)}b`;
      expect(jsonString(text)).toBe(goEscapes(JSON.stringify(text)));
    }
  });

  it('reads back as the same value, and again gives the same text, with sorted keys', () => {
    fc.assert(
      fc.property(value, (each) => {
        const sorted = printJson(each, { sortKeys: true });
        expect(JSON.parse(sorted)).toEqual(JSON.parse(JSON.stringify(each)));
        expect(printJson(JSON.parse(sorted), { sortKeys: true })).toBe(sorted);
      }),
    );
  });

  it('sorts keys by their bytes, of few fields and of many, whatever stands before the lines', () => {
    const sorted = (each: unknown): unknown => {
      if (Array.isArray(each)) return each.map(sorted);
      if (typeof each !== 'object' || each === null) return each;
      const bytewise = ([left]: [string, unknown], [right]: [string, unknown]): number =>
        Buffer.compare(Buffer.from(left), Buffer.from(right));
      return new Map(
        Object.entries(each)
          .sort(bytewise)
          .map(([key, one]) => [key, sorted(one)]),
      );
    };
    // JSON.stringify puts keys that are numbers first, so the text is made here.
    const text = (each: unknown, line: string): string => {
      const inner = `${line}  `;
      if (Array.isArray(each)) {
        return each.length === 0 ? '[]' : `[${each.map((one) => inner + text(one, inner)).join(',')}${line}]`;
      }
      if (!(each instanceof Map)) return goEscapes(JSON.stringify(each));
      const fields = [...each].map(([key, one]) => `${inner}${goEscapes(JSON.stringify(key))}: ${text(one, inner)}`);
      return fields.length === 0 ? '{}' : `{${fields.join(',')}${line}}`;
    };
    const key = fc.string({ unit: 'grapheme', maxLength: 4 });
    const wide = fc.dictionary(key, value, { minKeys: 0, maxKeys: 80, size: 'max' });
    fc.assert(
      fc.property(wide, fc.integer({ min: 0, max: 9 }), (each, margin) => {
        const expected = text(sorted(each), `\n${' '.repeat(margin)}`);
        expect(printJson(each, { indent: 2, sortKeys: true, margin })).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });
});
