import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const recorder = fileURLToPath(new URL('record-run.cjs', import.meta.url));

const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata: {name: recorded}
data: {key: value}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: recorded}
spec:
  selector: {matchLabels: {app: recorded}}
  template: {metadata: {labels: {app: recorded}}, spec: {containers: [{name: main, image: example}]}}
`;

/** What people and scripts do most, on one store after the other. */
const OBJECT_COMMANDS = [
  'create configmap one --from-literal=key=value',
  'get configmap one -o json',
  'get configmaps,deployments',
  'apply -f manifest.yaml',
  'apply -f manifest.yaml',
  'get configmap recorded -o yaml',
  'label configmap recorded a=b',
  'patch configmap recorded -p {"data":{"key":"other"}}',
  'describe configmap recorded',
  'replace -f manifest.yaml',
  'delete -f manifest.yaml',
  'create -f manifest.yaml',
  'delete -f manifest.yaml',
];

const COMMANDS = ['version --client', '--help', 'create --help', '__complete get con', 'completion bash'];

/**
 * Leaves V8's compiled code beside the chunks of a built program, by running common commands in a folder of its own. What
 * fails is left without: the program then compiles it each time.
 */
export async function recordCodeCache(folder) {
  const main = path.join(folder, 'main.cjs');
  const home = mkdtempSync(path.join(os.tmpdir(), 'kube-lite-build-'));
  writeFileSync(path.join(home, 'manifest.yaml'), MANIFEST);
  const setting = { cwd: home, env: { PATH: process.env.PATH, HOME: home } };
  const run = (command) =>
    spawnSync(process.execPath, [recorder, main, ...command.split(' ')], {
      ...setting,
      stdio: 'ignore',
      timeout: 60_000,
    });
  try {
    for (const command of [...COMMANDS, ...OBJECT_COMMANDS.map((each) => `${each} --data-dir=store`)]) run(command);
    run('get configmaps --etcd-endpoints=127.0.0.1:1');
    const server = spawn(
      process.execPath,
      [recorder, main, 'serve', '--port=0', '--data-dir=store', '--write-kubeconfig=kubeconfig'],
      { ...setting, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ended = new Promise((resolve) => server.once('close', resolve));
    const started = new Promise((resolve) => server.stderr.on('data', (said) => /KUBECONFIG=/.test(said) && resolve()));
    await Promise.race([started, ended]);
    for (const command of OBJECT_COMMANDS) run(`${command} --kubeconfig=kubeconfig`);
    server.kill('SIGTERM');
    await ended;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
