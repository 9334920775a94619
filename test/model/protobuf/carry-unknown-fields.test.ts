import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { carryUnknownFields } from '../../../src/model/protobuf/carry-unknown-fields.ts';
import { decodeProtobuf } from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { isProtobufObject } from '../../../src/model/protobuf/envelope.ts';
import { withUnknownField } from '../../etcd/with-unknown-field.ts';
import { labeled } from './labeled.ts';
import { plants, withPlants } from './plant-unknown-fields.ts';

const stored = (
  JSON.parse(readFileSync(new URL('../../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8')) as {
    resource: string;
    value: string;
  }[]
)
  .map(({ resource, value }) => [resource, Buffer.from(value, 'base64')] as const)
  .filter(([, bytes]) => isProtobufObject(bytes));

describe('fields that are not known here', () => {
  it.each(stored)(
    '%s: all are where they were after a change of a label, all other bytes as without them',
    (_, bytes) => {
      const base = labeled(bytes, '\u{10FFFE}');
      const changed = labeled(base, '\u{10FFFF}');
      fc.assert(
        fc.property(plants, (all) => {
          const carried = carryUnknownFields(withPlants(base, all), changed);
          expect(carried.equals(withPlants(changed, all, base))).toBe(true);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each(stored)('%s: bytes stay as they are without a change', (_, bytes) => {
    fc.assert(
      fc.property(plants, (all) => {
        const planted = withPlants(bytes, all);
        expect(carryUnknownFields(planted, encodeObject(decodeProtobuf(planted).object))).toEqual(planted);
      }),
      { numRuns: 10 },
    );
  });
});

interface Container {
  name: string;
  image: string;
}

const pod = (containers: readonly Container[], more: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'p' },
  spec: { containers, ...more },
});
const [A, B, C] = ['a', 'b', 'c'].map((name) => ({ name, image: 'i' })) as [Container, Container, Container];
/** Behind the first container. */
const IN_FIRST = [2, 2];
const future = Buffer.from('from the future');

function change(before: KubeObject, path: readonly number[], after: KubeObject): Buffer {
  return carryUnknownFields(withUnknownField(encodeObject(before), path), encodeObject(after));
}

describe('items of lists', () => {
  it('are known by their merge keys, wherever they move and whatever else changes', () => {
    const expected = withUnknownField(encodeObject(pod([{ ...A, image: 'other' }, C, B])), IN_FIRST);
    expect(change(pod([A, B]), IN_FIRST, pod([{ ...A, image: 'other' }, C, B]))).toEqual(expected);
    const moved = change(pod([A, B]), IN_FIRST, pod([B, { ...A, image: 'other' }]));
    const { object, unknownFields } = decodeProtobuf(moved);
    expect(unknownFields).toEqual([{ type: 'core.v1.Container', number: 1500 }]);
    expect(JSON.stringify(object)).toContain('other');
    expect(moved.indexOf(future)).toBeGreaterThan(moved.indexOf('other'));
  });

  it('take what is not known of them with them when they go', () => {
    expect(change(pod([A, B]), IN_FIRST, pod([B]))).toEqual(encodeObject(pod([B])));
    expect(change(pod([A, B]), IN_FIRST, pod([C, B]))).toEqual(encodeObject(pod([C, B])));
  });

  const tolerations = (...keys: string[]): KubeObject => pod([A], { tolerations: keys.map((key) => ({ key })) });
  const IN_TOLERATION = [2, 22];

  it('without keys stay as they are, move and go', () => {
    expect(change(tolerations('x', 'y'), IN_TOLERATION, tolerations('x', 'z'))).toEqual(
      withUnknownField(encodeObject(tolerations('x', 'z')), IN_TOLERATION),
    );
    expect(decodeProtobuf(change(tolerations('x', 'y'), IN_TOLERATION, tolerations('y', 'x'))).unknownFields).toEqual([
      { type: 'core.v1.Toleration', number: 1500 },
    ]);
    expect(change(tolerations('x', 'y'), IN_TOLERATION, tolerations('y'))).toEqual(encodeObject(tolerations('y')));
  });

  it('without keys are refused when they change', () => {
    expect(() => change(tolerations('x', 'y'), IN_TOLERATION, tolerations('z', 'y'))).toThrow(
      'spec.tolerations: an item of tolerations has fields that are not known here, and nothing tells which item it is now',
    );
  });

  it('that are alike but for what is not known are refused when one goes', () => {
    expect(change(tolerations('x', 'x'), IN_TOLERATION, tolerations('x', 'x', 'y'))).toEqual(
      withUnknownField(encodeObject(tolerations('x', 'x', 'y')), IN_TOLERATION),
    );
    expect(() => change(tolerations('x', 'x'), IN_TOLERATION, tolerations('x'))).toThrow(
      'spec.tolerations: items differ only in fields that are not known here',
    );
  });

  it('with the same key twice are refused when one changes', () => {
    const other = { ...A, image: 'other' };
    expect(() => change(pod([A, other]), IN_FIRST, pod([{ ...A, image: 'new' }, other, other]))).toThrow(
      'spec.containers: several items have the same key',
    );
  });
});

describe('values that are one', () => {
  const limits = (cpu: string, memory: string): KubeObject =>
    pod([{ ...A, resources: { limits: { cpu, memory } } } as Container]);
  /** The quantity of the first limit. */
  const IN_QUANTITY = [2, 2, 8, 1, 2];

  it('stay, go, and are refused when they change', () => {
    expect(change(limits('1', '2'), IN_QUANTITY, limits('1', '3'))).toEqual(
      withUnknownField(encodeObject(limits('1', '3')), IN_QUANTITY),
    );
    expect(change(limits('1', '2'), IN_QUANTITY, pod([A]))).toEqual(encodeObject(pod([A])));
    expect(() => change(limits('1', '2'), IN_QUANTITY, limits('2', '2'))).toThrow(
      'spec.containers[0].resources.limits[0]: the value has fields that are not known here, and it changed',
    );
  });
});

it('an object of another version is refused', () => {
  const before = encodeObject({ kind: 'CronJob', apiVersion: 'batch/v1', metadata: { name: 'c' } });
  expect(() => carryUnknownFields(before, encodeObject(pod([A])))).toThrow(
    'it is stored as CronJob of batch/v1 and would be written as Pod of v1',
  );
});
