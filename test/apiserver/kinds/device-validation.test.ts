import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { asGo, createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

function object(kind: string, spec: Fields): KubeObject {
  return { apiVersion: 'resource.k8s.io/v1', kind, metadata: { name: 'x' }, spec };
}

const claim = (devices: Fields) => object('ResourceClaim', { devices });
const exactly = { deviceClassName: 'gpu' };
const slice = (spec: Fields) =>
  object('ResourceSlice', {
    driver: 'd.io',
    pool: { name: 'p', resourceSliceCount: 1, generation: 1 },
    nodeName: 'n',
    ...spec,
  });
const device = (fields: Fields) => slice({ devices: [{ name: 'd', ...fields }] });
const NAME = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
const ONE_OF = 'exactly one of `exactly` or `firstAvailable` is required';
const EFFECTS = 'supported values: "NoExecute", "NoSchedule", "None"';
const LABEL = (field: string) =>
  expect.stringMatching(
    new RegExp(`^${field.replaceAll(/[[\].]/g, '\\$&')}: Invalid value: "[^"]*": a lowercase RFC 1123 label`),
  );
const PLACES = '`nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection`';

const CASES: [what: string, object: KubeObject, errors: unknown[]][] = [
  [
    'a request of nothing',
    claim({ requests: [{ name: '' }] }),
    [LABEL('spec.devices.requests[0].name'), `spec.devices.requests[0]: Required value: ${ONE_OF}`],
  ],
  [
    'a request of two kinds',
    claim({ requests: [{ name: 'a', exactly, firstAvailable: [{ name: 'b', ...exactly }] }] }),
    [`spec.devices.requests[0]: Invalid value: null: ${ONE_OF}, but multiple fields are set`],
  ],
  [
    'how many devices',
    claim({
      requests: [
        { name: 'a', exactly: { deviceClassName: '', allocationMode: 'All', count: 1 } },
        { name: 'a', exactly: { ...exactly, count: -1 } },
        {
          name: 'c',
          firstAvailable: [
            { name: 'x', ...exactly, allocationMode: 'Odd' },
            { name: 'x', ...exactly },
          ],
        },
      ],
    }),
    [
      'spec.devices.requests[0].exactly.deviceClassName: Required value',
      "spec.devices.requests[0].exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'",
      'spec.devices.requests[1].exactly.count: Invalid value: -1: must be greater than zero',
      'spec.devices.requests[2].firstAvailable[0].allocationMode: Unsupported value: "Odd": supported values: "All", "ExactCount"',
      'spec.devices.requests[2].firstAvailable[1]: Duplicate value: "x"',
      'spec.devices.requests[1]: Duplicate value: "a"',
    ],
  ],
  [
    'which devices, and what is tolerated of them',
    claim({
      requests: [
        {
          name: 'a',
          exactly: {
            ...exactly,
            selectors: [{}, { cel: { expression: 'x'.repeat(10241) } }],
            tolerations: [{ operator: 'Exists', value: 'v', effect: 'Odd' }, { operator: 'Odd' }],
          },
        },
      ],
    }),
    [
      'spec.devices.requests[0].exactly.selectors[0].cel: Required value',
      'spec.devices.requests[0].exactly.selectors[1].cel.expression: Too long: may not be more than 10240 bytes',
      'spec.devices.requests[0].exactly.tolerations[0].value: Invalid value: "v": must be empty for operator `Exists`',
      `spec.devices.requests[0].exactly.tolerations[0].effect: Unsupported value: "Odd": ${EFFECTS}`,
      'spec.devices.requests[0].exactly.tolerations[1].operator: Unsupported value: "Odd": supported values: "Equal", "Exists"',
    ],
  ],
  [
    'constraints and configurations',
    claim({
      requests: [{ name: 'a', exactly }],
      constraints: [{ requests: ['b', 'a/b/c'] }, { matchAttribute: 'short' }, { distinctAttribute: 'd.io/ok' }],
      config: [{ requests: ['a', 'a'] }, { opaque: { driver: 'd.io', parameters: [] } }],
    }),
    [
      `spec.devices.constraints[0].requests[0]: Invalid value: "b": ${NAME}`,
      `spec.devices.constraints[0].requests[1]: Invalid value: "a/b/c": ${NAME}`,
      'spec.devices.constraints[0]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
      'spec.devices.constraints[1].matchAttribute: Invalid value: "short": a fully qualified name must be a domain and a name separated by a slash',
      'spec.devices.config[0].requests[1]: Duplicate value: "a"',
      'spec.devices.config[0].opaque: Required value',
      'spec.devices.config[1].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
    ],
  ],
  [
    'more requests than may be',
    claim({
      requests: Array.from({ length: 33 }, (_each, index) => ({ name: `r${index}`, exactly })),
    }),
    ['spec.devices.requests: Too many: 33: must have at most 32 items'],
  ],
  [
    'a template of claims',
    object('ResourceClaimTemplate', {
      metadata: { name: 'n', labels: { a: '-' } },
      spec: { devices: { requests: [{ name: 'a' }] } },
    }),
    [
      expect.stringMatching(/^spec\.metadata\.labels: Invalid value: "-": a valid label must be/),
      'spec.metadata.name: Forbidden: cannot be set',
      `spec.spec.devices.requests[0]: Required value: ${ONE_OF}`,
    ],
  ],
  [
    'a class of devices',
    object('DeviceClass', {
      selectors: [{}],
      config: [{}],
      extendedResourceName: 'cpu',
    }),
    [
      'spec.selectors[0].cel: Required value',
      'spec.config[0].opaque: Required value',
      'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ],
  ],
  [
    'a slice of nothing',
    object('ResourceSlice', { pool: { generation: -1 } }),
    [
      'spec.driver: Required value',
      expect.stringMatching(/^spec\.driver: Invalid value: "": a lowercase RFC 1123 subdomain/),
      'spec.pool.name: Required value',
      'spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero',
      'spec.pool.generation: Invalid value: -1: must be greater than or equal to zero',
      `spec: Required value: exactly one of ${PLACES} is required`,
    ],
  ],
  [
    'a slice that is everywhere',
    slice({ allNodes: true, perDeviceNodeSelection: false, nodeSelector: {} }),
    [
      'spec.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term',
      'spec.nodeSelector.nodeSelectorTerms: Invalid value: null: must have exactly one node selector term',
      'spec.perDeviceNodeSelection: Invalid value: false: must be either unset or set to true',
      `spec: Invalid value: "{\`nodeName\`, \`nodeSelector\`, \`allNodes\`}": exactly one of ${PLACES} is required, but multiple fields are set`,
    ],
  ],
  [
    'attributes',
    device({
      attributes: { 'a/b/c': { int: 1 }, 'x-y': {}, two: { int: 1, bool: true }, version: { version: '1.0' } },
    }),
    [
      'spec.devices[0].attributes: Invalid value: "a/b/c": must not contain more than one slash',
      'spec.devices[0].attributes[two]: Invalid value: {"IntValue":1,"BoolValue":true,"StringValue":null,"VersionValue":null}: exactly one value must be specified',
      'spec.devices[0].attributes[version].version: Invalid value: "1.0": must be a string compatible with semver.org spec 2.0.0',
      expect.stringMatching(/^spec\.devices\[0\]\.attributes: Invalid value: "x-y": a valid C identifier must start/),
      'spec.devices[0].attributes[x-y]: Invalid value: "": exactly one value must be specified',
    ],
  ],
  [
    'taints, counters and nodes of a device',
    device({
      taints: [
        { key: 'k', effect: '' },
        { key: 'k', effect: 'Odd' },
      ],
      consumesCounters: [{ counterSet: '', counters: {} }],
      allNodes: true,
    }),
    [
      'spec.devices[0].taints[0].effect: Required value',
      `spec.devices[0].taints[1].effect: Unsupported value: "Odd": ${EFFECTS}`,
      'spec.devices[0].consumesCounters[0].counterSet: Required value',
      'spec.devices[0].consumesCounters[0].counters: Required value',
      'spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
    ],
  ],
  [
    'a device that says nothing of its nodes',
    { ...slice({ devices: [{ name: 'd' }], perDeviceNodeSelection: true, nodeName: undefined }) },
    [
      'spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
    ],
  ],
  [
    'conditions of binding',
    device({ bindingConditions: ['a', 'a'], bindingFailureConditions: ['a'] }),
    [
      'spec.devices[0].bindingConditions[1]: Duplicate value: "a"',
      'spec.devices[0].bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
    ],
  ],
  [
    'how much of a capacity is taken, of a device that is not shared',
    device({
      capacity: { memory: { value: '10', requestPolicy: { default: '1' } } },
    }),
    ['spec.devices[0].capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true'],
  ],
  [
    'how much of a capacity is taken',
    device({
      allowMultipleAllocations: true,
      capacity: {
        a: { value: '10', requestPolicy: { default: '3', validValues: ['4', '2', '20'] } },
        b: { value: '10', requestPolicy: { default: '4', validRange: { min: '1', max: '12', step: '2' } } },
        c: { value: '10', requestPolicy: { validRange: { min: '1' } } },
      },
    }),
    [
      'spec.devices[0].capacity[a].requestPolicy.validValues[1]: Invalid value: "2": values must be sorted in ascending order',
      'spec.devices[0].capacity[a].requestPolicy.validValues[2]: Invalid value: "20": option is larger than capacity value: 10',
      'spec.devices[0].capacity[a].requestPolicy.validValues: Invalid value: "3": default value is not valid according to the requestPolicy',
      'spec.devices[0].capacity[b].requestPolicy.validRange.max: Invalid value: "12": max is larger than capacity value: 10',
      'spec.devices[0].capacity[b].requestPolicy.validRange.step: Invalid value: "4": value is not a multiple of a given step (2) from (1)',
      'spec.devices[0].capacity[b].requestPolicy.validRange.step: Invalid value: "12": value is not a multiple of a given step (2) from (1)',
      'spec.devices[0].capacity[c].requestPolicy.default: Required value: required when validRange is defined',
    ],
  ],
  [
    'counters that slices share, beside devices',
    slice({ devices: [{ name: 'd' }], sharedCounters: [{ name: 'A', counters: {} }] }),
    [
      'spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed',
      LABEL('spec.sharedCounters[0].name'),
      'spec.sharedCounters[0].counters: Required value',
    ],
  ],
];

describe('new objects of dynamic resource allocation', () => {
  it.each(CASES)('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it.each([
    [
      'a claim',
      claim({
        requests: [
          { name: 'a', exactly },
          { name: 'b', firstAvailable: [{ name: 'c', ...exactly }] },
        ],
        constraints: [{ requests: ['a', 'b/c'], matchAttribute: 'd.io/model' }],
        config: [{ requests: ['b'], opaque: { driver: 'd.io', parameters: {} } }],
      }),
    ],
    [
      'a slice',
      device({
        attributes: { model: { string: 'x' }, 'd.io/v': { version: '1.2.3-a.1+b' } },
        capacity: { memory: { value: '1Gi' } },
      }),
    ],
    [
      'a class',
      object('DeviceClass', { selectors: [{ cel: { expression: 'true' } }], extendedResourceName: 'd.io/gpu' }),
    ],
  ])('%s that is right', async (_what, input) => {
    expect(await createErrors(input)).toEqual([]);
  });
});

describe('changed objects of dynamic resource allocation', () => {
  it('a claim and a template stay as they are', async () => {
    const spec = (name: string) => ({ devices: { requests: [{ name, exactly }] } });
    const internal = (name: string) =>
      `{"Devices":{"Requests":[{"Name":"${name}","Exactly":{"DeviceClassName":"gpu","Selectors":null,"AllocationMode":"ExactCount","Count":1,"AdminAccess":null,"Tolerations":null,"Capacity":null},"FirstAvailable":null}],"Constraints":null,"Config":null}}`;
    const old = await prepared(object('ResourceClaim', spec('a')));
    expect(await updateErrors(object('ResourceClaim', spec('a')), old)).toEqual([]);
    expect(await updateErrors(object('ResourceClaim', spec('b')), old)).toEqual([
      `spec: Invalid value: ${internal('b')}: field is immutable`,
    ]);
    const template = (name: string) => object('ResourceClaimTemplate', { spec: spec(name) });
    expect(await updateErrors(template('b'), await prepared(template('a')))).toEqual([
      `spec: Invalid value: {"Spec":${internal('b')}}: field is immutable`,
    ]);
  });

  it('a slice stays of its driver, its pool and its node', async () => {
    const old = await prepared(slice({}));
    const pool = { name: 'q', resourceSliceCount: 1 };
    expect(await updateErrors(slice({ driver: 'e.io', pool, nodeName: 'm' }), old)).toEqual([
      'spec.pool.name: Invalid value: "q": field is immutable',
      'spec.driver: Invalid value: "e.io": field is immutable',
      'spec.nodeName: Invalid value: "m": field is immutable',
    ]);
  });

  it('the status of a claim speaks of the devices that it got', async () => {
    const old = asGo(claim({ requests: [{ name: 'a', exactly }] }));
    const strategy = await strategyOf(old);
    const check = (status: Fields, before: Fields = {}) =>
      texts(strategy.validateStatusUpdate?.({ ...old, status }, { ...old, status: before }) ?? []);
    const result = { request: 'a', driver: 'd.io', pool: 'p', device: 'd' };
    const allocation = { devices: { results: [result] } };
    const consumer = { resource: 'pods', name: 'p', uid: 'u' };
    expect(
      check({ allocation, reservedFor: [consumer], devices: [{ driver: 'd.io', pool: 'p', device: 'd' }] }),
    ).toEqual([]);
    expect(
      check({
        reservedFor: [consumer, { ...consumer, name: '' }],
        devices: [{ driver: 'd.io', pool: 'p', device: 'e' }],
      }),
    ).toEqual([
      'status.reservedFor[1].name: Required value',
      'status.reservedFor[1]: Duplicate value: "u"',
      'status.devices[0]: Invalid value: "d.io/p/e": must be an allocated device in the claim',
      'status.reservedFor: Forbidden: may not be specified when `allocated` is not set',
    ]);
    expect(
      check({ allocation: { devices: { results: [{ ...result, request: 'b' }], config: [{ source: 'Odd' }] } } }),
    ).toEqual([
      `status.allocation.devices.results[0].request: Invalid value: "b": ${NAME}`,
      'status.allocation.devices.config[0].source: Unsupported value: "Odd": supported values: "FromClaim", "FromClass"',
      'status.allocation.devices.config[0].opaque: Required value',
    ]);
    expect(check({ allocation: { devices: {} } }, { allocation })).toEqual([
      expect.stringMatching(/^status\.allocation: Invalid value: .*: field is immutable$/),
    ]);
  });
});
