import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { decodeObject, decodeProtobuf } from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { decodeEnvelope, isProtobufObject } from '../../../src/model/protobuf/envelope.ts';
import { ProtobufError } from '../../../src/model/protobuf/protobuf-error.ts';

interface StoredObject {
  group: string;
  version: string;
  resource: string;
  kind: string;
  object: KubeObject;
  value: string;
}

const all: StoredObject[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
);
const bytesOf = (stored: StoredObject) => Buffer.from(stored.value, 'base64');
const stored = all.filter((each) => isProtobufObject(bytesOf(each)));

/** An object as it is stored: without resourceVersion, under the apiVersion of the stored bytes. */
function asStored({ object, ...rest }: StoredObject): KubeObject {
  const { resourceVersion, ...metadata } = object.metadata;
  expect(resourceVersion).toMatch(/^\d+$/);
  const { apiVersion } = decodeEnvelope(bytesOf({ object, ...rest }));
  return { ...object, apiVersion, metadata };
}

describe('objects that a real server stored', () => {
  it('are protobuf but for two', () => {
    expect(stored.length).toBe(39);
    expect(all.filter((each) => !stored.includes(each)).map((each) => each.kind)).toEqual([
      'APIService',
      'CustomResourceDefinition',
    ]);
  });

  // The events.k8s.io Event is stored as a core Event, whose fields have other names; the server itself changed the status of
  // the FlowSchema between its answer and the reading of the bytes.
  const unchanged = stored.filter((each) => each.group !== 'events.k8s.io' && each.resource !== 'flowschemas');
  // Raw JSON is stored as the client sent it: this one's client put spaces into it.
  const compact = unchanged.filter((each) => each.resource !== 'controllerrevisions');
  const named = (list: readonly StoredObject[]) => list.map((each) => [each.resource, each] as const);

  it.each(named(unchanged))('%s: decoded is what the server answered, field for field', (_, each) => {
    const { kind, ...rest } = asStored(each);
    expect(JSON.stringify(decodeObject(bytesOf(each)))).toBe(JSON.stringify({ kind, ...rest }));
  });

  it.each(named(stored))('%s: encoded again has the same bytes', (_, each) => {
    const { object, unknownFields } = decodeProtobuf(bytesOf(each));
    expect(unknownFields).toEqual([]);
    expect(encodeObject(object).equals(bytesOf(each))).toBe(true);
  });

  it.each(named(compact))('%s: the answered object encodes to the stored bytes', (_, each) => {
    expect(encodeObject(asStored(each)).equals(bytesOf(each))).toBe(true);
  });

  it('cut anywhere are an error, or the object without its last fields, but never a hang or a wild read', () => {
    for (const each of [...stored].sort((a, b) => a.value.length - b.value.length).slice(0, 6)) {
      const bytes = bytesOf(each);
      for (let length = 0; length < bytes.length; length++) {
        const cut = Buffer.from(bytes.subarray(0, length));
        try {
          decodeProtobuf(cut);
        } catch (error) {
          expect(error, `${each.resource} at ${length}`).toBeInstanceOf(ProtobufError);
          continue;
        }
        // Only the envelope's own end may be missing: the two empty texts after the object.
        expect(length, each.resource).toBeGreaterThanOrEqual(bytes.length - 4);
      }
    }
  });

  it('with any byte changed are an object or a ProtobufError', () => {
    for (const each of [...stored].sort((a, b) => a.value.length - b.value.length).slice(0, 3)) {
      const bytes = bytesOf(each);
      for (let at = 0; at < bytes.length; at++) {
        for (const value of [0, 0x7f, 0x80, 0xff]) {
          const changed = Buffer.from(bytes);
          changed[at] = value;
          try {
            decodeProtobuf(changed);
          } catch (error) {
            expect(error, `${each.resource} at ${at}`).toBeInstanceOf(ProtobufError);
          }
        }
      }
    }
  });
});
