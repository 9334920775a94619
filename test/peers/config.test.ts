import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlBinary } from './kubectl-binary.ts';
import { QUICK_GO } from './run-kubectl.ts';

const main = new URL('../../bin/kube-lite.js', import.meta.url).pathname;
let root: string;
let kubectl: string;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'config-'));
  kubectl = await kubectlBinary();
}, 60_000);
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** Runs steps in a fresh folder of the same name; resolves with all that each printed, and with the files it left. */
function run(program: string, steps: readonly string[]): string[] {
  const work = path.join(root, 'work');
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(path.join(work, 'bin'), { recursive: true });
  fs.symlinkSync(program, path.join(work, 'bin/kubectl'));
  fs.mkdirSync(path.join(work, 'home'));
  const show = `find . -type f | sort | while read -r f; do echo "[$f $(stat -c %a "$f")]"; cat "$f"; done`;
  const script = steps.map((step) => `echo '\u0001'; (${step}) 2>&1; echo "status $?"; ${show}`).join('\n');
  const env = {
    ...QUICK_GO,
    PATH: `${work}/bin:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: path.join(work, 'home'),
    LC_ALL: 'C.UTF-8',
  };
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: path.join(work, 'home'), env });
  return stdout.split('\u0001\n').slice(1);
}

function compare(steps: readonly string[]): void {
  const expected = run(kubectl, steps);
  const actual = run(main, steps);
  expect(expected).toHaveLength(steps.length);
  const shown = (outputs: readonly string[]): string[] =>
    steps.map((step, index) => `$ ${step}\n${outputs[index] ?? ''}`);
  expect(shown(actual)).toEqual(shown(expected));
}

describe('config, beside kubectl', { timeout: 120_000 }, () => {
  it('makes, changes, shows and deletes entries', () => {
    compare([
      'kubectl config view',
      'kubectl config set-cluster c1 --server=https://1.2.3.4:6443 --insecure-skip-tls-verify',
      'kubectl config set-credentials u1 --token=abc',
      'kubectl config set-context x1 --cluster=c1 --user=u1 --namespace=team',
      'kubectl config set-context x1 -n other',
      'kubectl config use x1',
      'kubectl config get-contexts x1 nope nope2',
      'kubectl config get-contexts --no-headers',
      'kubectl config get-contexts -o json',
      'kubectl config view -o json',
      'kubectl config view -o kyaml --raw',
      'kubectl config view -o name',
      'kubectl config view --minify --context nope',
      'kubectl config view --merge=false',
      'kubectl config set-context --current -n x',
      'kubectl config set-context',
      'kubectl config set-context a --current',
      "kubectl config set-cluster ''",
      'kubectl config rename-context x1 x2',
      'kubectl config rename-context x2 x2',
      'kubectl config delete-user',
      'kubectl config delete-context x2',
      'kubectl config delete-context x2',
      'kubectl config delete-cluster c1',
      'kubectl config current-context',
    ]);
  });

  it('sets and unsets properties', () => {
    compare([
      'kubectl config set clusters.a.b.c.server http://x',
      'kubectl config set clusters.a.b.c.insecure-skip-tls-verify maybe',
      'kubectl config set clusters.a.b.c.insecure-skip-tls-verify true',
      'kubectl config set clusters.c1.certificate-authority-data "!!"',
      'kubectl config set clusters.c1.certificate-authority-data YWJj',
      'kubectl config set clusters.c1.certificate-authority-data YWJj --set-raw-bytes',
      'kubectl config set users.u1.exec.command x',
      'kubectl config set users.u1.act-as x',
      'kubectl config set users.u1.act-as-groups x',
      'kubectl config set nope.x third',
      'kubectl config set current-context.x zz',
      'kubectl config set preferences.colors true',
      'kubectl config unset preferences',
      'kubectl config set x ""',
      'kubectl config unset clusters.nope',
      'kubectl config unset clusters.nope.server',
      'kubectl config unset clusters.c1.nope',
      'kubectl config unset clusters.c1.certificate-authority-data',
      'kubectl config unset clusters',
    ]);
  });

  it('keeps certificates and credentials', () => {
    compare([
      'echo cert > ca.crt; echo key > k.pem; mkdir .kube; echo x > .kube/y',
      'kubectl config set-cluster c --certificate-authority=ca.crt',
      'kubectl config set-cluster c --certificate-authority=.kube/y',
      'kubectl config set-cluster c --certificate-authority=ca.crt --embed-certs',
      'kubectl config set-cluster c --certificate-authority=nope --embed-certs',
      'kubectl config set-cluster c --embed-certs',
      'kubectl config set-cluster c --certificate-authority=ca.crt --insecure-skip-tls-verify',
      'kubectl config set-cluster c --insecure-skip-tls-verify',
      'kubectl config set-cluster c --tls-server-name=foo --proxy-url=http://p',
      'kubectl config set-cluster c --server=http://x',
      'kubectl config set-credentials u --client-certificate=ca.crt --client-key=k.pem',
      'kubectl config view --flatten',
      'kubectl config set-credentials u --client-certificate=ca.crt --client-key=k.pem --embed-certs=true',
      'kubectl config view',
      'kubectl config set-credentials u --username=a --password=b',
      'kubectl config set-credentials u --username=a --token=b',
      'kubectl config set-credentials u --token=b',
      'kubectl config set-credentials u --auth-provider=oidc --auth-provider-arg=client-id=foo,x=y',
      'kubectl config set-credentials u --auth-provider-arg=x-',
      'kubectl config set-credentials u --exec-command=./y --exec-api-version=v --exec-arg=a,b --exec-env=k=v',
      'kubectl config set-credentials u --exec-env=k- --exec-env=k2=v3 --exec-interactive-mode=Never --exec-provide-cluster-info',
      'kubectl config set-credentials u --exec-command=y --exec-interactive-mode=Nope',
    ]);
  });

  it('reads and writes several files, and refuses what is none', () => {
    compare([
      'KUBECONFIG=k1:k2 kubectl config set-cluster a --server=1',
      'touch k1; KUBECONFIG=k1:k2 kubectl config set-cluster b --server=1',
      'KUBECONFIG=k1:k2 kubectl config set-cluster a --server=2',
      'KUBECONFIG=k1:k2 kubectl config set-context x --cluster=a',
      'KUBECONFIG=k2:k1 kubectl config use-context x',
      'KUBECONFIG=k1:k2 kubectl config rename-context x y',
      'KUBECONFIG=k1:k2 kubectl config unset current-context',
      'KUBECONFIG=k1:k2 kubectl config delete-cluster a',
      'kubectl config view --kubeconfig nope',
      'echo "a: b: c" > k3; KUBECONFIG=k1:k3 kubectl config view',
      'cp k3 k4; KUBECONFIG=k3:k4 kubectl config view',
      'echo "clusters: x" > k3; KUBECONFIG=k3 kubectl config use-context x',
      'echo "users: [{name: u, user: {token: 1}}]" > k3; KUBECONFIG=k3 kubectl config view',
      'echo "users: [{name: u, user: {client-key-data: YW=}}]" > k3; KUBECONFIG=k3 kubectl config view',
      'echo "users: [{name: u, user: {exec: {command: 3}}}]" > k3; KUBECONFIG=k3 kubectl config view',
      'echo "kind: Foo" > k3; KUBECONFIG=k3 kubectl config view',
      'echo "[1]" > k3; KUBECONFIG=k3 kubectl config view',
    ]);
  });
});
