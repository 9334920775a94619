import fc from 'fast-check';
import { quantities, quantityValues } from './quantity-inputs.ts';
import type { CommandLine } from './ran-alike.ts';

type Json = Record<string, unknown>;

const NAMES = ['web', 'side', 'db', 'init'];
const name = fc.constantFrom(...NAMES);
const environment = fc.uniqueArray(
  fc.oneof(
    fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('', '1', 'x y', '$(A)', 'é"\n') }),
    fc.record({
      name: fc.constantFrom('D', 'E'),
      valueFrom: fc.constantFrom<Json>(
        { configMapKeyRef: { name: 'c', key: 'k' } },
        { secretKeyRef: { name: 's', key: 'k', optional: true } },
        { fieldRef: { fieldPath: 'metadata.name' } },
        { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } },
      ),
    }),
  ),
  { selector: (each) => each.name, maxLength: 3 },
);
const container = fc.record(
  {
    name,
    image: fc.constantFrom('nginx', 'nginx:1.2', ''),
    env: environment,
    envFrom: fc.constantFrom([], [{ configMapRef: { name: 'c' } }], [{ prefix: 'P_', secretRef: { name: 's' } }]),
    resources: fc.record(
      {
        limits: fc.dictionary(fc.constantFrom('cpu', 'memory', 'x.io/y'), quantityValues, { maxKeys: 2 }),
        requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantities, { maxKeys: 2 }),
      },
      { requiredKeys: [] },
    ),
    unknownField: fc.constant(1),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 80, protocol: 'UDP', name: 'p' }]),
  },
  { requiredKeys: ['name'] },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: (each) => each.name, maxLength: 3 }),
    initContainers: fc.uniqueArray(container, { selector: (each) => each.name, maxLength: 1 }),
    serviceAccountName: fc.constantFrom('old', ''),
    serviceAccount: fc.constant('old'),
    restartPolicy: fc.constant('Never'),
    volumes: fc.constantFrom([{ name: 'v', emptyDir: {} }], [{ name: 'v', emptyDir: { sizeLimit: 1024 } }]),
    hostNetwork: fc.constantFrom<unknown>(true, false, ...Array.from({ length: 20 }, () => true), 'x'),
  },
  { requiredKeys: ['containers'] },
);
const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'x.io/y'), fc.constantFrom('', 'a', 'b'), { maxKeys: 2 });
const metadata = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    namespace: fc.constantFrom('default', 'other'),
    labels,
    annotations: labels,
    creationTimestamp: fc.constantFrom(null, '2020-01-01T00:00:00Z'),
    generateName: fc.constant('gen-'),
    finalizers: fc.constant(['x.io/f']),
  },
  { requiredKeys: ['name'] },
);
const template = fc.record({ metadata: fc.record({ labels }), spec: podSpec }, { requiredKeys: ['spec'] });
const selector = fc.record({ matchLabels: labels }, { requiredKeys: [] });

function kind(apiVersion: string, own: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> {
  return fc
    .record({ metadata, ...fields }, { requiredKeys: ['metadata'] })
    .map((rest) => ({ apiVersion, kind: own, ...rest }));
}

const workloads = [
  kind('v1', 'Pod', { spec: podSpec }),
  kind('apps/v1', 'Deployment', {
    spec: fc.record({ replicas: fc.nat(3), selector, template, strategy: fc.constant({ type: 'Recreate' }) }),
  }),
  kind('apps/v1', 'StatefulSet', {
    spec: fc.record({ serviceName: name, template, selector }, { requiredKeys: ['template'] }),
  }),
  kind('apps/v1', 'DaemonSet', { spec: fc.record({ template, selector }) }),
  kind('apps/v1', 'ReplicaSet', { spec: fc.record({ template }) }),
  kind('v1', 'ReplicationController', { spec: fc.record({ template, selector: labels }) }),
  kind('batch/v1', 'Job', { spec: fc.record({ template, backoffLimit: fc.nat(3) }) }),
  kind('batch/v1', 'CronJob', {
    spec: fc.record({ schedule: fc.constant('* * * * *'), jobTemplate: fc.record({ spec: fc.record({ template }) }) }),
  }),
] as const;
const subject = fc.record(
  {
    kind: fc.constantFrom('User', 'Group', 'ServiceAccount'),
    name: fc.constantFrom('u', 'v'),
    namespace: fc.constantFrom('default', 'n'),
    apiGroup: fc.constant('rbac.authorization.k8s.io'),
  },
  { requiredKeys: ['kind', 'name'] },
);
const roleRef = fc.constant({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' });
const bindings = ['RoleBinding', 'ClusterRoleBinding'].map((each) =>
  kind('rbac.authorization.k8s.io/v1', each, { subjects: fc.array(subject, { maxLength: 2 }), roleRef }),
);
const service = kind('v1', 'Service', {
  spec: fc.record({ selector: labels, ports: fc.constant([{ port: 80, targetPort: 'x' }]) }, { requiredKeys: [] }),
});
const others = [
  service,
  kind('v1', 'ConfigMap', { data: labels, binaryData: fc.constantFrom({ a: 'aGk=' }, {}) }),
  kind('v1', 'Secret', { data: fc.constantFrom({ a: 'aGk=' }, {}), stringData: labels, type: fc.constant('Opaque') }),
  kind('example.com/v1', 'Widget', { spec: fc.constant({ b: 1, a: [1.5, null, 'x'] }) }),
];

/** One document, several, or a list. */
function documents(kinds: readonly fc.Arbitrary<Json>[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([all, asList]) =>
      asList
        ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all })
        : all.map((each) => JSON.stringify(each)).join('\n---\n'),
    );
}

const format = fc.constantFrom(
  ['-o', 'json'], ['-o', 'yaml'], ['-o', 'yaml'], ['-o', 'name'], [], ['--dry-run=client'], ['-o', 'jsonpath={.kind}'], ['-o', 'kyaml'],
  ['-o', 'yaml', '--show-managed-fields'],
); // prettier-ignore

function command(
  words: readonly string[],
  args: fc.Arbitrary<readonly string[]>,
  kinds: readonly fc.Arbitrary<Json>[],
): fc.Arbitrary<CommandLine> {
  return fc
    .record({ given: args, form: format, input: documents(kinds) })
    .map(({ given, form, input }) => ({ argv: [...words, '--local', '-f', '-', ...given, ...form], input }));
}

/** A list in any order, of things that need not all be sound. */
function some(each: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string[]> {
  return fc.array(each, { minLength: 1, maxLength: most });
}

const flags = (choices: readonly (readonly string[])[]): fc.Arbitrary<string[]> =>
  fc.constantFrom(...choices.map((each) => [...each]));
const together = (...parts: fc.Arbitrary<readonly string[]>[]): fc.Arbitrary<string[]> =>
  fc.tuple(...parts).map((all) => all.flat());

const image = fc
  .tuple(fc.oneof({ weight: 6, arbitrary: fc.constantFrom('*', ...NAMES) }, fc.constantFrom('none', '', '**', 'we*')), fc.constantFrom('=', '=', '=', '=', '', ':', '=='), fc.constantFrom('busybox', 'a/b:1', '', 'x@sha256:1', 'é', 'a b'))
  .map((parts) => parts.join('')); // prettier-ignore
const environmentWord = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constantFrom('A', 'B', 'N', 'a.b-c'), fc.constantFrom('=', '=1', '=x=y', '=a b', '-', '=$(B)')).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('-', '=1', '1A=2', 'A B=1', 'x/y', 'A', 'é=1', 'A=1\n2', '..=1', '.=1', 'A--', 'D-') },
); // prettier-ignore
const resourceList = fc
  .array(fc.tuple(fc.constantFrom('cpu', 'memory', 'x.io/y', ''), fc.constantFrom('=', '=', '=', '=', '=', '', '=='), quantities).map((parts) => parts.join('')), { minLength: 1, maxLength: 2 })
  .map((all) => all.join(',')); // prettier-ignore
const pair = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('app', 'x.io/y', 'new', 'Tier'), fc.constantFrom('=a', '=', '=b', '-', '=a.b_c-1')).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('=a', 'app=a b', 'app=a=b', 'a b=c', 'app', '-', 'x/y/z=1', 'é=1', 'k=é', `k=${'x'.repeat(64)}`, `${'x'.repeat(64)}=1`, 'app=-', 'app--', 'X.io/y=1', '/a=b', 'a/=b', 'x=\t') },
); // prettier-ignore
const metadataFlags = flags([
  [], ['--overwrite'], ['--overwrite'], ['--overwrite=false'], ['--list'], ['--resource-version=1'], ['--overwrite', '--list'], ['--all'], ['-l', 'app=a'],
]); // prettier-ignore
const containers = flags([[], [], ['-c', 'web'], ['-c', 'we*'], ['-c', 'none'], ['--containers=*'], ['-c', 'w?b']]);
const account = fc.constantFrom('u', 'n:u', 'a:b:c', 'v', '', ':', 'n:', ':u', 'default:sa', 'n:v');

/** `set`, `label`, `annotate` with `--local`, on objects that need not have what the command is about. */
export const localCommands: Readonly<Record<string, fc.Arbitrary<CommandLine>>> = {
  image: command(['set', 'image'], together(some(image), flags([[], [], [], ['--all'], ['-l', 'a=b']])), [
    ...workloads,
    ...workloads,
    service,
  ]),
  env: command(
    ['set', 'env'],
    together(some(environmentWord), containers, flags([[], [], ['--list'], ['--overwrite=false'], ['-e', 'Z=1'], ['--env=B-'], ['--prefix=P_']])),
    [...workloads, ...workloads, service],
  ),
  resources: command(
    ['set', 'resources'],
    together(
      containers,
      fc.option(resourceList.map((each) => [`--limits=${each}`]), { nil: [], freq: 4 }),
      fc.option(resourceList.map((each) => [`--requests=${each}`]), { nil: [], freq: 2 }),
    ),
    [...workloads, ...workloads, service],
  ),
  selector: command(
    ['set', 'selector'],
    fc.oneof({ weight: 4, arbitrary: fc.array(pair, { minLength: 1, maxLength: 2 }).map((all) => [all.join(',')]) }, some(pair)),
    [service, service, service, kind('v1', 'ConfigMap', { data: labels })],
  ),
  serviceaccount: command(['set', 'serviceaccount'], some(fc.constantFrom('new', 'new', 'new', 'a.b', '', 'é'), 1), [...workloads, ...workloads, service]),
  subject: command(
    ['set', 'subject'],
    together(
      fc.array(account.map((each) => `--serviceaccount=${each}`), { maxLength: 2 }),
      fc.array(account.map((each) => `--user=${each}`), { maxLength: 2 }),
      fc.array(account.map((each) => `--group=${each}`), { maxLength: 1 }),
    ),
    [...bindings, ...bindings, ...bindings, service],
  ),
  label: command(['label'], together(some(pair), metadataFlags), [...others, workloads[0], workloads[1]]),
  annotate: command(['annotate'], together(some(pair), metadataFlags), [...others, workloads[0], workloads[1]]),
}; // prettier-ignore
