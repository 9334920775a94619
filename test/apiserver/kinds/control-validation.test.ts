import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

function object(apiVersion: string, kind: string, fields: Fields, name = 'x'): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...fields };
}

const SCALE = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, maxReplicas: 3 };
const autoscaler = (spec: Fields, version = 'v2') =>
  object(`autoscaling/${version}`, 'HorizontalPodAutoscaler', { spec: { ...SCALE, ...spec } });
const FLOW = 'flowcontrol.apiserver.k8s.io/v1';
const schema = (rules: Fields[], spec: Fields = {}) =>
  object(FLOW, 'FlowSchema', { spec: { priorityLevelConfiguration: { name: 'catch-all' }, rules, ...spec } });
const level = (spec: Fields, name = 'x') => object(FLOW, 'PriorityLevelConfiguration', { spec }, name);
const ALL = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true };
const SOURCES = '"ContainerResource", "External", "Object", "Pods", "Resource"';
const VERBS = '"create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"';

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  [
    'how far an autoscaler scales, and what',
    autoscaler({ minReplicas: 5, maxReplicas: 0, scaleTargetRef: { kind: '', name: 'a/b' } }),
    [
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
      'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      'spec.scaleTargetRef.kind: Required value',
      'spec.scaleTargetRef.name: Invalid value: "a/b": may not contain \'/\'',
    ],
  ],
  [
    'how fast an autoscaler scales',
    autoscaler({
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 3601, selectPolicy: 'Some' },
        scaleDown: {
          stabilizationWindowSeconds: -1,
          policies: [{ type: 'Odd', value: 0, periodSeconds: 1801 }],
          tolerance: '-1',
        },
      },
    }),
    [
      'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
      'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Some": supported values: "Disabled", "Max", "Min"',
      'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero',
      'spec.behavior.scaleDown.policies[0].type: Unsupported value: "Odd": supported values: "Percent", "Pods"',
      'spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero',
      'spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
      'spec.behavior.scaleDown.tolerance: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    'the sources of metrics',
    autoscaler({
      metrics: [
        { type: 'Odd' },
        { type: 'Pods', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1 } } },
        { type: 'Object', object: { describedObject: {}, metric: {}, target: {} } },
        {
          type: 'External',
          external: { metric: { name: 'a/b' }, target: { type: 'Value', value: '0', averageValue: '1' } },
        },
        { type: 'ContainerResource', containerResource: { name: 'odd', container: '', target: { type: 'Value' } } },
      ],
    }),
    [
      `spec.metrics[0].type: Unsupported value: "Odd": supported values: ${SOURCES}`,
      `spec.metrics[0].type: Unsupported value: "Odd": supported values: ${SOURCES}`,
      'spec.metrics[1].pods: Required value: must populate information for the given metric source',
      'spec.metrics[2].object.describedObject.kind: Required value',
      'spec.metrics[2].object.describedObject.name: Required value',
      'spec.metrics[2].object.metric.name: Required value: must specify a metric name',
      'spec.metrics[2].object.target.type: Required value: must specify a metric target type',
      'spec.metrics[2].object.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
      'spec.metrics[2].object.target.averageValue: Required value: must set either a target value or averageValue',
      'spec.metrics[3].external.metric.name: Invalid value: "a/b": may not contain \'/\'',
      'spec.metrics[3].external.target.value: Invalid value: "0": must be positive',
      'spec.metrics[3].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
      'spec.metrics[4].containerResource.name: Invalid value: "odd": must be a standard resource type or fully qualified',
      'spec.metrics[4].containerResource.name: Invalid value: "odd": must be a standard resource for containers',
      'spec.metrics[4].containerResource.container: Required value: must specify a container',
      'spec.metrics[4].containerResource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
    ],
  ],
  [
    'the one metric of the older version, as the newer one names it',
    autoscaler({ minReplicas: 0, targetCPUUtilizationPercentage: 0 }, 'v1'),
    [
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
      'spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0',
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  ],
  [
    'a PodDisruptionBudget that says two things',
    object('policy/v1', 'PodDisruptionBudget', {
      spec: { minAvailable: -1, maxUnavailable: '101%', unhealthyPodEvictionPolicy: 'Odd' },
    }),
    [
      'spec: Invalid value: {"MinAvailable":-1,"Selector":null,"MaxUnavailable":"101%","UnhealthyPodEvictionPolicy":"Odd"}: minAvailable and maxUnavailable cannot be both set',
      'spec.minAvailable: Invalid value: -1: must be greater than or equal to 0',
      'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Odd": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ],
  [
    'a FlowSchema',
    schema([{}], { matchingPrecedence: 10_001, distinguisherMethod: { type: 'Odd' }, priorityLevelConfiguration: {} }),
    [
      'spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000',
      'spec.distinguisherMethod.type: Unsupported value: {"Type":"Odd"}: supported values: "ByNamespace", "ByUser"',
      'spec.priorityLevelConfiguration.name: Required value: must reference a priority level',
      'spec.rules[0].subjects: Required value: subjects must contain at least one value',
      'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
    ],
  ],
  [
    'a FlowSchema that comes before all others',
    schema([{ subjects: [{ kind: 'User', user: { name: 'u' } }], resourceRules: [ALL] }], { matchingPrecedence: 1 }),
    ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
  ],
  [
    'the subjects of a FlowSchema',
    schema([
      {
        subjects: [
          { kind: 'Odd' },
          { kind: 'User', group: { name: 'g' } },
          { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: '' } },
          { kind: 'Group', group: { name: '' } },
        ],
        resourceRules: [ALL],
      },
    ]),
    [
      'spec.rules[0].subjects[0].kind: Unsupported value: "Odd": supported values: "Group", "ServiceAccount", "User"',
      "spec.rules[0].subjects[1].user: Required value: user is required when subject kind is 'User'",
      "spec.rules[0].subjects[1].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      'spec.rules[0].subjects[2].serviceAccount.namespace: Required value: must specify namespace for service account',
      'spec.rules[0].subjects[3].group.name: Required value',
    ],
  ],
  [
    'the requests that a FlowSchema is about',
    schema([
      {
        subjects: [{ kind: 'User', user: { name: 'u' } }],
        resourceRules: [
          { verbs: ['*', 'get'], apiGroups: ['*', 'a'], resources: [] },
          { ...ALL, verbs: ['fly'], namespaces: ['A'] },
        ],
        nonResourceRules: [
          { verbs: [], nonResourceURLs: ['a', '/a//b', '/a b', '/*/b', '/ok/*', '/'] },
          { verbs: ['get'], nonResourceURLs: [] },
        ],
      },
    ]),
    [
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
      'spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*","a"]: if \'*\' is present, must not specify other api groups',
      'spec.rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one resource',
      'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      `spec.rules[0].resourceRules[1].verbs: Unsupported value: ["fly"]: supported values: ${VERBS}`,
      expect.stringMatching(
        /^spec.rules\[0\].resourceRules\[1\].namespaces\[0\]: Invalid value: "A": each member of this list must be '\*' or a DNS-1123 label; a lowercase/,
      ),
      'spec.rules[0].nonResourceRules[0].verbs: Required value: verbs must contain at least one value',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a//b": must not contain double slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "/a b": must not contain white-space',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "/*/b": wildcard can only do suffix matching',
      'spec.rules[0].nonResourceRules[1].nonResourceURLs: Required value: nonResourceURLs must contain at least one value',
    ],
  ],
  [
    'a priority level without limits',
    level({ type: 'Exempt', limited: {} }),
    [
      "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'",
      'spec.limited: Forbidden: must be nil if the type is not Limited',
    ],
  ],
  [
    'a priority level that has none of its limits',
    level({ type: 'Limited', exempt: {} }),
    [
      'spec.exempt: Forbidden: must be nil if the type is Limited',
      'spec.limited: Required value: must not be empty when type is Limited',
    ],
  ],
  [
    'the limits of a priority level',
    level({
      type: 'Limited',
      limited: {
        nominalConcurrencyShares: -1,
        lendablePercent: 101,
        borrowingLimitPercent: -1,
        limitResponse: { type: 'Queue', queuing: { queues: 20_000_000, handSize: 8, queueLengthLimit: -1 } },
      },
    }),
    [
      'spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer',
      'spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive',
      'spec.limited.limitResponse.queuing.queues: Invalid value: 20000000: must not be greater than 10000000',
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 20000000 and handSize 8 should not be greater than 60',
      'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
      'spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer',
    ],
  ],
  [
    'a priority level of another kind',
    level({ type: 'Odd' }),
    ['spec.type: Unsupported value: "Odd": supported values: "Exempt", "Limited"'],
  ],
  [
    'a Lease',
    object('coordination.k8s.io/v1', 'Lease', {
      spec: { leaseDurationSeconds: 0, leaseTransitions: -1, preferredHolder: 'me' },
    }),
    [
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
      'spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined',
    ],
  ],
];

describe('a new object', () => {
  it.each(CASES)('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it.each([
    ['exempt', 'Exempt'],
    ['other', 'Limited'],
  ])('%s may be a priority level that is %s', async (name, type) => {
    const limited = { limitResponse: { type: 'Queue', queuing: {} } };
    expect(await createErrors(level({ type, ...(type === 'Limited' ? { limited } : {}) }, name))).toEqual([]);
  });
});

describe('an update', () => {
  it('may leave an autoscaler at no replicas, with a metric that wakes it', async () => {
    const asleep = autoscaler({ minReplicas: 0 });
    const before = await prepared(asleep);
    expect(await updateErrors(asleep, before)).toEqual([
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ]);
    const external = { metric: { name: 'm' }, target: { type: 'Value', value: '1' } };
    const waking = autoscaler({ minReplicas: 0, metrics: [{ type: 'External', external }] });
    expect(await updateErrors(waking, before)).toEqual([]);
  });

  it.each([
    [
      autoscaler({}),
      { currentReplicas: -1, desiredReplicas: -2 },
      [
        'status.currentReplicas: Invalid value: -1: must be greater than or equal to 0',
        'status.desiredReplicas: Invalid value: -2: must be greater than or equal to 0',
      ],
    ],
    [
      object('policy/v1', 'PodDisruptionBudget', { spec: {} }),
      { disruptionsAllowed: -1 },
      ['status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      schema([]),
      { conditions: [{ type: 'A' }, { type: 'A' }, { type: '' }] },
      [
        'status.conditions[1].type: Duplicate value: "A"',
        'status.conditions[2].type: Required value: must not be empty',
      ],
    ],
  ])('of a status keeps it in order', async (input, status, errors) => {
    const old = await prepared(input);
    const strategy = await strategyOf(old);
    expect(texts(strategy.validateStatusUpdate?.({ ...old, status }, old) ?? [])).toEqual(errors);
  });
});
