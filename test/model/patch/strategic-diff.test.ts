import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json-value.ts';
import { SAME_OBJECT } from '../../../src/model/patch/patch-precondition.ts';
import { createStrategicPatch } from '../../../src/model/patch/strategic-diff.ts';
import { applyStrategicMergePatch } from '../../../src/model/patch/strategic-merge-patch.ts';
import { hasUniquePorts, objectPairs, withSortedFinalizers, typeOf } from '../../peers/patch-inputs.ts';

const pod = (spec: JsonObject, metadata: JsonObject = { name: 'x' }): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
});

describe('createStrategicPatch', () => {
  it('names what changed, what goes, and the order of merged lists', () => {
    const original = pod({ containers: [{ name: 'a', image: '1' }, { name: 'b' }], nodeName: 'n' });
    const modified = pod({ containers: [{ name: 'c' }, { name: 'a', image: '2' }] });
    expect(createStrategicPatch(original, modified, typeOf(original))).toEqual({
      spec: {
        nodeName: null,
        containers: [{ name: 'c' }, { name: 'a', image: '2' }, { name: 'b', $patch: 'delete' }],
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
      },
    });
  });

  it('deletes from lists of scalars by name, and keeps the keys of a union', () => {
    const original = pod({ volumes: [{ name: 'v', emptyDir: {} }] }, { name: 'x', finalizers: ['a', 'b'] });
    const modified = pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }, { name: 'x', finalizers: ['b', 'c'] });
    expect(createStrategicPatch(original, modified, typeOf(original))).toEqual({
      metadata: {
        finalizers: ['c'],
        '$deleteFromPrimitiveList/finalizers': ['a'],
        '$setElementOrder/finalizers': ['b', 'c'],
      },
      spec: {
        volumes: [{ name: 'v', hostPath: { path: '/' }, emptyDir: null, $retainKeys: ['hostPath', 'name'] }],
        '$setElementOrder/volumes': [{ name: 'v' }],
      },
    });
  });

  it('refuses to change what an object is', () => {
    const other = { ...pod({}), kind: 'Node' };
    expect(() => createStrategicPatch(pod({}), other, typeOf(pod({})), SAME_OBJECT)).toThrow(
      expect.objectContaining({ reason: 'Precondition', message: 'precondition failed for: map[kind:Node]' }),
    );
  });

  it('makes a patch that leads to the target, and changes neither side', () => {
    fc.assert(
      fc.property(objectPairs, ([unsorted, modified]) => {
        fc.pre(hasUniquePorts(unsorted) && hasUniquePorts(modified));
        const original = withSortedFinalizers(unsorted);
        const before = JSON.stringify([original, modified]);
        const type = typeOf(original);
        const patch = createStrategicPatch(original, modified, type);
        expect(applyStrategicMergePatch(original, patch, type)).toEqual(modified);
        expect(JSON.stringify([original, modified])).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
