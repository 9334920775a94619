import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRow } from '../../src/commands/command-row.ts';
import { commandTable } from '../../src/commands/command-table.ts';
import { findCommand } from '../../src/commands/find-command.ts';
import { run } from './run-program.ts';
import { shellWords } from './run-shell.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Why the examples of a command are not run here. They are still checked to name commands and flags that there are. */
const ELSEWHERE: readonly (readonly [line: RegExp, reason: string])[] = [
  [/kubectl etcd (?:alarms|auth|compact|defrag|health|lease|members|move-leader|status|txn)\b/, 'needs an etcd server'],
  [/kubectl etcd snapshot\b/, 'needs an etcd server, or writes into system folders'],
  [
    /kubectl (?:undelete|export|import)\b|kubectl --context=\w+ (?:undelete|import)\b/,
    'needs a past or a file, which the tests of undelete and import make',
  ],
  [/kubectl etcd connect\b/, 'looks at the host and its cluster'],
  [/kubectl etcd undo\b/, 'undoes changes that have to be made first'],
  [/kubectl etcd watch\b|kubectl events .*--watch|kubectl serve\b|kubectl proxy\b/, 'runs until it is stopped'],
  [/kubectl (?:logs|attach|exec|port-forward|cp|debug|top)\b/, 'needs a kubelet'],
  [/^ETCDCTL_API=3 etcdctl/, 'needs an etcd server'],
  [/--etcd-snapshot=/, 'needs a snapshot, which the tests of the past and of doctor save'],
  [/kubectl etcd decode .*--etcd-encryption-config=/, 'needs an encrypted value, which the test of decode makes'],
  [/kubectl completion\b|^alias /, 'is for the shell that reads it'],
  [/<arg1>|<cmd>/, 'has words that stand for others'],
  [/kubectl (?:config|kuberc)\b/, 'changes the files of whoever runs it'],
  [/kubectl create token\b/, 'needs a server that signs tokens'],
  [/kubectl create secret tls\b/, 'needs a key pair, which the test of the generators makes'],
  [/kubectl drain\b/, 'waits for pods to be evicted'],
  [/kubectl wait\b/, 'waits for a cluster'],
  [/kubectl rollout status\b/, 'waits for a controller'],
  [/kubectl kustomize$/, 'reads the folder that it is started in'],
  [/--output-directory=\/path/, 'writes into a system folder'],
  [/--data-dir=\/var/, 'writes into a system folder'],
];

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: pod, labels: {app: nginx}}\nspec: {containers: [{name: a, image: a, ports: [{containerPort: 80}]}]}\n';
const deployment = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: nginx, image: a, env: [{name: ENV, value: x}]}]}}}\n`;
const data = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: my-config}\ndata: {a: b}\n';
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 80}]}\n';
const role =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: default}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n';

/** The files that examples name. */
const FILES: Readonly<Record<string, string>> = {
  'pod.yaml': pod,
  'pod.json': pod,
  'deploy.yaml': deployment('deploy'),
  'nginx-deployment.yaml': deployment('nginx-deployment'),
  'path/to/file.yaml': deployment('nginx'),
  'foo.yaml': deployment('foo-file'),
  'manifest.yaml': data.replace('metadata: {', 'metadata: {labels: {app: nginx}, '),
  'my-config.yaml': data,
  'service.yaml': service,
  'my-rbac-rules.yaml': role,
  'operator.yaml': fs.readFileSync(new URL('../../fixtures/manifests/operator.yaml', import.meta.url), 'utf8'),
  'rc.yaml':
    'apiVersion: v1\nkind: ReplicationController\nmetadata: {name: foo}\nspec: {selector: {a: b}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}\n',
  'app.properties': 'a=b\n',
  'app.env': 'A=b\n',
  'conf.d/a': 'b',
  id_rsa: 'key',
  'user.txt': 'user',
  'config.json': '{"auths":{}}',
  'value.b64': Buffer.from('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}').toString('base64'),
  '/home/config/production/kustomization.yaml': 'configMapGenerator: [{name: c, literals: [a=b]}]\n',
};

/** What examples work on. */
const OBJECTS = [
  'create deployment nginx --image=nginx --save-config',
  'create deployment registry --image=registry',
  'create deployment nginx-deployment --image=nginx',
  'create deployment foo --image=x',
  'create deployment bar --image=x',
  'create namespace web',
  'create service clusterip registry --tcp=80',
  'create service clusterip my-svc --tcp=80',
  'create service clusterip nginx --tcp=80',
  'create service clusterip my-app --tcp=80',
  'create serviceaccount myapp',
  'run my-pod --image=x',
  'run nginx --image=x',
  'run my-app --image=x',
  'run frontend --image=x',
  'create configmap myconfigmap --from-literal=key1=a --from-literal=key2=b',
  'create secret generic mysecret --from-literal=A=b',
  'create deployment myapp --image=x',
  'create rolebinding admin --clusterrole=admin --user=u',
  'create clusterrolebinding admin --clusterrole=admin --user=u',
  'create cronjob a-cronjob --image=x --schedule=@daily',
];
const NODES = ['foo', 'my-node', 'k8s-node-1'].map(
  (name) => `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}, labels: {myLabel: X}}\n`,
);

/** What has to be done before some examples. */
const BEFORE: readonly (readonly [line: RegExp, command: string])[] = [
  [/create rolebinding admin /, 'delete rolebinding admin'],
  [/kubectl run nginx/, 'delete pod nginx --now'],
  [/rollout resume/, 'rollout pause deployment/nginx'],
  [/taint nodes foo dedicated(?::NoSchedule)?-$/, 'taint nodes foo dedicated=x:NoSchedule'],
  [/last-applied -f deploy.yaml/, 'apply -f deploy.yaml'],
  [/(?:delete|replace|describe|diff) -f .*pod\./, 'create -f pod.yaml'],
  [/delete .*operator.yaml/, 'apply --waves -f operator.yaml'],
  [/autoscale rc foo|expose rc/, 'create -f rc.yaml'],
  [/my-config/, 'create configmap my-config --from-literal=key1=a --from-literal=key2=b'],
];
/** They make what is there after BEFORE, or want it otherwise. */
const NOT_BEFORE = /create configmap my-config|apply --prune/;

/** Examples that end otherwise than well on this store, and how: nobody could tell them from wrong ones otherwise. */
const ENDS: readonly (readonly [line: RegExp, errors: RegExp])[] = [
  [
    /\babc\b|\bmyjob\b|csr-sqgzp|deployment\/mysql|rs\/foo|expose rc (?:nginx|streamer)|service\/loadbalancer/,
    /\(NotFound\)/,
  ],
  [/-f foo.yaml/, /\(NotFound\)/],
  [/busybox=busybox/, /unable to find container named "busybox"/],
  [/deployments,rc nginx=/, /unable to find container named "nginx"/],
  [/kubectl diff\b|kubectl etcd diff configmap/, /^$/],
  [/can-i list pods --as/, /^$/],
  [/--if-revision=42/, /not 42/],
  [/kubectl run -i -t /, /there is no kubelet/],
  [/kubectl plugin list/, /unable to find any/],
  [/kubectl etcd get .*pods\/default\/my-pod -o raw/, /^$/],
];

async function examples(rows: readonly CommandRow[], parents: readonly string[] = []): Promise<string[]> {
  const all: string[] = [];
  for (const row of rows) {
    const words = [...parents, row.name];
    const { command } = await findCommand(words, commandTable);
    all.push(...(command?.examples ?? []).map((example) => example.command));
    all.push(...(await examples(row.children ?? [], words)));
  }
  return all;
}

const lines = [...new Set(await examples(commandTable))];
const here = lines.filter((line) => !ELSEWHERE.some(([pattern]) => pattern.test(line)));

function placed(word: string): string {
  return word.replace(/(^|=)(?:\.\/)?([\w./-]+)$/, (whole, before: string, name: string) => {
    const known = name in FILES || Object.keys(FILES).some((file) => file.startsWith(`${name}/`));
    return known ? `${before}${path.join(folder, 'files', name)}` : whole;
  });
}

describe('examples of help', () => {
  const base = path.join(folder, 'base');
  beforeAll(async () => {
    for (const [name, text] of Object.entries(FILES)) {
      const file = path.join(folder, 'files', name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    for (const line of OBJECTS) {
      expect((await run(line.split(' '), { env: { KUBE_LITE_DATA_DIR: base } })).errors, line).toBe('');
    }
    const input = NODES.join('---\n');
    expect((await run(['create', '-f', '-'], { env: { KUBE_LITE_DATA_DIR: base }, input })).errors).toBe('');
  });

  it('are all run, but those that cannot be here', () => {
    expect(here.length).toBeGreaterThan(150);
    const unused = ELSEWHERE.filter(([pattern]) => !lines.some((line) => pattern.test(line)));
    expect(unused.map(([pattern, reason]) => `${pattern.source}: ${reason}`)).toEqual([]);
  });

  it.each(here.map((line, index) => ({ line, index })))('$line', async ({ line, index }) => {
    const own = path.join(folder, String(index));
    fs.cpSync(base, own, { recursive: true });
    const [piped = '', call = ''] = /^(?:(.*?) \| )?(?:\w+="?\w+"? )?kubectl (.*)$/s.exec(line)?.slice(1) ?? [];
    const words = shellWords(call).map(placed);
    const input = piped.startsWith('cat ') ? (FILES[piped.slice(4)] ?? '') : 'input';
    const env = {
      KUBE_LITE_DATA_DIR: own,
      KUBE_LITE_EXIT_CODES: 'detailed',
      KUBE_EDITOR: 'true',
      DB_USER: 'u',
      DB_PASSWORD: 'p',
      PATH: '/usr/bin:/bin',
    };
    for (const [pattern, command] of BEFORE) {
      if (!pattern.test(line) || NOT_BEFORE.test(line)) continue;
      expect((await run(shellWords(command).map(placed), { env })).errors, command).toBe('');
    }
    const { status, output, errors } = await run(words, { env, input });
    const end = ENDS.find(([pattern]) => pattern.test(line));
    const expected =
      end === undefined ? { status: 0, errors: '' } : { errors: expect.stringMatching(end[1]) as string };
    // What is said on standard error besides is no error.
    expect({ status, errors: end === undefined && status === 0 ? '' : errors }, output).toMatchObject(expected);
    fs.rmSync(own, { recursive: true, force: true });
  });
});
