import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { KubeletComparison } from './kubelet-comparison.ts';
import { node, pod } from './kubelet-objects.ts';

const METRICS = 'metrics.k8s.io/v1beta1';
const podMetrics = (namespace: string, name: string, usages: Record<string, object>): KubeObject => ({
  apiVersion: METRICS,
  kind: 'PodMetrics',
  metadata: { name, namespace, labels: { app: name } },
  timestamp: '2026-01-02T03:04:05Z',
  window: '30s',
  containers: Object.entries(usages).map(([container, usage]) => ({ name: container, usage })),
});
const nodeMetrics = (name: string, cpu: string, memory: string): KubeObject => ({
  apiVersion: METRICS,
  kind: 'NodeMetrics',
  metadata: { name, labels: { zone: name } },
  timestamp: '2026-01-02T03:04:05Z',
  window: '30s',
  usage: { cpu, memory },
});

let both: KubeletComparison;
beforeAll(async () => {
  both = await KubeletComparison.start();
  both.server.objects = [
    node('node-1', '4', '16Gi', { zone: 'node-1' }),
    node('node-2', '1930m', '7134112Ki', { zone: 'node-2' }),
    node('silent', '2', '4Gi'),
    nodeMetrics('node-2', '250000001n', '3Gi'),
    nodeMetrics('node-1', '1500m', '8388608Ki'),
    podMetrics('default', 'web', {
      sidecar: { cpu: '1m', memory: '500Ki' },
      app: { cpu: '1234567890n', memory: '123456789' },
    }),
    podMetrics('default', 'api', { app: { cpu: '100m', memory: '64Mi' } }),
    podMetrics('other', 'aaa', { main: { cpu: '5u', memory: '1Gi', swap: '32Mi' } }),
    pod('old'),
  ];
}, 60_000);
afterAll(async () => both[Symbol.asyncDispose]());

async function same(line: string): Promise<void> {
  const args = line.split(' ');
  const theirs = await both.kubectl(args);
  const ours = await both.kubeLite(args);
  const masked = (text: string): string => text.replace(/age: .*/, 'age: AGE');
  expect({ ...ours, stderr: masked(ours.stderr) }).toEqual({ ...theirs, stderr: masked(theirs.stderr) });
}

const LINES = [
  'top pod',
  'top pods -A',
  'top po --containers',
  'top pod -A --containers',
  'top pod -A --containers --no-headers',
  'top pod --sort-by=cpu',
  'top pod -A --sort-by=memory',
  'top pod --containers --sort-by=cpu',
  'top pod --sort-by=name',
  'top pod --sum',
  'top pod -A --sum',
  'top pod --containers --sum -A',
  'top pod --sum --no-headers',
  'top pod -A --show-swap',
  'top pod web',
  'top pod nope',
  'top pod web -l a=b',
  'top pod web api',
  'top pod -l app=web',
  'top pod -l app=none',
  'top pod -l !!',
  'top pod -n empty',
  'top pod --use-protocol-buffers=false',
  'top node node-1',
  'top nodes node-1 --no-headers',
  'top node nope',
  'top node -l zone=node-2',
  'top node -l zone=none',
  'top node node-1 --show-capacity',
  'top node node-1 --show-swap',
  'top node -l zone=node-1 --sort-by=memory',
  'top node a b',
  'top node a -l x=y',
  'top node --sort-by=x',
  'top node',
  'top node --sort-by=cpu',
];

describe('top, as the real kubectl prints it', () => {
  it.each(LINES)('%s', async (line) => same(line));

  it('says when there are no metrics', async () => {
    both.server.hasMetrics = false;
    try {
      await same('top pod');
      await same('top node');
      expect((await both.kubeLite(['top', 'pod'])).stderr).toBe('error: Metrics API not available\n');
    } finally {
      both.server.hasMetrics = true;
    }
  });

  it('says when there are none of a pod that has long been there', async () => {
    const { objects } = both.server;
    both.server.objects = [pod('old')];
    try {
      await same('top pod');
    } finally {
      both.server.objects = objects;
    }
  });
});
