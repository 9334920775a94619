import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../transcripts/columns.ts';
import { kubectlBinary } from './kubectl-binary.ts';
import { QUICK_GO } from './run-kubectl.ts';

const main = new URL('../../bin/kube-lite.js', import.meta.url).pathname;

const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A widget.',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: {
                    type: 'integer',
                    description: `How large it is. ${'A text that is longer than a line must be wrapped. '.repeat(3)}`,
                  },
                  color: { type: 'string', enum: ['red', 'green', 'blue', 'black', 'white'] },
                  parts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
                  sizes: { type: 'object', additionalProperties: { type: 'integer' } },
                },
              },
            },
          },
        },
      },
    ],
  },
};

function event(name: string, more: Record<string, unknown>): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default' },
    reason: 'Tried',
    type: 'Normal',
    ...more,
  };
}

const EVENTS = [
  event('first', {
    involvedObject: { kind: 'Pod', name: 'p', apiVersion: 'v1', namespace: 'default' },
    message: 'hello\n',
    firstTimestamp: '2020-01-01T00:00:00Z',
    lastTimestamp: '2021-01-01T00:00:00Z',
    count: 5,
  }),
  event('second', {
    involvedObject: { kind: 'Pod', name: 'q', apiVersion: 'v1', namespace: 'default' },
    type: 'Warning',
    message: 'bad',
    firstTimestamp: '2019-01-01T00:00:00Z',
    lastTimestamp: '2019-01-01T00:00:00Z',
    count: 1,
  }),
  event('third', {
    involvedObject: { kind: 'Deployment', name: 'q', apiVersion: 'apps/v1', namespace: 'default' },
    eventTime: '2018-01-01T00:00:00.000000Z',
    reportingComponent: 'a',
    reportingInstance: 'b',
    action: 'c',
    series: { count: 3, lastObservedTime: '2018-06-01T00:00:00.000000Z' },
  }),
];

let root: string;
let served: { kubeconfig: string; stop(): Promise<void> };
let kubectl: string;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'discovery-'));
  [served, kubectl] = await Promise.all([startServe(root), kubectlBinary()]);
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [WIDGETS, ...EVENTS] });
  const { status, stderr } = spawnSync(process.execPath, [main, 'create', '-f', '-'], {
    input,
    encoding: 'utf8',
    env: { KUBECONFIG: served.kubeconfig },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 60_000);
afterAll(async () => {
  await served.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

/** What a program, called kubectl, prints for each of the steps. */
async function run(program: string, env: Record<string, string>, steps: readonly string[]): Promise<string[]> {
  const bin = fs.mkdtempSync(path.join(root, 'bin-'));
  fs.symlinkSync(program, path.join(bin, 'kubectl'));
  const script = steps.map((step) => `echo '\u0001'; (${step}) 2>&1; echo "status $?"`).join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    encoding: 'utf8',
    cwd: bin,
    env: {
      PATH: `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: bin,
      LC_ALL: 'C.UTF-8',
      ...QUICK_GO,
      ...env,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\u0001\n')
    .slice(1)
    .map((text, index) => `$ ${steps[index] ?? ''}\n${text}`);
}

async function compare(steps: readonly string[]): Promise<void> {
  const api = { KUBECONFIG: served.kubeconfig };
  const local = { KUBE_LITE_DATA_DIR: path.join(root, 'store') };
  const [expected, onApi, onLocal] = await Promise.all([
    run(kubectl, api, steps),
    run(main, api, steps),
    run(main, local, steps),
  ]);
  expect(expected).toHaveLength(steps.length);
  expect(onApi).toEqual(expected);
  expect(onLocal).toEqual(expected);
}

describe('what a server has, beside kubectl', { timeout: 120_000 }, () => {
  it('api-resources and api-versions', async () => {
    await compare([
      'kubectl api-resources',
      'kubectl api-resources -o wide',
      'kubectl api-resources -o name',
      'kubectl api-resources -o json',
      'kubectl api-resources -o yaml',
      'kubectl api-resources -o kyaml --api-group=apps',
      'kubectl api-resources x',
      'kubectl api-resources --sort-by=x',
      'kubectl api-resources --sort-by=kind --no-headers',
      'kubectl api-resources --sort-by=name',
      'kubectl api-resources -o x',
      'kubectl api-resources --api-group=nope',
      'kubectl api-resources --api-group=nope -o json',
      'kubectl api-resources --categories=all --verbs=list,get',
      'kubectl api-versions',
      'kubectl api-versions x',
    ]);
  });

  it('explain', async () => {
    await compare([
      'kubectl explain',
      'kubectl explain a b',
      'kubectl explain nonsense',
      'kubectl explain nope.apps',
      'kubectl explain pods.spec.nonsense',
      'kubectl explain pods.nonsense.x',
      'kubectl explain cm',
      'kubectl explain cm.data',
      'kubectl explain wd.spec',
      'kubectl explain wd.spec.size',
      'kubectl explain wd.spec.color',
      'kubectl explain wd.spec.parts.name',
      'kubectl explain wd --recursive',
      'kubectl explain pods --recursive',
      'kubectl explain crd --recursive',
      'kubectl explain deployments.apps.spec.strategy',
      'kubectl explain deploy --api-version=apps/v2',
      'kubectl explain deploy --api-version=x/y/z',
      'kubectl explain pods --api-version=apps/v1',
      'kubectl explain hpa --api-version=autoscaling/v1',
      "kubectl explain 'pods.spec.containers[0]'",
      "kubectl explain 'pods.spec.containers[0]' --api-version=v1",
      "kubectl explain '[0]'",
      "kubectl explain ''",
      'kubectl explain pods.',
      'kubectl explain pods..spec',
      'kubectl explain Pod',
      'kubectl explain events.events.k8s.io.reason',
      'kubectl explain svc.spec.ports.targetPort',
      'kubectl explain pod.spec.containers.resources.limits',
      'kubectl explain crd.spec.versions.schema.openAPIV3Schema.properties',
      'kubectl explain pods -o x',
    ]);
  });

  it('events', async () => {
    await compare([
      'kubectl events',
      'kubectl events --for pod/p',
      'kubectl events --for Pod/q',
      'kubectl events --for deploy/q',
      'kubectl events --for q',
      'kubectl events --for a/b/c',
      'kubectl events --for nope/x',
      'kubectl events --types=warning',
      'kubectl events --types=x',
      'kubectl events -A',
      'kubectl events -n kube-system',
      'kubectl events -A --for pod/zz',
      'kubectl events --no-headers',
      'kubectl events -o json',
      'kubectl events -o yaml',
      "kubectl events -o jsonpath='{.items[*].metadata.name}'",
      'kubectl events -o wide',
    ]);
  });

  it('cluster-info dump', async () => {
    await compare([
      'kubectl cluster-info dump',
      'kubectl cluster-info dump -o yaml -A',
      'kubectl cluster-info dump --output-directory=out --namespaces=default; find out -type f | sort; cat out/default/*',
    ]);
  });

  it('cluster-info says where the server is', async () => {
    const env = { KUBECONFIG: served.kubeconfig };
    expect(await run(main, env, ['kubectl cluster-info'])).toEqual(await run(kubectl, env, ['kubectl cluster-info']));
  });
});
