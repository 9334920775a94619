import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepEqual } from '../../../src/model/deep-equal.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { decodeProtobuf } from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { isJsonObject } from '../../../src/model/json-value.ts';
import { RawJson } from '../../../src/model/raw-json.ts';
import { allTypes, builtInPackages } from '../../../src/model/schema/schema.ts';
import type { TypeSchema } from '../../../src/model/schema/type-schema.ts';
import { objectOfType } from './object-of-type.ts';

const apiVersions = new Map([...builtInPackages()].map(([apiVersion, name]) => [name, apiVersion]));
/** Every kind that protobuf has; a Table has no protobuf form. */
const kinds = allTypes().filter((type) => type.isKind && !/^meta\.v1\.Table$/.test(type.name));

function objectOf(type: TypeSchema, draw: fc.GeneratorValue, depth: number): KubeObject {
  const apiVersion = apiVersions.get(type.name.split('.').slice(0, 2).join('.')) ?? '';
  return { metadata: {}, ...objectOfType(type, draw, depth), apiVersion, kind: type.goName };
}

/** The path of something of the first that is not in the second; Go's zero values may be left out, or stand in addition. */
function lost(part: unknown, whole: unknown, path: string): string | undefined {
  if (whole instanceof RawJson || !(Array.isArray(part) || isJsonObject(part))) {
    const same = whole === undefined || whole === null ? isZero(part) : deepEqual(part, whole);
    return same ? undefined : `${path}: ${String(part)} is ${String(whole)}`;
  }
  const sameLength = !Array.isArray(part) || !Array.isArray(whole) || part.length === whole.length;
  if (!sameLength) return `${path}: not as many items`;
  const fields = new Map<string, unknown>(Object.entries(whole ?? {}));
  for (const [key, value] of Object.entries(part)) {
    const found = lost(value, fields.get(key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isZero(value: unknown): boolean {
  if (isJsonObject(value)) return Object.values(value).every((each) => isZero(each));
  return value === '' || value === 0 || value === false || value === '0' || value === '0s' || value === null;
}

function expectRoundTrip(object: KubeObject): void {
  const bytes = encodeObject(object);
  const { object: decoded, unknownFields } = decodeProtobuf(bytes);
  expect(unknownFields).toEqual([]);
  expect(lost(object, decoded, object.kind)).toBeUndefined();
  const again = encodeObject(decoded);
  expect(again.equals(bytes), `${object.kind}: other bytes`).toBe(true);
  expect(deepEqual(decodeProtobuf(again).object, decoded), `${object.kind}: another object`).toBe(true);
}

describe('an object of any kind', () => {
  it('comes back from protobuf with all that it had, and gives the same bytes again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.gen(), (type, draw) => {
        if (type.field('metadata') !== undefined) expectRoundTrip(objectOf(type, draw, 3));
      }),
      { numRuns: 200 },
    );
  });

  it.each(kinds.filter((type) => type.field('metadata') !== undefined).map((type) => [type.name, type] as const))(
    '%s: full and empty',
    (_, type) => {
      fc.assert(
        fc.property(fc.gen(), (draw) => expectRoundTrip(objectOf(type, draw, 1))),
        { numRuns: 2, seed: 7 },
      );
      const apiVersion = apiVersions.get(type.name.split('.').slice(0, 2).join('.')) ?? '';
      expectRoundTrip({ apiVersion, kind: type.goName, metadata: {} });
    },
  );

  it('may have any text as a key', () => {
    const data: unknown = JSON.parse('{"__proto__":"a","constructor":"b","\\ud83d\\ude00":"c","\\uffee":"d","":"e"}');
    const bytes = encodeObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data });
    const { object } = decodeProtobuf(bytes);
    expect(JSON.stringify(object['data'])).toBe(
      '{"":"e","__proto__":"a","constructor":"b","\uffee":"d","\ud83d\ude00":"c"}',
    );
    expect(Object.getPrototypeOf(object['data'])).toBe(Object.prototype);
    expect(encodeObject(object).equals(bytes)).toBe(true);
  });
});
