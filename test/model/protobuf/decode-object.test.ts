import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import {
  decodeObject,
  decodeObjectStrict,
  decodeProtobuf,
  UnknownFieldsError,
} from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { decodeEnvelope, encodeEnvelope, isProtobufObject } from '../../../src/model/protobuf/envelope.ts';
import { protobufCodec } from '../../../src/model/protobuf/protobuf-codec.ts';
import { ProtobufError } from '../../../src/model/protobuf/protobuf-error.ts';
import { ProtobufWriter } from '../../../src/model/protobuf/protobuf-writer.ts';
import { RawJson } from '../../../src/model/raw-json.ts';

const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { key: 'value' } };

/** A kind's envelope around hand-made fields. */
function enveloped(apiVersion: string, kind: string, write: (writer: ProtobufWriter) => void): Buffer {
  const writer = new ProtobufWriter();
  encodeEnvelope(writer, { apiVersion, kind }, () => write(writer));
  return writer.toBuffer();
}

describe('the envelope', () => {
  it('tells the kind without a look at the object', () => {
    const bytes = encodeObject(configMap);
    expect(isProtobufObject(bytes)).toBe(true);
    expect(decodeEnvelope(bytes)).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', contentType: '' });
    expect(isProtobufObject(Buffer.from('{"kind":"ConfigMap"}'))).toBe(false);
    expect(isProtobufObject(Buffer.from('k8s'))).toBe(false);
    expect(() => decodeEnvelope(Buffer.from('{}'))).toThrow('the bytes do not start with k8s\\0');
  });

  it('without an object in it is damaged', () => {
    expect(() => decodeEnvelope(Buffer.from('k8s\0'))).toThrow('the envelope holds no object');
  });
});

describe('a kind that is not known', () => {
  it('is an error that names it, both ways', () => {
    const bytes = enveloped('stable.example.com/v1', 'CronTab', () => {});
    expect(() => decodeObject(bytes)).toThrow('no kind "CronTab" is known in "stable.example.com/v1"');
    expect(() => encodeObject({ apiVersion: 'v1', kind: 'Nothing', metadata: {} })).toThrow(ProtobufError);
  });
});

describe('fields that are not known', () => {
  const newer = enveloped('v1', 'ConfigMap', (writer) => {
    writer.string('from the future');
    writer.tag(99, 2);
  });

  it('are reported, and refused where the object is to be written back', () => {
    const { object, unknownFields } = decodeProtobuf(newer);
    expect(unknownFields).toEqual([{ type: 'core.v1.ConfigMap', number: 99 }]);
    expect(object.kind).toBe('ConfigMap');
    expect(decodeObject(newer)).toEqual(object);
    expect(() => decodeObjectStrict(newer)).toThrow(UnknownFieldsError);
    expect(() => decodeObjectStrict(newer)).toThrow('core.v1.ConfigMap: 99');
    expect(protobufCodec.decode(newer).unknownFields).toBe(true);
    expect(protobufCodec.decode(protobufCodec.encode(configMap)).unknownFields).toBe(false);
  });

  it('are not left out silently when an object is written', () => {
    const object = { ...configMap, metadata: { name: 'a', futureField: 1 } };
    expect(() => encodeObject(object)).toThrow('metadata.futureField: meta.v1.ObjectMeta stores no such field');
    expect(() => encodeObject({ ...configMap, extra: undefined })).not.toThrow();
  });

  it('of a field that is known, but with another wire type, are damage', () => {
    const bytes = enveloped('v1', 'ConfigMap', (writer) => {
      writer.varint(5);
      writer.tag(1, 0);
    });
    expect(() => decodeObject(bytes)).toThrow('field metadata has the wrong wire type 0');
  });
});

describe('what Go prints of it', () => {
  it('has zero values where fields have no omitempty', () => {
    const bytes = enveloped('v1', 'Pod', () => {});
    expect(JSON.stringify(decodeObject(bytes))).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"containers":null},"status":{}}',
    );
  });

  it('keeps raw JSON as the bytes that it was stored as', () => {
    const raw = new RawJson(Buffer.from('{ "b": 1,  "a": 12345678901234567890 }'));
    const object = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: {}, data: raw, revision: 3 };
    const data = decodeObject(encodeObject(object))['data'];
    expect(data).toBeInstanceOf(RawJson);
    expect(data instanceof RawJson && data.bytes.equals(raw.bytes)).toBe(true);
  });

  it('keeps integers beyond 2^53 exactly', () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {},
      data: null,
      revision: 2n ** 60n + 1n,
    };
    expect(decodeObject(encodeObject(object))['revision']).toBe(2n ** 60n + 1n);
  });

  it('makes quantities canonical when they are written', () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {},
      spec: { hard: { cpu: '0.5', memory: 1024, pods: '1500' } },
    };
    expect(decodeObject(encodeObject(quota))['spec']).toEqual({ hard: { cpu: '500m', memory: '1024', pods: '1500' } });
  });

  it('reads packed lists of integers as well', () => {
    const bytes = enveloped('v1', 'Pod', (writer) => {
      const spec = writer.size;
      const context = writer.size;
      writer.bytes(Buffer.from([5, 0x80, 1]));
      writer.tag(4, 2);
      writer.varint(writer.size - context);
      writer.tag(14, 2);
      writer.varint(writer.size - spec);
      writer.tag(2, 2);
    });
    expect(decodeObject(bytes)['spec']).toMatchObject({ securityContext: { supplementalGroups: [5, 128] } });
  });
});

describe('a value that does not fit its field', () => {
  const pod = (spec: Record<string, unknown>): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec });

  it.each([
    [pod({ nodeName: 5 }), 'spec.nodeName: is no string'],
    [pod({ containers: {} }), 'spec.containers: is no list'],
    [pod({ containers: [{ name: 'a' }, { image: true }] }), 'spec.containers[1].image: is no string'],
    [pod({ nodeSelector: [] }), 'spec.nodeSelector: is no object'],
    [pod({ nodeSelector: { a: 1 } }), 'spec.nodeSelector.a: is no string'],
    [pod({ priority: 1.5 }), 'spec.priority: is no integer'],
    [pod({ priority: 2 ** 31 }), 'spec.priority: 2147483648 does not fit into int32'],
    [pod({ hostNetwork: 'yes' }), 'spec.hostNetwork: is no boolean'],
    [pod({ securityContext: 'x' }), 'spec.securityContext: is no object'],
    [pod({ overhead: { cpu: '1x' } }), 'spec.overhead.cpu: quantities must match the regular expression'],
    [{ apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { a: '!' } }, 'data.a: is no base64'],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { creationTimestamp: 'today' } }, '"today" is no RFC 3339 time'],
  ])('is an error that says where: %#', (object, message) => {
    expect(() => encodeObject(object)).toThrow(ProtobufError);
    expect(() => encodeObject(object)).toThrow(message);
  });

  it('nested without end is refused, both ways', () => {
    let schema: Record<string, unknown> = {};
    for (let depth = 0; depth < 600; depth++) schema = { not: schema };
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {},
      spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: schema } }] },
    };
    expect(() => encodeObject(crd)).toThrow('objects are nested more than 500 deep');
  });
});
