import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

function object(kind: string, fields: Fields): KubeObject {
  return { apiVersion: 'storage.k8s.io/v1', kind, metadata: { name: 'x' }, ...fields };
}

const node = (...drivers: Fields[]) => object('CSINode', { spec: { drivers } });
const driver = { name: 'd.io', nodeID: 'n', topologyKeys: ['a.io/zone'] };
const attachment = (spec: Fields) =>
  object('VolumeAttachment', {
    spec: { attacher: 'd.io', nodeName: 'n', source: { persistentVolumeName: 'v' }, ...spec },
  });
const capacity = (fields: Fields) => object('CSIStorageCapacity', { storageClassName: 's', ...fields });
const KEY = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end";

const CASES: [what: string, object: KubeObject, errors: unknown[]][] = [
  [
    'a CSIDriver',
    object('CSIDriver', {
      spec: {
        fsGroupPolicy: 'Odd',
        volumeLifecycleModes: ['Persistent', 'Odd'],
        tokenRequests: [
          { audience: 'a', expirationSeconds: 599 },
          { audience: 'a' },
          { audience: '', expirationSeconds: 2 ** 32 + 1 },
        ],
        nodeAllocatableUpdatePeriodSeconds: 9,
      },
    }),
    [
      'spec.fsGroupPolicy: Unsupported value: "Odd": supported values: "File", "None", "ReadWriteOnceWithFSType"',
      'spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
      'spec.tokenRequests[2].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
      'spec.volumeLifecycleModes: Unsupported value: "Odd": supported values: "Persistent", "Ephemeral"',
      'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds',
    ],
  ],
  [
    'the drivers of a CSINode',
    node(
      { ...driver, nodeID: '', topologyKeys: ['', 'a', 'a'] },
      { ...driver, nodeID: 'n'.repeat(257), allocatable: { count: -1 } },
      { ...driver, name: `${'a'.repeat(60)}.com`, topologyKeys: undefined },
    ),
    [
      'spec.drivers[0].nodeID: Required value',
      'spec.drivers[0]: Required value',
      expect.stringMatching('spec.drivers\\[0\\]: Invalid value: "": name part must be non-empty'),
      expect.stringContaining(`spec.drivers[0]: Invalid value: "": name part ${KEY}`),
      'spec.drivers[0]: Duplicate value: "a"',
      `spec.drivers[1].nodeID: Invalid value: "${'n'.repeat(257)}": must be 256 characters or less`,
      'spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
      'spec.drivers[1].name: Duplicate value: "d.io"',
      'spec.drivers[2].name: Too long: may not be more than 63 bytes',
    ],
  ],
  [
    'a VolumeAttachment of nothing',
    attachment({ attacher: '', nodeName: '', source: {} }),
    [
      'spec.attacher: Required value',
      'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
      expect.stringMatching(/^spec.nodeName: Invalid value: "": a lowercase RFC 1123 subdomain/),
      'spec.attacher: Required value',
      expect.stringMatching(/^spec.attacher: Invalid value: "": a lowercase RFC 1123 subdomain/),
    ],
  ],
  [
    'a CSIStorageCapacity',
    capacity({
      capacity: '-1',
      nodeTopology: { matchExpressions: [{ key: 'k', operator: 'Odd' }] },
      storageClassName: 'S',
    }),
    [
      'nodeTopology.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator',
      expect.stringMatching(/^storageClassName: Invalid value: "S": a lowercase RFC 1123 subdomain/),
      'capacity: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
];

describe('a new object', () => {
  it.each(CASES)('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it.each([node(driver), attachment({}), capacity({ capacity: '1Gi' })])(
    'that is right is taken: $kind',
    async (input) => {
      expect(await createErrors(input)).toEqual([]);
    },
  );
});

const CHANGES: [what: string, old: KubeObject, changed: KubeObject, errors: string[]][] = [
  [
    'whether a CSIDriver attaches, and for how long its volumes live',
    object('CSIDriver', { spec: {} }),
    object('CSIDriver', { spec: { attachRequired: false, volumeLifecycleModes: ['Ephemeral'] } }),
    [
      'spec.attachedRequired: Invalid value: false: field is immutable',
      'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
    ],
  ],
  [
    'what a driver of a CSINode is',
    node(driver),
    node({ ...driver, nodeID: 'm' }),
    [
      'spec.drivers: Invalid value: {"Name":"d.io","NodeID":"m","TopologyKeys":["a.io/zone"],"Allocatable":null}: field is immutable',
    ],
  ],
  [
    'anything of a VolumeAttachment',
    attachment({}),
    attachment({ nodeName: 'm' }),
    [
      'spec: Invalid value: {"Attacher":"d.io","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
    ],
  ],
  [
    'what a CSIStorageCapacity is of',
    capacity({ nodeTopology: {} }),
    capacity({ storageClassName: 't' }),
    [
      'nodeTopology: Invalid value: null: field is immutable',
      'storageClassName: Invalid value: "t": field is immutable',
    ],
  ],
];

describe('an update', () => {
  it.each(CHANGES)('may not change %s', async (_what, old, changed, errors) => {
    expect(await updateErrors(changed, await prepared(old))).toEqual(errors);
  });

  it('may say how many volumes a driver takes, and how much there is', async () => {
    expect(await updateErrors(node({ ...driver, allocatable: { count: 3 } }), await prepared(node(driver)))).toEqual(
      [],
    );
    expect(await updateErrors(capacity({ capacity: '2' }), await prepared(capacity({})))).toEqual([]);
  });

  it('of the status of an attachment may not tell a long story', async () => {
    const old = await prepared(attachment({}));
    const changed = { ...old, status: { attached: false, attachError: { message: 'x'.repeat(1025) } } };
    const strategy = await strategyOf(old);
    expect(texts(strategy.validateStatusUpdate?.(changed, old) ?? [])).toEqual([
      'status.attachError.message: Too long: may not be more than 262144 bytes',
    ]);
  });
});
