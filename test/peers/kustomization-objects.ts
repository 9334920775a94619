import fc from 'fast-check';

/** An object, or a part of one. */
export type Json = Record<string, unknown>;

export const name = fc.constantFrom('web', 'db', 'cache', 'app-1', 'x');
export const namespace = fc.constantFrom('default', 'prod', 'team-a');
const image = fc.constantFrom(
  'nginx',
  'nginx:1.25',
  'registry:5000/team/app:v1',
  'app@sha256:abc',
  'busybox:1.36@sha256:def',
);
const labelKey = fc.constantFrom('app', 'tier', 'example.com/owner');
export const text = fc.constantFrom(
  'a',
  'yes',
  '1',
  '1.10',
  'true',
  'null',
  '',
  'two words',
  'line1\nline2\n',
  'ü',
  '0x1F',
  '1e3',
  '<&>',
);
export const pairs = fc.dictionary(labelKey, text, { minKeys: 1, maxKeys: 2 });

const env = fc.record(
  {
    name: fc.constantFrom('A', 'B', 'HOST'),
    value: fc.constantFrom('1', '$(SERVICE)', 'v-$(SERVICE).$(OTHER)', '$$x'),
  },
  { requiredKeys: ['name'] },
);
export const container = fc.record(
  {
    name: fc.constantFrom('main', 'side'),
    image,
    env: fc.uniqueArray(env, { selector: (each) => each.name, maxLength: 2 }),
    ports: fc.uniqueArray(
      fc.record(
        {
          containerPort: fc.constantFrom(80, 443),
          protocol: fc.constantFrom('TCP', 'UDP'),
          name: fc.constantFrom('http', 'dns'),
        },
        { requiredKeys: ['containerPort'] },
      ),
      { selector: ({ containerPort, protocol }) => `${containerPort}${protocol}`, maxLength: 2 },
    ),
    envFrom: name.map((each) => [{ configMapRef: { name: each } }, { secretRef: { name: each } }]),
    args: fc.constantFrom(['--host=$(SERVICE)'], ['a', 'b'], []),
  },
  { requiredKeys: ['name', 'image'] },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: (each) => each.name, minLength: 1, maxLength: 2 }),
    initContainers: fc.uniqueArray(container, { selector: (each) => each.name, maxLength: 1 }),
    serviceAccountName: name,
    volumes: name.map((each) => [
      { name: 'config', configMap: { name: each } },
      { name: 'claim', persistentVolumeClaim: { claimName: each } },
    ]),
    imagePullSecrets: name.map((each) => [{ name: each }]),
  },
  { requiredKeys: ['containers'] },
);

const metadata = fc.record({ name, namespace, labels: pairs, annotations: pairs }, { requiredKeys: ['name'] });

function object(apiVersion: string, kind: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> {
  return fc.record({ metadata, ...fields }).map((rest) => ({ apiVersion, kind, ...rest }));
}

const template = fc.record({ metadata: fc.record({ labels: pairs }), spec: podSpec }, { requiredKeys: ['spec'] });
const workloadSpec = fc.record(
  { replicas: fc.constantFrom(1, 3), selector: pairs.map((matchLabels) => ({ matchLabels })), template },
  { requiredKeys: ['template'] },
);
const subjects = fc.array(
  fc.record(
    { kind: fc.constantFrom('ServiceAccount', 'User'), name: fc.oneof(name, fc.constant('default')), namespace },
    { requiredKeys: ['kind', 'name'] },
  ),
  { minLength: 1, maxLength: 2 },
);
const roleRef = fc.record({
  apiGroup: fc.constant('rbac.authorization.k8s.io'),
  kind: fc.constantFrom('Role', 'ClusterRole'),
  name,
});

const anyObject = fc.oneof(
  { arbitrary: object('apps/v1', 'Deployment', { spec: workloadSpec }), weight: 4 },
  object('apps/v1', 'StatefulSet', { spec: workloadSpec }),
  object('batch/v1', 'CronJob', { spec: fc.record({ jobTemplate: fc.record({ spec: fc.record({ template }) }) }) }),
  {
    arbitrary: object('v1', 'Service', { spec: fc.record({ selector: pairs, ports: fc.constant([{ port: 80 }]) }) }),
    weight: 2,
  },
  { arbitrary: object('v1', 'ConfigMap', { data: fc.dictionary(fc.constantFrom('a', 'b.txt'), text) }), weight: 2 },
  object('v1', 'Secret', { stringData: fc.dictionary(fc.constantFrom('a', 'b'), text) }),
  object('v1', 'ServiceAccount', {}),
  object('v1', 'Namespace', {}),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', { subjects, roleRef }),
  object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { subjects, roleRef }),
  object('rbac.authorization.k8s.io/v1', 'Role', { rules: name.map((each) => [{ resourceNames: [each] }]) }),
  object('networking.k8s.io/v1', 'Ingress', {
    spec: name.map((each) => ({
      tls: [{ secretName: each }],
      rules: [{ http: { paths: [{ backend: { service: { name: each, port: { number: 80 } } } }] } }],
    })),
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: name.map((each) => ({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: each },
      metrics: [],
    })),
  }),
  object('example.com/v1', 'Widget', {
    spec: fc.record({ items: fc.array(fc.record({ name, size: fc.nat(9) }), { maxLength: 2 }) }),
  }),
);

function idOf({
  kind,
  metadata: { name: own, namespace: place = 'default' } = {},
}: Json & { metadata?: Json }): string {
  return JSON.stringify([kind, own, kind === 'Namespace' || String(kind).startsWith('Cluster') ? '' : place]);
}

/** The objects of a base, no two with the same id. */
export const objects = fc.uniqueArray(anyObject, { selector: idOf, minLength: 1, maxLength: 5 });
