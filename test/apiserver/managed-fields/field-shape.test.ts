import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuiltInCatalog } from '../../../src/apiserver/built-in-catalog.ts';
import { fieldShape } from '../../../src/apiserver/managed-fields/field-shape.ts';
import { setManagers, trackFields, trackUpdate } from '../../../src/apiserver/managed-fields/track-fields.ts';
import type { ServedResource } from '../../../src/apiserver/served-resource.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';

const now = (): Date => new Date('2026-01-02T03:04:05Z');
const word = fc.constantFrom('', '0', '0s', 'a', 'long-name', 'another-name');
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'app'), word, { maxKeys: 2 });
const metadata = fc.record({ name: word, labels, annotations: labels }, { requiredKeys: ['name'] });
const quantity = fc.constantFrom('0', '1', '100m', '64Mi');
const container = fc.record(
  {
    name: fc.constantFrom('main', 'side'),
    image: word,
    ports: fc.array(fc.record({ containerPort: fc.constantFrom(0, 80, 443) }), { maxLength: 2 }),
    resources: fc.record({ requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity) }),
    tty: fc.boolean(),
  },
  { requiredKeys: ['name'] },
);
const pod = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata,
  spec: fc.record({ containers: fc.array(container, { maxLength: 2 }), hostNetwork: fc.boolean() }),
});
const configMap = fc.record(
  {
    apiVersion: fc.constant('v1'),
    kind: fc.constant('ConfigMap'),
    metadata,
    data: fc.dictionary(word, word, { maxKeys: 2 }),
    immutable: fc.boolean(),
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
);

async function served(plural: string): Promise<ServedResource> {
  const found = await new BuiltInCatalog().find('', 'v1', plural);
  if (found === undefined) throw new Error(`no ${plural}`);
  return found;
}

function decoded(resource: ServedResource, value: object): KubeObject {
  return resource.decode(value as KubeObject, 'json').object;
}

describe('the fields of new objects', () => {
  it.each<[plural: string, objects: fc.Arbitrary<object>]>([
    ['pods', pod],
    ['configmaps', configMap],
  ])('are for %s told as for each alone, however many came before', async (plural, objects) => {
    const resource = await served(plural);
    const server = { catalog: new BuiltInCatalog(), now };
    const rest = { server, served: resource, old: undefined, subresource: '' };
    await fc.assert(
      fc.asyncProperty(fc.array(objects, { maxLength: 12 }), fc.constantFrom('me', ''), async (values, manager) => {
        for (const value of values) {
          const alone = decoded(resource, value);
          const managers = new Map();
          await trackUpdate({ ...rest, object: alone, manager }, managers);
          setManagers(alone, managers);
          const among = decoded(resource, value);
          await trackFields({ ...rest, object: among, manager });
          expect(JSON.stringify(among)).toBe(JSON.stringify(alone));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('have a shape that tells values only where they count', () => {
    const shapeOf = (fields: object): string | undefined =>
      fieldShape({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, ...fields });
    expect(shapeOf({ data: { key: 'one' } })).toBe(shapeOf({ data: { key: 'another' } }));
    expect(shapeOf({ data: { key: 'one' } })).not.toBe(shapeOf({ data: { key: '' } }));
    expect(shapeOf({ data: { key: 'one' } })).not.toBe(shapeOf({ data: { other: 'one' } }));
    expect(shapeOf({ list: ['one'] })).not.toBe(shapeOf({ list: ['two'] }));
    expect(shapeOf({ data: { a: 'one', b: 'two' } })).not.toBe(shapeOf({ data: { a: 'one' }, b: 'two' }));
    expect(shapeOf({ metadata: { managedFields: [{ manager: 'me' }] } })).toBe(shapeOf({ metadata: {} }));
    expect(shapeOf({ spec: new Date(0) })).toBeUndefined();
    expect(shapeOf({ data: { [`k${'e'.repeat(9000)}`]: 'one', other: 'two' } })).toBeUndefined();
  });
});
