import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { asGo, createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

function object(kind: string, fields: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'x', ...metadata }, ...fields };
}

const KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const base64 = (text: string) => Buffer.from(text).toString('base64');

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  [
    'keys of a ConfigMap',
    object('ConfigMap', { data: { 'bad key': 'x', '..': 'y', twice: '1' }, binaryData: { twice: 'AA==', '..a': '' } }),
    [
      'data[..]: Invalid value: "..": must not be \'..\'',
      `data[bad key]: Invalid value: "bad key": ${KEY}`,
      'data[twice]: Invalid value: "twice": duplicate of key present in binaryData',
      'binaryData[..a]: Invalid value: "..a": must not start with \'..\'',
    ],
  ],
  [
    'the size of a ConfigMap, as recorded',
    object('ConfigMap', { data: { big: 'x'.repeat(1_100_000) } }),
    ['[]: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'the size of a Secret, counted in bytes and not in base64',
    object('Secret', { data: { big: base64('x'.repeat(1024 * 1024)) } }),
    [],
  ],
  [
    'a Secret that is too long',
    object('Secret', { data: { big: base64('x'.repeat(1024 * 1024 + 1)) } }),
    ['data: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'keys of TLS',
    object('Secret', { type: 'kubernetes.io/tls' }),
    ['data[tls.crt]: Required value', 'data[tls.key]: Required value'],
  ],
  [
    'keys of basic authentication',
    object('Secret', { type: 'kubernetes.io/basic-auth' }),
    ['data[username]: Required value', 'data[password]: Required value'],
  ],
  [
    'one key of basic authentication is enough',
    object('Secret', { type: 'kubernetes.io/basic-auth', stringData: { username: '' } }),
    [],
  ],
  [
    'a key for SSH that is empty',
    object('Secret', { type: 'kubernetes.io/ssh-auth', stringData: { 'ssh-privatekey': '' } }),
    ['data[ssh-privatekey]: Required value'],
  ],
  [
    'credentials of a registry that are no JSON',
    object('Secret', { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'nonsense!' } }),
    ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
  ],
  [
    'a token without its account',
    object('Secret', { type: 'kubernetes.io/service-account-token' }),
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  [
    'finalizers of a Namespace',
    object('Namespace', { spec: { finalizers: ['odd'] } }),
    ['spec.finalizers: Invalid value: "odd": name is neither a standard finalizer name nor is it fully qualified'],
  ],
  [
    'taints of a Node',
    object('Node', {
      spec: {
        taints: [
          { key: 'k', effect: 'Odd' },
          { key: 'k', value: 'a b', effect: 'NoSchedule' },
          { key: 'k', effect: 'NoSchedule' },
          { key: 'e' },
        ],
      },
    }),
    [
      'metadata.taints[0].effect: Unsupported value: "Odd": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      "metadata.taints[1].value: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      'metadata.taints[2]: Duplicate value: {"Key":"k","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
      'metadata.taints[3].effect: Required value',
    ],
  ],
  [
    'addresses of Endpoints',
    object('Endpoints', { subsets: [{}, { addresses: [{ ip: '127.0.0.1' }, { ip: 'x' }], ports: [{ port: 0 }] }] }),
    [
      'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
      'subsets[1].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'subsets[1].addresses[1].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[1].addresses[1].ip: Invalid value: "x": must be a valid IP address',
      'subsets[1].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'a PersistentVolumeClaim',
    object('PersistentVolumeClaim', { spec: { volumeMode: 'Odd' } }),
    [
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
      'spec.volumeMode: Unsupported value: "Odd": supported values: "Block", "Filesystem"',
    ],
  ],
  [
    'a PersistentVolume',
    object('PersistentVolume', { spec: { accessModes: ['Odd'] } }),
    [
      'spec.accessModes: Unsupported value: "Odd": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      'spec: Required value: must specify a volume type',
    ],
  ],
  [
    'a LimitRange',
    object('LimitRange', {
      spec: {
        limits: [
          { type: 'Pod', default: { cpu: '1' }, max: { odd: '1' } },
          { type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' }, maxLimitRequestRatio: { cpu: '500m' } },
          {
            type: 'Container',
            min: { memory: '2' },
            max: { memory: '4' },
            default: { memory: '1', 'a.io/b': '2' },
            defaultRequest: { memory: '5', 'a.io/b': '1' },
            maxLimitRequestRatio: { memory: '3' },
          },
          { type: 'PersistentVolumeClaim' },
          { type: 'Odd' },
        ],
      },
    }),
    [
      'spec.limits[0].max[odd]: Invalid value: "odd": must be a standard resource type or fully qualified',
      'spec.limits[0].max[odd]: Invalid value: "odd": must be a standard resource for containers',
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      'spec.limits[1].type: Duplicate value: "Pod"',
      'spec.limits[1].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[1].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
      'spec.limits[2].defaultRequest[a.io/b]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.io/b',
      'spec.limits[2].defaultRequest[memory]: Invalid value: "5": default request value 5 is greater than max value 4',
      'spec.limits[2].defaultRequest[memory]: Invalid value: "5": default request value 5 is greater than default limit value 1',
      'spec.limits[2].default[memory]: Invalid value: "2": min value 2 is greater than default value 1',
      'spec.limits[2].maxLimitRequestRatio[memory]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
      'spec.limits[3].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
      'spec.limits[4].type: Invalid value: "Odd": must be a standard limit type or fully qualified',
    ],
  ],
  [
    'what a ResourceQuota counts',
    object('ResourceQuota', {
      spec: { hard: { storage: '1', pods: '1500m', odd: '1', 'count/widgets.example.com': '-1' } },
    }),
    [
      'spec.hard[count/widgets.example.com]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.hard[odd]: Invalid value: "odd": must be a standard resource type or fully qualified',
      'spec.hard[odd]: Invalid value: "odd": must be a standard resource for quota',
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
    ],
  ],
  [
    'the scopes of a ResourceQuota',
    object('ResourceQuota', {
      spec: {
        hard: { services: '1' },
        scopes: ['BestEffort', 'NotBestEffort', 'Odd'],
        scopeSelector: {
          matchExpressions: [
            { scopeName: 'Terminating', operator: 'In', values: [] },
            { scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] },
            { scopeName: 'PriorityClass', operator: 'Maybe' },
          ],
        },
      },
    }),
    [
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Odd"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Odd"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Odd"]: unsupported scope',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Odd"]: conflicting scopes',
      expect.stringMatching(/^spec.scopeSelector.matchExpressions: .*: unsupported scope applied to resource$/),
      expect.stringMatching(/^spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be 'Exist' when/),
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      expect.stringMatching(/^spec.scopeSelector.matchExpressions: .*: unsupported scope applied to resource$/),
      "spec.scopeSelector.matchExpressions.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      expect.stringMatching(/^spec.scopeSelector.matchExpressions: .*: unsupported scope applied to resource$/),
      'spec.scopeSelector.matchExpressions.operator: Invalid value: "Maybe": not a valid selector operator',
    ],
  ],
  [
    'rules of a Role, as recorded',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: [], resources: ['pods'] }],
    },
    [
      'rules[0].verbs: Required value: verbs must contain at least one value',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    ],
  ],
];

describe('a new object', () => {
  it.each(CASES)('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });
});

describe('an update', () => {
  it('of what is marked immutable is refused, as recorded', async () => {
    const old = asGo(object('ConfigMap', { data: { a: '1' }, immutable: true }));
    const changed = object('ConfigMap', { data: { a: 'changed' }, immutable: true });
    expect(await updateErrors(changed, old)).toEqual(['data: Forbidden: field is immutable when `immutable` is set']);
    expect(await updateErrors(object('ConfigMap', { data: { a: '1' } }), old)).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
    ]);
  });

  it('of the type of a Secret is refused', async () => {
    const old = await prepared(object('Secret', {}));
    expect(await updateErrors(object('Secret', { type: 'mine' }), old)).toEqual([
      'type: Invalid value: "mine": field is immutable',
    ]);
  });

  it('of the scopes of a ResourceQuota is refused', async () => {
    const quota = (scopes: string[]) => object('ResourceQuota', { spec: { hard: { pods: '1' }, scopes } });
    const old = await prepared(quota(['BestEffort']));
    expect(await updateErrors(quota(['NotBestEffort']), old)).toEqual([
      'spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable',
    ]);
    expect(await updateErrors(quota(['BestEffort']), old)).toEqual([]);
  });

  it('leaves the finalizers of a Namespace alone', async () => {
    const old = await prepared(object('Namespace', {}));
    expect(await updateErrors(object('Namespace', { spec: { finalizers: [] } }), old)).toEqual([]);
    const strategy = await strategyOf(old);
    const object_ = asGo(object('Namespace', {}));
    strategy.prepareForUpdate(object_, old);
    expect(object_['spec']).toEqual({ finalizers: ['kubernetes'] });
  });

  it('of the role of a binding is refused', async () => {
    const binding = (name: string): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    });
    expect(await updateErrors(binding('other'), await prepared(binding('one')))).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: cannot change roleRef',
    ]);
  });
});

describe('names', () => {
  it.each([
    ['v1', 'Namespace', 'has.dot', ['must not contain dots']],
    ['v1', 'Service', '1svc', []],
    ['apps/v1', 'StatefulSet', 'has.dot', ['must not contain dots']],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:Any_Thing', []],
  ])('%s %s %s', async (apiVersion, kind, name, errors) => {
    expect((await strategyOf({ apiVersion, kind })).validateName?.(name, false)).toEqual(errors);
  });
});

describe('a status update', () => {
  it('of a Namespace may not say that it ends when it does not', async () => {
    const old = await prepared(object('Namespace', {}));
    const changed = { ...old, status: { phase: 'Terminating' } };
    const strategy = await strategyOf(old);
    expect(texts(strategy.validateStatusUpdate?.(changed, old) ?? [])).toEqual([
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ]);
  });
});
