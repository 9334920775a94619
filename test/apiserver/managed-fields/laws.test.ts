import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuiltInCatalog } from '../../../src/apiserver/built-in-catalog.ts';
import { applyConfiguration } from '../../../src/apiserver/managed-fields/apply-configuration.ts';
import { ApplyConflict } from '../../../src/apiserver/managed-fields/apply-conflict.ts';
import { compareObjects } from '../../../src/apiserver/managed-fields/compare-objects.ts';
import { FieldSet } from '../../../src/apiserver/managed-fields/field-set.ts';
import { mergeObjects } from '../../../src/apiserver/managed-fields/merge-objects.ts';
import { mergeTypeOf } from '../../../src/apiserver/managed-fields/merge-type-of.ts';
import { objectFields } from '../../../src/apiserver/managed-fields/object-fields.ts';
import { withoutServerFields } from '../../../src/apiserver/managed-fields/owned-fields.ts';
import { removeFields } from '../../../src/apiserver/managed-fields/remove-fields.ts';
import { typedErrors } from '../../../src/apiserver/managed-fields/typed-errors.ts';
import { deepEqual } from '../../../src/model/deep-equal.ts';
import type { JsonObject } from '../../../src/model/json-value.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { RawJson } from '../../../src/model/raw-json.ts';

const catalog = new BuiltInCatalog();
const found = await catalog.find('apps', 'v1', 'deployments');
if (found === undefined) throw new Error('deployments are not served');
const served = found;
const type = mergeTypeOf(served);

const word = fc.constantFrom('a', 'b', 'c');
// What is empty (an empty map, false) is not told from what is absent once it is read as Go has it: configurations
// here say nothing empty.
const words = fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 });
const quantities = fc.dictionary(word, fc.constantFrom('1', '2Gi'), { minKeys: 1, maxKeys: 3 });

function some(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(shape, { requiredKeys: [] }).filter((value) => Object.keys(value).length > 0);
}

const port = fc.record(
  { containerPort: fc.constantFrom(80, 443), hostPort: fc.constantFrom(1, 2), protocol: fc.constantFrom('TCP', 'UDP') },
  { requiredKeys: ['containerPort'] },
);

const container = fc.record(
  {
    name: word,
    image: word,
    args: fc.array(word, { minLength: 1, maxLength: 2 }),
    resources: some({ limits: quantities }),
    ports: fc.uniqueArray(port, {
      minLength: 1,
      maxLength: 3,
      selector: ({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`,
    }),
  },
  { requiredKeys: ['name'] },
);

const containers = fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: ({ name }) => name });

/** Configurations of one Deployment: maps, keyed lists, sets, lists and structs merged as one, scalars. */
const configuration: fc.Arbitrary<JsonObject> = fc
  .record({
    metadata: some({ labels: words, finalizers: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) }),
    spec: some({
      replicas: fc.integer({ min: 0, max: 3 }),
      paused: fc.constant(true),
      selector: fc.record({ matchLabels: words }),
      template: fc.record({ spec: some({ containers, nodeSelector: words }) }),
    }),
  })
  .map(({ metadata, spec }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', ...metadata },
    spec: spec as JsonObject,
  }));

let seconds = 0;
const server = { catalog, now: () => new Date(1_800_000_000_000 + seconds++ * 1000) };

async function apply(
  stored: KubeObject | undefined,
  manager: string,
  config: JsonObject,
  force = true,
): Promise<KubeObject> {
  return applyConfiguration({ server, served, subresource: '', manager, force }, stored, structuredClone(config));
}

function fieldsOf({ metadata }: KubeObject, wanted: string): FieldSet {
  const entry = metadata.managedFields?.find(({ manager }) => manager === wanted);
  const { fieldsV1 } = entry ?? {};
  return FieldSet.fromFieldsV1(fieldsV1 instanceof RawJson ? fieldsV1.toJSON() : {});
}

function text(set: FieldSet): string {
  return JSON.stringify(set.toFieldsV1());
}

/** What an apply owns of a configuration. */
function ownedOf(config: JsonObject): FieldSet {
  return withoutServerFields(objectFields(type, config));
}

/** An object without what tells who wrote it when. */
function content({ metadata: { managedFields: _entries, ...metadata }, ...rest }: KubeObject): JsonObject {
  return { ...rest, metadata } as JsonObject;
}

describe('server-side apply, by law', () => {
  it('changes nothing, times included, when the same is applied again', async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, async (other, config) => {
        const before = await apply(undefined, 'other', other);
        const once = await apply(before, 'm', config);
        const twice = await apply(once, 'm', config);
        expect(deepEqual(twice, once)).toBe(true);
      }),
    );
  });

  it('lets a manager own the fields of its configuration, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(configuration, { minLength: 1, maxLength: 3 }), async (configs) => {
        let object: KubeObject | undefined;
        for (const config of configs) {
          object = await apply(object, 'm', config);
          expect(text(fieldsOf(object, 'm'))).toBe(text(ownedOf(config)));
        }
      }),
    );
  });

  it('has what was applied last, and of others what that does not say', async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, async (first, second) => {
        const object = await apply(await apply(undefined, 'first', first), 'second', second);
        // What the configuration says adds nothing and changes nothing.
        const { added, modified } = compareObjects(type, content(object), mergeObjects(type, content(object), second));
        expect([text(added), text(modified)]).toEqual(['{}', '{}']);
      }),
    );
  });

  it('takes by force what differs, and leaves the rest to both', async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, async (first, second) => {
        const before = await apply(undefined, 'first', first);
        const after = await apply(before, 'second', second);
        const { added, modified, removed } = compareObjects(type, content(before), content(after));
        const changed = added.union(modified).union(removed);
        expect(text(fieldsOf(after, 'first').intersection(changed))).toBe('{}');
        const kept = fieldsOf(before, 'first').difference(changed);
        expect(text(kept.difference(fieldsOf(after, 'first')))).toBe('{}');
      }),
    );
  });

  it('conflicts exactly where force would take something', async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, async (first, second) => {
        const before = await apply(undefined, 'first', first);
        const forced = await apply(before, 'second', second);
        const taken = fieldsOf(before, 'first').difference(fieldsOf(forced, 'first'));
        const error = await apply(before, 'second', second, false).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) expect(text(taken)).toBe('{}');
        else expect(error instanceof ApplyConflict ? text(error.fields) : error).toBe(text(taken));
      }),
    );
  });

  it('leaves nothing of what its only manager gives up', async () => {
    const nothing = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };
    const bare = content(await apply(undefined, 'm', nothing));
    await fc.assert(
      fc.asyncProperty(configuration, async (config) => {
        const given = await apply(await apply(undefined, 'm', config), 'm', nothing);
        expect(deepEqual(content(given), bare)).toBe(true);
        expect(given.metadata.managedFields).toBeUndefined();
      }),
    );
  });
});

describe('typed values, by law', () => {
  it('merge with themselves to themselves, and no further the second time', () => {
    fc.assert(
      fc.property(configuration, configuration, (left, right) => {
        expect(typedErrors(type, left)).toBeUndefined();
        expect(mergeObjects(type, left, left)).toEqual(left);
        const merged = mergeObjects(type, left, right);
        expect(mergeObjects(type, merged, right)).toEqual(merged);
      }),
    );
  });

  it('differ in no field when they are the same, and in opposite ways from either side', () => {
    fc.assert(
      fc.property(configuration, configuration, (left, right) => {
        const forth = compareObjects(type, left, right);
        const back = compareObjects(type, right, left);
        expect(text(forth.added)).toBe(text(back.removed));
        expect(text(forth.modified)).toBe(text(back.modified));
        const same = compareObjects(type, left, structuredClone(left));
        expect([same.added, same.modified, same.removed].every(({ isEmpty }) => isEmpty)).toBe(true);
      }),
    );
  });

  it('have a set of fields that merging adds up', () => {
    fc.assert(
      fc.property(configuration, configuration, (left, right) => {
        const merged = objectFields(type, mergeObjects(type, left, right));
        const both = objectFields(type, left).union(objectFields(type, right));
        expect(text(merged)).toBe(text(both));
      }),
    );
  });

  it('lose all their fields when all are taken out', () => {
    fc.assert(
      fc.property(configuration, (value) => {
        const left = removeFields(type, value, objectFields(type, value));
        const bare = objectFields(type, left).paths();
        // Only what fields were in is still there, as nothing.
        expect(bare.every((path) => valueAt(left, path) === null)).toBe(true);
      }),
    );
  });
});

function valueAt(value: unknown, [element, ...rest]: readonly string[]): unknown {
  if (element === undefined || value === null || typeof value !== 'object') return value;
  const content = element.slice(2);
  if (!Array.isArray(value)) return valueAt((value as Record<string, unknown>)[content], rest);
  const wanted: unknown = JSON.parse(content);
  const item: unknown = value.find((each: unknown) =>
    element.startsWith('v:') ? each === wanted : isItem(each as JsonObject, wanted as JsonObject),
  );
  return valueAt(item, rest);
}

function isItem(item: JsonObject, keys: JsonObject): boolean {
  return Object.entries(keys).every(
    ([key, value]) => (item[key] ?? (key === 'protocol' ? 'TCP' : undefined)) === value,
  );
}
