import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../../src/model/json-value.ts';
import { wireJsonText } from '../../../src/model/wire-json.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { PatchError } from '../../../src/model/patch/patch-error.ts';
import { createThreeWayStrategicPatch, type ThreeWay } from '../../../src/model/patch/three-way-patch.ts';
import type { TypeSchema } from '../../../src/model/schema/type-schema.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';
import { objectOfType } from '../../model/protobuf/object-of-type.ts';
import {
  baseObject,
  collectionPath,
  type FuzzedResource,
  fuzzedResources,
  FuzzSubject,
  objectPath,
} from './fuzz-subject.ts';
import { asRead, mutated, mutation } from './hostile-values.ts';

/** For each kind and law; more finds more, but each draws the same objects again in every run. */
const RUNS = Number(process.env['KUBE_LITE_FUZZ_RUNS'] ?? 12);
const APPLY = 'application/apply-patch+yaml';
const STRATEGIC = 'application/strategic-merge-patch+json';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Objects near a good one, and objects of the table's types with any values. */
function manifests(resource: FuzzedResource): fc.Arbitrary<Record<string, unknown>> {
  const base = baseObject(resource, 'fuzz');
  const near = fc.array(mutation, { maxLength: 3 }).map((mutations) => mutated(base, mutations));
  const type = typeForKind(String(base['apiVersion']), resource.info.kind);
  if (type === undefined) return near;
  const any = fc.gen().map((draw) => {
    const { metadata: _metadata, ...fields } = objectOfType(type, draw, 4);
    return { ...base, ...fields };
  });
  return fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: any });
}

const metadataOf = (object: unknown): KubeObject['metadata'] => (object as KubeObject).metadata;
const versionOf = (object: unknown): unknown => metadataOf(object).resourceVersion;

/** As kubectl sends it: the manifest with itself in an annotation. */
function withLastApplied(manifest: JsonObject): JsonObject | undefined {
  const { metadata } = manifest;
  if (!isJsonObject(metadata)) return undefined;
  const { annotations = {} } = metadata;
  if (!isJsonObject(annotations)) return undefined;
  const text = `${wireJsonText(manifest)}\n`;
  return { ...manifest, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

afterEach(() => {
  expect({}).not.toHaveProperty('polluted');
});

const named = fuzzedResources.map((resource) => {
  const { group, version, plural } = resource.info;
  return { name: `${group}/${version} ${plural}`, resource };
});

describe.each(named)('any manifest of $name', ({ resource }) => {
  const { info } = resource;
  const type = typeForKind(info.group === '' ? info.version : `${info.group}/${info.version}`, info.kind);

  it('is refused with a reason, or reads back equal and may be written again', async () => {
    await fc.assert(
      fc.asyncProperty(manifests(resource), async (manifest) => {
        const subject = new FuzzSubject();
        const created = await subject.send('POST', collectionPath(info), manifest);
        if (created.status !== 201) return;
        const path = objectPath(info, metadataOf(created.body).name ?? '');
        const read = await subject.send('GET', path);
        expect(settled(read.body)).toEqual(settled(created.body));
        const updated = await subject.send('PUT', path, read.body);
        expect(updated).toMatchObject({ status: 200 });
        expect(versionOf(updated.body)).toBe(versionOf(read.body));
      }),
      { numRuns: RUNS },
    );
  });

  it('changes nothing when it is applied again by the server', async () => {
    await fc.assert(
      fc.asyncProperty(manifests(resource), async (manifest) => {
        const subject = new FuzzSubject();
        const path = `${objectPath(info, 'fuzz')}?fieldManager=fuzz`;
        const sent = mutated(manifest, []);
        if (isJsonObject(sent['metadata'])) sent['metadata']['name'] = 'fuzz';
        const first = await subject.send('PATCH', path, sent, APPLY);
        // A manager that owns nothing is forgotten, and somebody who was there before found at the next application.
        if (first.status >= 300 || metadataOf(first.body).managedFields === undefined) return;
        const before = await subject.send('GET', path);
        const second = await subject.send('PATCH', path, sent, APPLY);
        expect(second).toMatchObject({ status: 200 });
        expect(versionOf(second.body)).toBe(versionOf(before.body));
      }),
      { numRuns: RUNS },
    );
  });

  it('changes nothing when it is applied again by a client', async () => {
    await fc.assert(
      fc.asyncProperty(manifests(resource), async (manifest) => {
        const subject = new FuzzSubject();
        const original = asRead(manifest) as JsonObject | undefined;
        const modified = original && withLastApplied(original);
        if (type === undefined || original === undefined || modified === undefined) return;
        // A null is a value of its type to a server that reads an object, and takes the value away in a patch.
        if (wireJsonText(original).includes('null')) return;
        const created = await subject.send('POST', collectionPath(info), modified);
        if (created.status !== 201) return;
        const path = objectPath(info, metadataOf(created.body).name ?? '');
        const { body } = await subject.send('GET', path);
        const current = asRead(body) as JsonObject;
        const patch = patchOf({ original, modified, current }, type);
        if (patch === undefined) return;
        const patched = await subject.send('PATCH', path, patch, STRATEGIC);
        expect(patched).toMatchObject({ status: 200 });
        expect(versionOf(patched.body)).toBe(versionOf(current));
      }),
      { numRuns: RUNS },
    );
  });
});

/** The patch that kubectl would send; undefined where it says that it cannot make one. */
function patchOf(sides: ThreeWay, type: TypeSchema): JsonObject | undefined {
  try {
    return createThreeWayStrategicPatch(sides, type, { overwrite: true });
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

/** Without what controllers write after an object was made. */
function settled(object: unknown): unknown {
  const { metadata, ...fields } = object as KubeObject;
  if (fields.kind !== 'CustomResourceDefinition') return object;
  const { resourceVersion: _version, managedFields: _managers, ...kept } = metadata;
  return { ...fields, status: undefined, metadata: kept };
}
