import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepEqual } from '../../src/model/deep-equal.ts';
import { compactJson } from '../../src/model/json-printer.ts';
import type { JsonObject } from '../../src/model/json-value.ts';
import { PatchConflict } from '../../src/model/patch/patch-conflict.ts';
import { SAME_OBJECT } from '../../src/model/patch/patch-precondition.ts';
import { createThreeWayMergePatch, createThreeWayStrategicPatch } from '../../src/model/patch/three-way-patch.ts';
import type { ThreeWay } from '../../src/model/patch/three-way-patch.ts';
import { CannedApiServer } from './canned-api-server.ts';
import { objectTriples, typeOf } from './patch-inputs.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 25);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as `kubectl apply` sends it: with a namespace, and with itself in an annotation. */
function applied(object: JsonObject): JsonObject {
  const metadata = { ...(object['metadata'] as JsonObject), namespace: 'default', annotations: {} };
  const text = `${compactJson({ ...object, metadata }, { sortKeys: true })}\n`;
  return { ...object, metadata: { ...metadata, annotations: { [LAST_APPLIED]: text } } };
}

function live(object: JsonObject, original: JsonObject): JsonObject {
  const { annotations } = applied(original)['metadata'] as JsonObject;
  return {
    ...object,
    metadata: { ...(object['metadata'] as JsonObject), namespace: 'default', annotations: annotations ?? {} },
  };
}

function sidesOf(original: JsonObject, modified: JsonObject, current: JsonObject): ThreeWay {
  const { annotations } = applied(original)['metadata'] as { annotations: Record<string, string> };
  const lastApplied = JSON.parse(annotations[LAST_APPLIED] ?? '') as JsonObject;
  return { original: lastApplied, modified: applied(modified), current: live(current, original) };
}

function attempt(make: () => JsonObject): JsonObject | string {
  try {
    return JSON.parse(JSON.stringify(make())) as JsonObject;
  } catch (error) {
    return error instanceof PatchConflict ? 'conflict' : (error as Error).message;
  }
}

/** Patches must be the same; an error must be part of what kubectl says. */
function agree(actual: JsonObject | string, expected: JsonObject | string): boolean {
  if (typeof actual === 'string' && typeof expected === 'string') return expected.includes(actual);
  return deepEqual(actual, expected);
}

describe('three-way patches, as the real kubectl apply sends them', () => {
  let server: CannedApiServer;
  beforeAll(async () => {
    server = await CannedApiServer.start();
  });
  afterAll(() => server.stop());

  async function kubectlApply(sides: ThreeWay, manifest: JsonObject, overwrite: boolean): Promise<JsonObject | string> {
    server.object = sides.current as JsonObject;
    server.patches.length = 0;
    const flags = ['--validate=false', '--openapi-patch=false', `--overwrite=${overwrite}`, '-s', server.url];
    const { status, stderr } = await runKubectl(['apply', '-f', '-', ...flags], JSON.stringify(manifest));
    if (status !== 0) return stderr.includes('conflicts with changes made') ? 'conflict' : stderr;
    return (server.patches[0]?.body ?? {}) as JsonObject;
  }

  it('strategic', async () => {
    await fc.assert(
      fc.asyncProperty(objectTriples, fc.boolean(), async ([original, modified, current], overwrite) => {
        const type = typeOf(original);
        const sides = sidesOf(original, modified, current);
        const actual = attempt(() =>
          createThreeWayStrategicPatch(sides, type, { overwrite, preconditions: SAME_OBJECT }),
        );
        let expected = await kubectlApply(sides, modified, overwrite);
        // Where there are several reasons to fail, Go's random order of map keys decides which one kubectl meets first.
        for (let tries = 0; tries < 30 && !agree(actual, expected); tries++) {
          expected = await kubectlApply(sides, modified, overwrite);
        }
        if (!agree(actual, expected)) expect(actual).toEqual(expected);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('JSON merge, for a custom resource', async () => {
    const custom = (object: JsonObject): JsonObject => ({ ...object, apiVersion: 'example.com/v1', kind: 'Widget' });
    await fc.assert(
      fc.asyncProperty(objectTriples, async ([original, modified, current]) => {
        const sides = sidesOf(custom(original), custom(modified), custom(current));
        const actual = attempt(() => createThreeWayMergePatch(sides, SAME_OBJECT));
        const expected = await kubectlApply(sides, custom(modified), true);
        if (!agree(actual, expected)) expect(actual).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });
});
