import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { UserError } from '../../src/model/user-error.ts';
import { JsonPathPrinter } from '../../src/printers/jsonpath-printer.ts';
import type { JsonPathPrinterOptions } from '../../src/printers/jsonpath-printer.ts';

const object: KubeObject = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'c', labels: { b: '<', a: '2' } },
  list: [1, null],
};

function print(template: string, options?: JsonPathPrinterOptions): string {
  let text = '';
  new JsonPathPrinter(template, options).print(object, { write: (part) => void (text += part) });
  return text;
}

describe('JsonPathPrinter', () => {
  it('prints scalars as they are and the rest as compact JSON with sorted keys', () => {
    expect(print('{.metadata.name}: {.metadata.labels} {.list[*]}{.zz}')).toBe(
      String.raw`c: {"a":"2","b":"\u003c"} 1 null`,
    );
  });

  it('prints every part as a JSON list', () => {
    expect(print('{.list}{.zz}', { asJson: true })).toBe('[\n    [\n        1,\n        null\n    ]\n]\n[]\n');
  });

  it('explains a failure in kubectl’s words', () => {
    expect(() => print('')).toThrow(new UserError('template format specified but no template given'));
    expect(() => print('{.nope')).toThrow(new UserError('error parsing jsonpath {.nope, unclosed action'));
    expect(() => print('{.zz}', { allowMissingKeys: false })).toThrow(
      new UserError(
        'error executing jsonpath "{.zz}": Error executing template: zz is not found. Printing more information for debugging ' +
          'the template:\n\ttemplate was:\n\t\t{.zz}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}' +
          '{"apiVersion":"v1", "kind":"ConfigMap", "list":[]interface {}{1, interface {}(nil)}, "metadata":map[string]interface {}' +
          '{"labels":map[string]interface {}{"a":"2", "b":"<"}, "name":"c"}}\n\n\n',
      ),
    );
  });

  it.each([false, true])('prints no more than a template may, as JSON %s', (asJson) => {
    const many = { ...object, text: 'x'.repeat(asJson ? 1 << 20 : 1 << 26) };
    const printer = new JsonPathPrinter('{.text}'.repeat(asJson ? 257 : 5), { asJson });
    let written = 0;
    expect(() => printer.print(many, { write: (part) => void (written += part.length) })).toThrow(
      /^error executing jsonpath .*: more than 268435456 characters$/,
    );
    expect(written).toBe(0);
  });
});
