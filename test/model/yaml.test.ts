import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/model/json-reader.ts';
import { parseYaml } from '../../src/model/yaml.ts';
import { parseYamlDocuments } from '../../src/model/yaml-documents.ts';
import { MOST_DOCUMENT_LENGTH, YamlDocumentSplitter } from '../../src/model/yaml-document-splitter.ts';

interface Recorded {
  readonly name: string;
  readonly text?: string;
  readonly out: string;
  readonly err: string;
}

const recorded = (
  JSON.parse(readFileSync(new URL('../../fixtures/manifests/read-by-kubectl.json', import.meta.url), 'utf8')) as {
    cases: Recorded[];
  }
).cases.filter(({ text }) => text !== undefined);

/** Where js-yaml cannot tell what go-yaml saw: keys that are lists, infinities or greater than int64. */
const KEYS_THAT_DIFFER = new Set(['seqkey', 'bigkey', 'infkey']);
/** The same problem, less of go-yaml's text. */
const SHORTER = new Map([['mapkey', 'yaml: invalid map key']]);

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('YAML as kubectl reads it', () => {
  const broken = recorded.filter(
    ({ name, err }) => err.startsWith('error: error parsing') && !KEYS_THAT_DIFFER.has(name),
  );
  it.each(broken)('refuses $name in kubectl’s words', ({ name, text, err }) => {
    const full = err.trim().replace('error: ', '');
    const message = messageOf(() => parseYamlDocuments(text!, `${name}.yaml`));
    const shorter = SHORTER.get(name);
    if (shorter === undefined) expect(message).toBe(full);
    else expect([full.includes(shorter), message.endsWith(shorter)]).toEqual([true, true]);
  });

  const read = recorded.filter(({ name, err, out, text }) => {
    const flattened = /^items:|kind: List|unable to decode/m.test(text! + err);
    return err === '' && out !== '' && !flattened && !KEYS_THAT_DIFFER.has(name);
  });
  it.each(read)('reads $name to the same value', ({ name, text, out }) => {
    const expected = parseYamlDocuments(out, 'kubectl').map(({ value }) => value);
    expect(parseYamlDocuments(text!, name).map(({ value }) => value)).toEqual(expected);
  });

  it('has enough recorded cases to mean something', () => {
    expect(broken.length).toBeGreaterThan(60);
    expect(read.length).toBeGreaterThan(40);
  });

  it('keeps int64 exactly and makes greater integers doubles', () => {
    expect(parseYaml('[9007199254740993, -9223372036854775808, 9223372036854775808, 0x1_F, 1_0.5]')).toEqual([
      9007199254740993n,
      -9223372036854775808n,
      9223372036854775808,
      31,
      10.5,
    ]);
  });

  it('makes no two places share an object', () => {
    const value = parseYaml('a: &x {k: [1]}\nb: *x\nc: {<<: *x}\n') as Record<string, { k: number[] }>;
    value['a']!.k.push(2);
    expect(value['b']!.k).toEqual([1]);
    expect(value['c']!.k).toEqual([1]);
  });

  it('says what go-yaml says of an unrendered template', () => {
    expect(() => parseYaml('name: {{ .Values.name }}\n')).toThrow(
      'yaml: invalid map key: map[interface {}]interface {}{".Values.name":interface {}(nil)}',
    );
  });

  it('does not let a key reach the prototype', () => {
    const value = parseYaml('__proto__: {polluted: true}\n') as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['a deep flow', 'a: ' + '['.repeat(200_000)],
    ['a deep block', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['many explicit keys', '? '.repeat(50_000)],
    ['a merge bomb', mergeBomb(60)],
  ])('refuses %s soon', (_name, text) => {
    const started = performance.now();
    expect(() => parseYaml(text)).toThrow(/exceeded max depth|excessive aliasing/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('reads what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, (_key, field: unknown) => (Object.is(field, -0) ? 0 : field));
        // go-yaml refuses DEL and the like even where JSON allows them.
        if (/[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd]/.test(text)) return;
        expect(parseYaml(text)).toEqual(parseJson(text));
      }),
    );
  });
});

function mergeBomb(levels: number): string {
  const lines = ['a0: &a0 {k: v}'];
  for (let level = 1; level < levels; level++) {
    lines.push(`a${level}: &a${level} {<<: [*a${level - 1}, *a${level - 1}], x: *a${level - 1}}`);
  }
  return lines.join('\n');
}

describe('documents', () => {
  it('numbers documents and their first lines', () => {
    const text = '# nothing\n---\na: 1\n--- # two\n\nb: 2\n---\n---\nc: 3';
    expect(parseYamlDocuments(text, 'f')).toEqual([
      { value: { a: 1 }, document: 2, line: 3 },
      { value: { b: 2 }, document: 3, line: 5 },
      { value: { c: 3 }, document: 4, line: 8 },
    ]);
  });

  it('cuts the same documents however the text arrives', () => {
    const line = fc.constantFrom('---', '--- # c', 'a: 1', '', '  - b', '...', '-', '--');
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), fc.integer({ min: 1, max: 7 }), (lines, ends, size) => {
        const text = lines.join('\n') + (ends ? '\n' : '');
        const whole = new YamlDocumentSplitter(1);
        const pieces = new YamlDocumentSplitter(1);
        const expected = [...whole.push(text), ...whole.end()];
        const got = [];
        for (let at = 0; at < text.length; at += size) got.push(...pieces.push(text.slice(at, at + size)));
        got.push(...pieces.end());
        expect(got.map((each) => each.text)).toEqual(expected.map((each) => each.text));
        expect(got.map((each) => each.line)).toEqual(expected.map((each) => each.line));
      }),
    );
  });

  it('refuses a document beyond the limit, however it comes', () => {
    const piece = 'x'.repeat(1024 * 1024);
    const splitter = new YamlDocumentSplitter(1);
    let pushed = 0;
    expect(() => {
      for (;;) {
        expect([...splitter.push(piece)]).toEqual([]);
        pushed += piece.length;
      }
    }).toThrow('the document is longer than 64 MiB');
    expect(pushed).toBeLessThanOrEqual(MOST_DOCUMENT_LENGTH);
  });
});

describe('JSON as Go reads it', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected EOF'],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['tru', 'unexpected EOF'],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['"\u0001"', String.raw`invalid character '\u0001' in string literal`],
    [String.raw`"\x"`, "invalid character 'x' in string escape code"],
    [String.raw`"\u00g0"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
    ["'a'", String.raw`invalid character '\'' looking for beginning of value`],
  ])('refuses %j', (text, message) => {
    expect(messageOf(() => parseJson(text))).toBe(message);
  });

  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const expected: unknown = JSON.parse(text, (_key, value: unknown) => (Object.is(value, -0) ? 0 : value));
        const got: unknown = parseJson(text);
        if (/\d{16}|-0|\\ud/i.test(text)) return;
        expect(got).toEqual(expected);
      }),
    );
  });

  it('keeps int64 exactly', () => {
    expect(parseJson('[9007199254740993,-9223372036854775808,9223372036854775808,1.0,-0,1e3]')).toEqual([
      9007199254740993n,
      -9223372036854775808n,
      9223372036854775808,
      1,
      0,
      1000,
    ]);
  });
});
