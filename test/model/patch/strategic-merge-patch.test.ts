import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/model/json-value.ts';
import { applyStrategicMergePatch } from '../../../src/model/patch/strategic-merge-patch.ts';
import type { TypeSchema } from '../../../src/model/schema/type-schema.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';

function typeOf(apiVersion: string, kind: string): TypeSchema {
  const type = typeForKind(apiVersion, kind);
  if (!type) throw new Error(`no ${kind}`);
  return type;
}

const POD = typeOf('v1', 'Pod');

function containers(live: JsonValue, patch: JsonObject): JsonValue | undefined {
  const result = applyStrategicMergePatch({ spec: { containers: live } }, { spec: patch }, POD);
  return (result['spec'] as JsonObject)['containers'];
}

const ab = [
  { name: 'a', image: '1' },
  { name: 'b', image: '1' },
];

describe('applyStrategicMergePatch', () => {
  it('merges lists by key, and puts new items before those that the patch does not name', () => {
    expect(containers(ab, { containers: [{ name: 'b', image: '2' }] })).toEqual([ab[0], { name: 'b', image: '2' }]);
    expect(containers(ab, { containers: [{ name: 'c' }] })).toEqual([{ name: 'c' }, ...ab]);
  });

  it('acts on every directive', () => {
    expect(containers(ab, { containers: [{ name: 'a', $patch: 'delete' }] })).toEqual([ab[1]]);
    expect(containers(ab, { containers: [{ name: 'c' }, { $patch: 'replace' }] })).toEqual([{ name: 'c' }]);
    expect(containers(ab, { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] })).toEqual([ab[1], ab[0]]);
    const live = {
      metadata: { finalizers: ['x', 'y'], labels: { a: '1' } },
      spec: { volumes: [{ name: 'v', emptyDir: {} }] },
    };
    const patch = {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['x'],
        finalizers: ['z'],
        labels: { $patch: 'replace', b: '2' },
      },
      spec: { volumes: [{ name: 'v', hostPath: { path: '/' }, $retainKeys: ['name', 'hostPath'] }] },
    };
    expect(applyStrategicMergePatch(live, patch, POD)).toEqual({
      metadata: { finalizers: ['z', 'y'], labels: { b: '2' } },
      spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    });
    expect(
      applyStrategicMergePatch(
        { spec: { nodeSelector: { a: 'b' } } },
        { spec: { nodeSelector: { $patch: 'delete' } } },
        POD,
      ),
    ).toEqual({
      spec: { nodeSelector: {} },
    });
  });

  it('takes lists without a merge key whole', () => {
    const live = { spec: { tolerations: [{ key: 'a' }] } };
    expect(applyStrategicMergePatch(live, { spec: { tolerations: [{ key: 'b' }] } }, POD)).toEqual({
      spec: { tolerations: [{ key: 'b' }] },
    });
  });

  it.each<[string, string, JsonObject]>([
    ['Internal', 'map: map[image:x] does not contain declared merge key: name', { containers: [{ image: 'x' }] }],
    [
      'Internal',
      'unknown patch type: frob in map: map[$patch:frob name:a]',
      { containers: [{ name: 'a', $patch: 'frob' }] },
    ],
    [
      'Internal',
      'merging lists cannot yet be specified in the patch',
      { containers: [{ name: 'a', $patch: 'merge' }] },
    ],
    [
      'Internal',
      'list element types are not identical: [[map[image:1 name:a] map[image:1 name:b]] [x]]',
      { containers: ['x'] },
    ],
    ['BadRequest', 'invalid patch format of retainKeys', { $retainKeys: ['hostname'], containers: [] }],
    ['BadRequest', 'invalid patch format of primitive list', { $deleteFromPrimitiveListX: [] }],
    [
      'Internal',
      'unable to find api field in struct PodSpec for the json field "nope"',
      { '$setElementOrder/nope': [] },
    ],
    [
      'Internal',
      "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n",
      { containers: [{ name: 'a' }], '$setElementOrder/containers': [{ name: 'b' }] },
    ],
  ])('fails as %s: %s', (reason, message, patch) => {
    expect(() => containers(ab, patch)).toThrow(expect.objectContaining({ reason, message }));
  });

  it('says what Go says when a map is merged into what is no struct', () => {
    const merge = () =>
      applyStrategicMergePatch({ data: { a: { b: 1 } } }, { data: { a: { b: 2 } } }, typeOf('v1', 'ConfigMap'));
    expect(merge).toThrow('merging an object in json but data type is not struct, instead is: map');
  });

  it('treats __proto__ as any other key', () => {
    const patch = JSON.parse('{"metadata":{"labels":{"__proto__":"x"}}}') as JsonObject;
    const result = applyStrategicMergePatch({ metadata: { labels: { a: 'b' } } }, patch, POD);
    expect(JSON.stringify(result)).toBe('{"metadata":{"labels":{"a":"b","__proto__":"x"}}}');
  });

  it('takes time in proportion to the lists', () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({ name: `e${index}`, value: 'x' }));
    const changed = items.toReversed().map((item) => ({ ...item, value: 'y' }));
    const start = performance.now();
    const result = containers([{ name: 'a', env: items }], { containers: [{ name: 'a', env: changed }] });
    expect(result).toEqual([{ name: 'a', env: changed }]);
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
