import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listOf } from '../../src/commands/get-objects.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { JsonPrinter } from '../../src/printers/document-json-printer.ts';
import { YamlPrinter } from '../../src/printers/document-yaml-printer.ts';
import { NamePrinter } from '../../src/printers/name-printer.ts';
import type { ResourcePrinter } from '../../src/printers/resource-printer.ts';

const object: fc.Arbitrary<KubeObject> = fc
  .record({
    name: fc.string({ minLength: 1 }),
    data: fc.dictionary(
      fc.string(),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant('x'.repeat(200))),
    ),
    managed: fc.boolean(),
    more: fc.jsonValue(),
  })
  .map(({ name, data, managed, more }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(managed ? { managedFields: [{ manager: 'a' }] } : {}) },
    data,
    more: more as never,
  }));

const PRINTERS: Readonly<Record<string, () => ResourcePrinter>> = {
  json: () => new JsonPrinter({ showManagedFields: false, keepOrder: false }),
  'json with managed fields': () => new JsonPrinter({ showManagedFields: true, keepOrder: false }),
  yaml: () => new YamlPrinter({ showManagedFields: false }),
  'yaml with managed fields': () => new YamlPrinter({ showManagedFields: true }),
  name: () => new NamePrinter(),
};

describe.each(Object.entries(PRINTERS))('ListWriter of %s', (_name, make) => {
  it('writes in pieces what is printed of the whole List', () => {
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(5)), (objects, cuts) => {
        const whole: string[] = [];
        make().print(listOf(objects), { write: (text) => void whole.push(String(text)) });
        const pieces: string[] = [];
        const writer = make().list?.({ write: (text) => void pieces.push(String(text)) });
        let rest = objects;
        for (const cut of cuts) {
          writer?.add(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        writer?.add(rest);
        writer?.end();
        expect(pieces.join('')).toBe(whole.join(''));
      }),
    );
  });
});

describe('JsonPrinter', () => {
  it('writes no List in pieces where fields keep their order', () => {
    expect(new JsonPrinter({ showManagedFields: false, keepOrder: true }).list).toBeUndefined();
  });
});
