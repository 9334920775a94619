import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json-value.ts';
import { PatchConflict } from '../../../src/model/patch/patch-conflict.ts';
import { SAME_OBJECT } from '../../../src/model/patch/patch-precondition.ts';
import { applyMergePatch } from '../../../src/model/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../src/model/patch/strategic-merge-patch.ts';
import { createThreeWayMergePatch, createThreeWayStrategicPatch } from '../../../src/model/patch/three-way-patch.ts';
import { hasUniquePorts, objectPairs, withSortedFinalizers, typeOf } from '../../peers/patch-inputs.ts';

const deployment = (spec: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec,
});

describe('createThreeWayStrategicPatch', () => {
  it('keeps what only others have set, and deletes only what was applied before', () => {
    const sides = {
      original: deployment({ replicas: 1, paused: true }),
      modified: deployment({ replicas: 2 }),
      current: deployment({ replicas: 1, paused: true, minReadySeconds: 5 }),
    };
    const patch = createThreeWayStrategicPatch(sides, typeOf(sides.current), {
      overwrite: true,
      preconditions: SAME_OBJECT,
    });
    expect(patch).toEqual({ spec: { replicas: 2, paused: null } });
  });

  it('finds a conflict when it may not overwrite', () => {
    const sides = {
      original: deployment({ replicas: 1 }),
      modified: deployment({ replicas: 2 }),
      current: deployment({ replicas: 3 }),
    };
    const make = (overwrite: boolean) => () =>
      createThreeWayStrategicPatch(sides, typeOf(sides.current), { overwrite });
    expect(make(true)()).toEqual({ spec: { replicas: 2 } });
    expect(make(false)).toThrow(PatchConflict);
    const conflict = new PatchConflict({ a: 1 }, { a: 2 });
    expect(conflict.describe((value) => `a: ${JSON.stringify(value['a'])}\n`)).toBe(
      'patch:\na: 1\n\nconflicts with changes made from original to current:\na: 2\n\n',
    );
  });

  it('is empty when nothing changed', () => {
    fc.assert(
      fc.property(objectPairs, ([object]) => {
        fc.pre(hasUniquePorts(object));
        const same = withSortedFinalizers(object);
        const sides = { original: same, modified: structuredClone(same), current: structuredClone(same) };
        expect(createThreeWayStrategicPatch(sides, typeOf(object), { overwrite: false })).toEqual({});
      }),
    );
  });

  it('leads to what is wanted when nobody else changed anything', () => {
    fc.assert(
      fc.property(objectPairs, ([before, modified]) => {
        fc.pre(hasUniquePorts(before) && hasUniquePorts(modified));
        const original = withSortedFinalizers(before);
        const type = typeOf(original);
        const patch = createThreeWayStrategicPatch({ original, modified, current: original }, type, {
          overwrite: false,
        });
        expect(applyStrategicMergePatch(original, patch, type)).toEqual(modified);
      }),
    );
  });
});

describe('createThreeWayMergePatch', () => {
  it('leads to what is wanted when nobody else changed anything, and is empty when nothing changed', () => {
    fc.assert(
      fc.property(objectPairs, ([original, modified]) => {
        const patch = createThreeWayMergePatch({ original, modified, current: original });
        expect(applyMergePatch(original, patch)).toEqual(modified);
        expect(createThreeWayMergePatch({ original, modified: original, current: original })).toEqual({});
      }),
    );
  });

  it('refuses to change what an object is', () => {
    const [original, modified] = [deployment({}), { ...deployment({}), metadata: { name: 'y' } }];
    expect(() => createThreeWayMergePatch({ original, modified, current: original }, SAME_OBJECT)).toThrow(
      'precondition failed for: map[metadata:map[name:y]]',
    );
  });
});
