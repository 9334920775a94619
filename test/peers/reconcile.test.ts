import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiHandler } from '../../src/apiserver/handler.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import { run, type Ran } from '../commands/run-program.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { type KubectlServer, startKubectlServer } from './kubectl-server.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reconcile-'));

const role = (rules: string, more = '') =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: fresh${more}}\nrules: ${rules}\n---\n`;
const binding = (to: string, subjects: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb, namespace: fresh}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${to}}\nsubjects: ${subjects}\n---\n`;
const aggregate = (label: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: agg}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {a: ${label}}}]}\nrules: []\n`;
const user = (name: string) => `{kind: User, name: ${name}, apiGroup: rbac.authorization.k8s.io}`;
const account = '{kind: ServiceAccount, name: s, namespace: default}';
const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: passed-over}\n---\n';

/** In order, on one store a program. */
const steps: readonly (readonly [flags: string, manifests: string])[] = [
  ['--dry-run=client', role('[{apiGroups: [""], resources: [pods], verbs: [get, list]}]')],
  ['', other + role('[{apiGroups: [""], resources: [pods], verbs: [get, list]}]', ', labels: {a: b}')],
  ['', binding('r', `[${user('u')}, ${account}]`)],
  ['', binding('r', `[${user('u')}, ${account}]`)],
  ['--dry-run=client', binding('r', `[${user('v')}]`)],
  ['', binding('r', `[${user('v')}]`)],
  ['--remove-extra-subjects', binding('r', `[${user('v')}, ${account}]`)],
  ['', binding('other', `[${user('v')}]`)],
  ['-o name', binding('other', `[${user('v')}]`)],
  ['', role('[{apiGroups: [""], resources: [pods], verbs: [get, watch]}]', ', labels: {a: c, d: e}')],
  ['', role('[{apiGroups: [apps, ""], resources: ["*"], verbs: [get], resourceNames: [x, z]}]')],
  ['--remove-extra-permissions', role('[{apiGroups: [""], resources: [pods], verbs: ["*"]}]')],
  [
    '',
    role(
      '[{apiGroups: [""], resources: [pods], verbs: [get]}]',
      ', annotations: {rbac.authorization.kubernetes.io/autoupdate: "false"}',
    ),
  ],
  ['', role('[{apiGroups: [""], resources: [secrets], verbs: [get]}]')],
  ['', aggregate('b')],
  ['', aggregate('c')],
  ['', other],
];

describe('auth reconcile, beside the real kubectl', () => {
  let server: KubectlServer;
  beforeAll(async () => {
    server = await startKubectlServer(
      createApiHandler({ storage: new ObjectStorage({ storage: new MemoryStorage() }) }),
    );
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const real = async (argv: readonly string[], input = ''): Promise<Ran> => {
    const { status, stdout, stderr } = await server.kubectl(argv, input);
    return { status, output: stdout, errors: stderr };
  };

  it.each(steps.map(([flags, manifests], index) => ({ flags, manifests, index })))(
    'step $index $flags',
    async ({ flags, manifests }) => {
      const argv = ['auth', 'reconcile', '-f', '-', ...flags.split(' ').filter((flag) => flag !== '')];
      const theirs = await real(argv, manifests);
      const ours = await run(argv, { env: { KUBE_LITE_DATA_DIR: path.join(folder, 'own') }, input: manifests });
      expect(ours).toEqual(theirs);
      const show = [
        'get',
        'roles,rolebindings',
        '-n',
        'fresh',
        '-o',
        'jsonpath={range .items[*]}{.metadata.labels}{.rules}{.roleRef}{.subjects}{"\\n"}{end}',
      ];
      expect(await run(show, { env: { KUBE_LITE_DATA_DIR: path.join(folder, 'own') } })).toEqual(await real(show));
    },
  );
});
