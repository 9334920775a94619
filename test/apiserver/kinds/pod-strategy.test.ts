import { describe, expect, it } from 'vitest';
import { imageTag } from '../../../src/apiserver/kinds/pod/image-tag.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { cluster, prepared, strategyOf } from './created.ts';

type Fields = Record<string, unknown>;

function pod(spec: Fields = {}, metadata: Fields = {}): KubeObject {
  const containers = [{ name: 'c', image: 'my-image' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', ...metadata },
    spec: { containers, ...spec },
  };
}

const specOf = (object: KubeObject) => object['spec'] as Fields;
const statusOf = (object: KubeObject) => object['status'] as Fields;
const strategy = await strategyOf({ apiVersion: 'v1', kind: 'Pod' });

describe('the tag of an image', () => {
  it.each([
    ['nginx', 'latest'],
    ['nginx:latest', 'latest'],
    ['nginx:1.27', '1.27'],
    ['registry.example.com:5000/team/app', 'latest'],
    ['registry.example.com:5000/team/app:v2', 'v2'],
    [`nginx@sha256:${'a'.repeat(64)}`, ''],
    [`nginx:1@sha256:${'a'.repeat(64)}`, '1'],
    ['Not_A_Reference', ''],
    ['', ''],
  ])('%s', (image, tag) => {
    expect(imageTag(image)).toBe(tag);
  });
});

describe('defaults of a pod', () => {
  it('request what is limited', async () => {
    const resources = { limits: { cpu: '0.5', memory: '64Mi' }, requests: { memory: '0.0001' } };
    const made = await prepared(pod({ containers: [{ name: 'c', image: 'x', resources }] }));
    const [container] = specOf(made)['containers'] as { resources: unknown }[];
    expect(container?.resources).toEqual({
      limits: { cpu: '500m', memory: '64Mi' },
      requests: { cpu: '500m', memory: '1m' },
    });
  });

  it('take the ports of the host when they have its network', async () => {
    const made = await prepared(
      pod({ hostNetwork: true, containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }] }] }),
    );
    expect(specOf(made)['containers']).toMatchObject([
      { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] },
    ]);
  });

  it('fill probes, volumes and references', async () => {
    const made = await prepared(
      pod({
        serviceAccount: 'old-name',
        containers: [
          {
            name: 'c',
            image: 'x',
            livenessProbe: { httpGet: { port: 80 } },
            readinessProbe: { grpc: { port: 1 } },
            env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          },
        ],
        volumes: [{ name: 'a' }, { name: 'b', secret: { secretName: 's' } }, { name: 'd', hostPath: { path: '/x' } }],
      }),
    );
    expect(specOf(made)).toMatchObject({
      serviceAccountName: 'old-name',
      serviceAccount: 'old-name',
      containers: [
        {
          livenessProbe: { httpGet: { path: '/', port: 80, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 },
          readinessProbe: { grpc: { port: 1, service: '' }, successThreshold: 1, failureThreshold: 3 },
          env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
        },
      ],
      volumes: [{ emptyDir: {} }, { secret: { defaultMode: 420 } }, { hostPath: { path: '/x', type: '' } }],
    });
  });
});

describe('the class of a pod', () => {
  const both = { cpu: '1', memory: '1Gi' };
  it.each([
    ['nothing', {}, 'BestEffort'],
    ['limits alone', { limits: both }, 'Guaranteed'],
    ['equal ones, written otherwise', { limits: both, requests: { cpu: '1000m', memory: '1024Mi' } }, 'Guaranteed'],
    ['smaller requests', { limits: both, requests: { cpu: '500m', memory: '1Gi' } }, 'Burstable'],
    ['one resource', { limits: { cpu: '1' } }, 'Burstable'],
    ['others only', { limits: { 'ephemeral-storage': '1Gi' } }, 'BestEffort'],
  ])('with %s', async (_what, resources, qosClass) => {
    const made = await prepared(pod({ containers: [{ name: 'c', image: 'x', resources }] }));
    expect(statusOf(made)['qosClass']).toBe(qosClass);
  });
});

describe('admission of a pod', () => {
  const priorityClass = (name: string, value: number, more: Fields = {}): KubeObject => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...more,
  });
  const classes = {
    'priorityclasses.scheduling.k8s.io': [
      priorityClass('high', 1000, { preemptionPolicy: 'Never' }),
      priorityClass('usual', 10, { globalDefault: true }),
    ],
  };

  it('finds its priority', async () => {
    expect(specOf(await prepared(pod({ priorityClassName: 'high' }), cluster(classes)))).toMatchObject({
      priority: 1000,
      preemptionPolicy: 'Never',
    });
    expect(specOf(await prepared(pod(), cluster(classes)))).toMatchObject({ priority: 10, priorityClassName: 'usual' });
    expect(specOf(await prepared(pod({ priorityClassName: 'system-node-critical' })))['priority']).toBe(2_000_001_000);
  });

  it('refuses a class that is not there, and another number', async () => {
    await expect(prepared(pod({ priorityClassName: 'none' }))).rejects.toMatchObject({
      status: { reason: 'Forbidden', message: 'pods "p" is forbidden: no PriorityClass with name none was found' },
    });
    await expect(prepared(pod({ priority: 7 }))).rejects.toMatchObject({
      status: {
        message:
          'pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
      },
    });
  });

  it('takes what its runtime class says', async () => {
    const runtime: KubeObject = {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'kata' },
      handler: 'kata',
      overhead: { podFixed: { cpu: '250m' } },
      scheduling: { nodeSelector: { kata: 'yes' } },
    };
    const context = cluster({ 'runtimeclasses.node.k8s.io': [runtime] });
    expect(specOf(await prepared(pod({ runtimeClassName: 'kata' }), context))).toMatchObject({
      overhead: { cpu: '250m' },
      nodeSelector: { kata: 'yes' },
    });
    await expect(prepared(pod({ runtimeClassName: 'other' }), context)).rejects.toMatchObject({
      status: { message: 'pods "p" is forbidden: pod rejected: RuntimeClass "other" not found' },
    });
  });

  it('adds the tolerations that are missing', async () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
    const made = specOf(await prepared(pod({ tolerations: [own] })));
    expect(made['tolerations']).toEqual([
      own,
      { ...own, key: 'node.kubernetes.io/unreachable', tolerationSeconds: 300 },
    ]);
    const all = [{ operator: 'Exists' }];
    expect(specOf(await prepared(pod({ tolerations: all })))['tolerations']).toEqual(all);
  });
});

describe('the grace of a deletion', () => {
  const node = { nodeName: 'n' };
  it.each([
    { what: 'nobody runs', spec: {}, phase: 'Pending', seconds: 0 },
    { what: 'a node runs', spec: node, phase: 'Running', seconds: 30 },
    { what: 'a node runs, and the client asks', spec: node, phase: 'Running', requested: 5, seconds: 5 },
    { what: 'has ended', spec: node, phase: 'Succeeded', requested: 5, seconds: 0 },
    {
      what: 'has a negative period',
      spec: { ...node, terminationGracePeriodSeconds: -7 },
      phase: 'Running',
      seconds: 1,
    },
  ])('of a pod that $what', async ({ spec, phase, requested, seconds }) => {
    const made = { ...(await prepared(pod(spec))), status: { phase } };
    expect(strategy.gracePeriod?.(made, requested)).toBe(seconds);
  });
});

describe('warnings', () => {
  it('tell what is odd about a new pod', async () => {
    const made = await prepared(
      pod(
        {
          nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
          volumes: [{ name: 'v', gitRepo: { repository: 'r' } }],
          containers: [
            {
              name: 'c',
              image: 'x',
              env: [
                { name: 'A', value: '1' },
                { name: 'A', value: '2' },
              ],
              ports: [{ containerPort: 80 }, { containerPort: 80 }],
              resources: { requests: { memory: '500m' } },
            },
          ],
        },
        { name: 'has.dot' },
      ),
    );
    expect(strategy.warnings?.(made, undefined)).toEqual([
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
      'spec.containers[0].resources.requests[memory]: fractional byte value "500m" is invalid, must be an integer',
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
      'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
    ]);
    expect(strategy.warnings?.(made, made)).toEqual([]);
  });
});

describe('field selectors', () => {
  it('have the values that the server indexes', async () => {
    const made = await prepared(pod({ nodeName: 'n1' }));
    const values = Object.fromEntries(
      Object.entries(strategy.selectableFields ?? {}).map(([field, value]) => [field, value(made)]),
    );
    expect(values).toEqual({
      'spec.nodeName': 'n1',
      'spec.restartPolicy': 'Always',
      'spec.schedulerName': 'default-scheduler',
      'spec.serviceAccountName': '',
      'spec.hostNetwork': 'false',
      'status.phase': 'Pending',
      'status.podIP': '',
      'status.podIPs': '',
      'status.nominatedNodeName': '',
    });
  });

  it.each([
    ['v1', 'Secret', ['type']],
    ['v1', 'Namespace', ['status.phase']],
    ['v1', 'Service', ['spec.clusterIP', 'spec.type']],
    ['v1', 'Node', ['spec.unschedulable']],
    ['v1', 'ReplicationController', ['status.replicas']],
    ['batch/v1', 'Job', ['status.successful']],
    ['certificates.k8s.io/v1', 'CertificateSigningRequest', ['spec.signerName']],
    ['apps/v1', 'ReplicaSet', []],
    ['v1', 'ConfigMap', []],
  ])('%s %s', async (apiVersion, kind, fields) => {
    expect(Object.keys((await strategyOf({ apiVersion, kind })).selectableFields ?? {})).toEqual(fields);
  });
});
