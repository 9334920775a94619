import type { KubeObject } from '../../src/model/kube-object.ts';

interface PodWishes {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly containers?: readonly string[];
  readonly spec?: object;
  readonly status?: object;
}

/** A pod of the namespace default that runs on a node. */
export function pod(
  name: string,
  { labels = {}, annotations = {}, containers = ['main'], spec, status }: PodWishes = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion: '5',
      creationTimestamp: '2026-01-02T03:04:05Z',
      labels,
      annotations,
    },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      securityContext: {},
      containers: containers.map((each) => ({ name: each, image: `${each}:1` })),
      ...spec,
    },
    status: { phase: 'Running', ...status },
  };
}

/** A deployment, job or service with a selector. */
export function workload(apiVersion: string, kind: string, name: string, spec: object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'default', uid: `uid-${name}` }, spec };
}

/** A node with this much to give. */
export function node(name: string, cpu: string, memory: string, labels: Record<string, string> = {}): KubeObject {
  const amounts = { cpu, memory };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}`, labels },
    spec: {},
    status: { allocatable: amounts, capacity: { cpu: '16', memory: '64Gi' }, nodeInfo: {} },
  };
}
