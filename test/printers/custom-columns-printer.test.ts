import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { CustomColumnsPrinter } from '../../src/printers/custom-columns-printer.ts';

const named = (name: string, data: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const list = (...items: KubeObject[]) => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items });

function print(printer: CustomColumnsPrinter, ...objects: Parameters<CustomColumnsPrinter['print']>[0][]): string {
  let text = '';
  for (const object of objects) printer.print(object, { write: (part) => void (text += part) });
  return text;
}

describe('CustomColumnsPrinter', () => {
  it('prints a row an object, <none> for what is missing, and lists with commas', () => {
    const printer = CustomColumnsPrinter.fromSpec('NAME:.metadata.name,K:data.l[*],M:{.data},N:.data.nil');
    expect(print(printer, list(named('a', { l: [1, 'x'], nil: null }), named('longer-name')))).toBe(
      'NAME          K        M                        N\n' +
        'a             1,x      map[l:[1 x] nil:<nil>]   <nil>\n' +
        'longer-name   <none>   map[]                    <none>\n',
    );
  });

  it('prints headers once for all objects of a kind, and none when told', () => {
    const printer = CustomColumnsPrinter.fromSpec('NAME:.metadata.name');
    expect(print(printer, named('a'), named('b'))).toBe('NAME\na\nb\n');
    expect(print(CustomColumnsPrinter.fromSpec('NAME:.metadata.name', true), named('a'))).toBe('a\n');
  });

  it('starts a new block of columns where a value has several lines', () => {
    const printer = CustomColumnsPrinter.fromSpec('A:.data.a,B:.metadata.name');
    expect(print(printer, list(named('x', { a: 'one\nlast line' }), named('y', { a: 'z\u001b\r' })))).toBe(
      'A     B\none\nlast line   x\nz^[\\r       y\n',
    );
  });

  it('reads a template of two lines', () => {
    expect(
      print(CustomColumnsPrinter.fromTemplate('NAME          KEY\nmetadata.name data.k\n'), named('a', { k: 'v' })),
    ).toBe('NAME   KEY\na      v\n');
  });

  it.each([
    ['', 'custom-columns format specified but no custom columns given'],
    ['NAME', 'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>'],
    [
      'A:{x',
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    ],
  ])('refuses the spec %j', (spec, message) => {
    expect(() => CustomColumnsPrinter.fromSpec(spec)).toThrow(message);
  });

  it.each([
    ['', 'invalid template, missing header line.'],
    ['A B\n', 'invalid template, missing spec line.'],
    ['A B\nx\n', "number of headers (2) and field specifications (1) don't match"],
  ])('refuses the template %j', (content, message) => {
    expect(() => CustomColumnsPrinter.fromTemplate(content)).toThrow(message);
  });

  it('writes nothing when a path cannot be evaluated', () => {
    let text = '';
    const printer = CustomColumnsPrinter.fromSpec('A:.metadata[0]');
    expect(() => printer.print(named('a'), { write: (part) => void (text += part) })).toThrow(
      'map[string]interface {} is not array or slice',
    );
    expect(text).toBe('');
  });
});
