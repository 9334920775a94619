import { describe, expect, it } from 'vitest';
import { builtInMergeType } from '../../../src/apiserver/managed-fields/built-in-merge-type.ts';
import { FieldSet } from '../../../src/apiserver/managed-fields/field-set.ts';
import { withNamedFields } from '../../../src/apiserver/managed-fields/named-fields.ts';
import { pathText } from '../../../src/apiserver/managed-fields/path-element.ts';
import { reconcileFields } from '../../../src/apiserver/managed-fields/reconcile-fields.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';

const service = typeForKind('v1', 'Service');
if (service === undefined) throw new Error('there is no Service');
const type = builtInMergeType(service);

describe('FieldSet', () => {
  it('writes fields, keys, values and indices in their order, numbers by what they are', () => {
    const set = new FieldSet();
    const elements = [
      'i:1',
      'v:"b"',
      'k:{"port":443}',
      'k:{"port":80}',
      'f:b',
      'v:"a"',
      'f:a',
      'k:{"port":80,"x":"y"}',
    ];
    for (const element of elements) set.insert([element]);
    const sorted = ['f:a', 'f:b', 'k:{"port":80}', 'k:{"port":80,"x":"y"}', 'k:{"port":443}', 'v:"a"', 'v:"b"', 'i:1'];
    expect(Object.keys(set.toFieldsV1())).toEqual(sorted);
  });

  it('takes one way of writing a key for another', () => {
    const json = { 'k:{"port":80,"name":"\\u003cx>"}': {}, 'v:1.0': {}, 'f:"': {} };
    expect(FieldSet.fromFieldsV1(json).toFieldsV1()).toEqual({
      'f:"': {},
      'k:{"name":"<x>","port":80}': {},
      'v:1': {},
    });
  });

  it('tells paths as errors show them, what is owned before what is inside', () => {
    const set = FieldSet.fromFieldsV1({
      'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } }, 'f:type': {} },
      'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } },
    });
    expect(set.paths().map(pathText)).toEqual([
      '.metadata.finalizers[="a/b"]',
      '.spec.type',
      '.spec.ports[port=80,protocol="TCP"]',
      '.spec.ports[port=80,protocol="TCP"].name',
    ]);
  });

  it('is a member too in the named fields that something is owned in, not in items of a map', () => {
    const set = FieldSet.fromFieldsV1({ 'f:spec': { 'f:type': {} }, 'f:metadata': { 'f:labels': { 'f:a': {} } } });
    expect(withNamedFields(set, type).toFieldsV1()).toEqual({
      'f:metadata': { '.': {}, 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': { '.': {}, 'f:type': {} },
    });
  });

  it('owns the whole of what was merged by its fields and is merged as one now', () => {
    const set = FieldSet.fromFieldsV1({
      'f:spec': {
        'f:selector': { 'f:app': {} },
        'f:ports': { 'k:{"port":80}': { 'f:name': {} } },
        'f:none': { 'f:a': {} },
      },
    });
    expect(reconcileFields(set, type).toFieldsV1()).toEqual({
      'f:spec': { 'f:selector': {}, 'f:ports': { 'k:{"port":80}': { 'f:name': {} } }, 'f:none': { 'f:a': {} } },
    });
  });
});
