import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepEqual } from '../../src/model/deep-equal.ts';
import type { JsonObject, JsonValue } from '../../src/model/json-value.ts';
import { applyJsonPatch } from '../../src/model/patch/json-patch.ts';
import { applyMergePatch } from '../../src/model/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../src/model/patch/strategic-merge-patch.ts';
import { jsonPatches, mergePatches, objects, strategicPatches, typeOf } from './patch-inputs.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 30);

/** What `kubectl patch --local` makes of an object: the patched object, or the error's text. */
async function kubectlPatch(type: string, object: JsonObject, patch: JsonValue): Promise<JsonValue> {
  const args = ['patch', '--local', '-f', '-', `--type=${type}`, '-p', JSON.stringify(patch), '-o', 'json'];
  const { status, stdout, stderr } = await runKubectl(args, JSON.stringify(object));
  return status === 0 ? (JSON.parse(stdout) as JsonValue) : stderr;
}

function ours(apply: () => JsonValue): JsonValue {
  try {
    return JSON.parse(JSON.stringify(apply())) as JsonValue;
  } catch (error) {
    const message = (error as Error).message;
    // kubectl shortens this one error of a JSON patch by itself.
    const missing = /doc is missing key: ([^]*)/.exec(message);
    return `error: ${missing ? `Object to be patched is missing field (${missing[1]})` : message}\n`.replace(
      /\n\n$/,
      '\n',
    );
  }
}

async function agree(type: string, object: JsonObject, patch: JsonValue, apply: () => JsonValue): Promise<void> {
  const actual = ours(apply);
  const before = JSON.stringify([object, patch]);
  let expected = await kubectlPatch(type, object, patch);
  // Where a patch has several faults, Go's random order of map keys decides which one kubectl meets first.
  for (let tries = 0; tries < 30 && !same(actual, expected); tries++) {
    expected = await kubectlPatch(type, object, patch);
  }
  if (!same(actual, expected)) expect(actual).toEqual(expected);
  expect(JSON.stringify([object, patch])).toBe(before);
}

function same(actual: JsonValue, expected: JsonValue): boolean {
  // Go stops its program where it compares what cannot be compared; a server answers 500.
  if (typeof expected === 'string' && expected.startsWith('panic:')) {
    return typeof actual === 'string' && actual.startsWith('error: runtime error');
  }
  return deepEqual(actual, expected);
}

describe('patches, as the real kubectl applies them', () => {
  it('JSON patches', async () => {
    await fc.assert(
      fc.asyncProperty(objects, jsonPatches, (object, patch) =>
        agree('json', object, patch, () => applyJsonPatch(object, patch)),
      ),
      { numRuns: RUNS },
    );
  });

  it('merge patches', async () => {
    await fc.assert(
      fc.asyncProperty(objects, mergePatches, (object, patch) =>
        agree('merge', object, patch, () => applyMergePatch(object, patch)),
      ),
      { numRuns: RUNS },
    );
  });

  it('strategic merge patches', async () => {
    await fc.assert(
      fc.asyncProperty(objects, strategicPatches, (object, patch) =>
        agree('strategic', object, patch, () => applyStrategicMergePatch(object, patch, typeOf(object))),
      ),
      { numRuns: RUNS * 3 },
    );
  });
});
