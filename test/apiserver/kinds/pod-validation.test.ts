import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { createErrors, prepared, updateErrors } from './created.ts';

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function pod(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', ...metadata }, spec };
}

/** A pod with one container that has some fields more. */
function withContainer(fields: Record<string, unknown>, spec: Record<string, unknown> = {}): KubeObject {
  return pod({ containers: [{ name: 'c', image: 'x', ...fields }], ...spec });
}

const C = 'spec.containers[0]';

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  ['a right pod', withContainer({}), []],
  ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
  [
    'many faults at once, as recorded',
    pod({
      restartPolicy: 'Sometimes',
      containers: [
        { name: 'Bad_Name', image: '' },
        { name: 'c', image: 'x', ports: [{ containerPort: 99999 }] },
        { name: 'c', image: 'x', resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
        { name: 'd', image: 'x', volumeMounts: [{ name: 'none', mountPath: '/x' }] },
      ],
    }),
    [
      `spec.containers[0].name: Invalid value: "Bad_Name": ${LABEL}`,
      'spec.containers[0].image: Required value',
      'spec.containers[1].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive',
      'spec.containers[2].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      'spec.containers[2].name: Duplicate value: "c"',
      'spec.containers[3].volumeMounts[0].name: Not found: "none"',
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
  ],
  [
    'names of containers',
    pod({ containers: [{ image: 'x' }, { name: 'a.b', image: 'x' }] }),
    ['spec.containers[0].name: Required value', 'spec.containers[1].name: Invalid value: "a.b": must not contain dots'],
  ],
  [
    'space around an image',
    withContainer({ image: ' x ' }),
    [`${C}.image: Invalid value: " x ": must not have leading or trailing whitespace`],
  ],
  [
    'ports',
    withContainer({
      ports: [
        { name: 'web', containerPort: 80 },
        { name: 'web', containerPort: 81 },
        { name: 'Has-Upper', containerPort: 0, protocol: 'HTTP', hostPort: 70000 },
      ],
    }),
    [
      `${C}.ports[1].name: Duplicate value: "web"`,
      `${C}.ports[2].name: Invalid value: "Has-Upper": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
      `${C}.ports[2].containerPort: Required value`,
      `${C}.ports[2].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
      `${C}.ports[2].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"`,
    ],
  ],
  [
    'host ports that clash',
    pod({
      containers: [
        { name: 'a', image: 'x', ports: [{ containerPort: 80, hostPort: 80 }] },
        { name: 'b', image: 'x', ports: [{ containerPort: 80, hostPort: 80 }] },
      ],
    }),
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'variables',
    withContainer({
      env: [
        { name: '' },
        { name: 'a=b' },
        { name: 'A', valueFrom: {} },
        { name: 'B', value: 'x', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } },
        { name: 'D', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } },
        { name: 'E', valueFrom: { fieldRef: { fieldPath: 'spec.nothing' } } },
        { name: 'F', valueFrom: { secretKeyRef: { name: 's', key: '' } } },
        { name: 'G', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } },
        { name: 'H', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      ],
    }),
    [
      `${C}.env[0].name: Required value`,
      `${C}.env[1].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      `${C}.env[2].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\`, \`secretKeyRef\` or \`fileKeyRef\``,
      `${C}.env[3].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
      `${C}.env[4].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
      `${C}.env[5].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nothing": error converting fieldPath: field label not supported: spec.nothing`,
      `${C}.env[6].valueFrom.secretKeyRef.key: Required value`,
      `${C}.env[7].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`,
    ],
  ],
  [
    'sources of variables',
    withContainer({ envFrom: [{}, { configMapRef: {} }, { configMapRef: { name: 'a' }, secretRef: { name: 'b' } }] }),
    [
      `${C}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
      `${C}.envFrom[1].configMapRef.name: Required value`,
      `${C}.envFrom: Invalid value: "": may not have more than one field specified at a time`,
    ],
  ],
  [
    'volumes',
    pod({
      containers: [{ name: 'c', image: 'x' }],
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'a', emptyDir: {} },
        { name: 'B', configMap: {} },
        { name: 'd', emptyDir: {}, secret: { secretName: 's' } },
        { name: 'e', hostPath: { path: '/a/../b', type: 'Odd' } },
        { name: 'f', configMap: { name: 'm', defaultMode: 4095, items: [{ key: 'k', path: '/abs' }] } },
        { name: 'g', nfs: { server: 's', path: 'relative' } },
      ],
    }),
    [
      'spec.volumes[1].name: Duplicate value: "a"',
      'spec.volumes[2].configMap.name: Required value',
      `spec.volumes[2].name: Invalid value: "B": ${LABEL}`,
      'spec.volumes[3].secret: Forbidden: may not specify more than 1 volume type',
      `spec.volumes[4].hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
      'spec.volumes[4].hostPath.type: Unsupported value: "Odd": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      'spec.volumes[5].configMap.defaultMode: Invalid value: 4095: must be a number between 0 and 0777 (octal), both inclusive',
      'spec.volumes[5].configMap.items[0].path: Invalid value: "/abs": must be a relative path',
      'spec.volumes[6].nfs.path: Invalid value: "relative": must be an absolute path',
    ],
  ],
  [
    'projected volumes',
    pod({
      serviceAccountName: 'sa',
      containers: [{ name: 'c', image: 'x' }],
      volumes: [
        {
          name: 'p',
          projected: {
            sources: [
              { configMap: { name: 'a', items: [{ key: 'k', path: 'same' }] } },
              { secret: { name: 'b', items: [{ key: 'k', path: 'same' }] } },
              { serviceAccountToken: { path: 'token', expirationSeconds: 60 } },
              { downwardAPI: { items: [{ path: 'labels' }] } },
            ],
          },
        },
      ],
    }),
    [
      'spec.volumes[0].projected: Invalid value: "b": conflicting duplicate paths',
      'spec.volumes[0].projected.sources[2].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
      'spec.volumes[0].projected.sources[3].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
    ],
  ],
  [
    'mounts and devices',
    pod({
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'w', persistentVolumeClaim: { claimName: 'claim' } },
      ],
      containers: [
        {
          name: 'c',
          image: 'x',
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a', subPath: '../b' },
            { name: 'w', mountPath: '' },
          ],
          volumeDevices: [
            { name: 'w', devicePath: '/dev/x' },
            { name: 'v', devicePath: '/dev/y' },
          ],
        },
      ],
    }),
    [
      `${C}.volumeMounts[0].name: Invalid value: "v": must not already exist in volumeDevices`,
      `${C}.volumeMounts[1].mountPath: Invalid value: "/a": must be unique`,
      `${C}.volumeMounts[1].name: Invalid value: "v": must not already exist in volumeDevices`,
      `${C}.volumeMounts.subPath: Invalid value: "../b": must not contain '..'`,
      `${C}.volumeMounts[2].mountPath: Required value`,
      `${C}.volumeMounts[2].name: Invalid value: "w": must not already exist in volumeDevices`,
      `${C}.volumeDevices[0].name: Invalid value: "w": must not already exist in volumeMounts`,
      `${C}.volumeDevices[1].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
      `${C}.volumeDevices[1].name: Invalid value: "v": must not already exist in volumeMounts`,
    ],
  ],
  [
    'probes and hooks',
    withContainer({
      livenessProbe: { httpGet: { port: 0, scheme: 'FTP' }, successThreshold: 2 },
      readinessProbe: { exec: {}, tcpSocket: { port: 'a--b' }, periodSeconds: -1, terminationGracePeriodSeconds: 5 },
      startupProbe: {},
      lifecycle: { preStop: { sleep: { seconds: 60 } }, postStart: {} },
    }),
    [
      `${C}.lifecycle.postStart: Required value: must specify a handler type`,
      `${C}.lifecycle.preStop.sleep: Invalid value: 60: must be non-negative and less than terminationGracePeriodSeconds (30)`,
      `${C}.livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
      `${C}.livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`,
      `${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
      `${C}.readinessProbe.exec.command: Required value`,
      `${C}.readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
      `${C}.readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`,
      `${C}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes`,
      `${C}.startupProbe: Required value: must specify a handler type`,
    ],
  ],
  [
    'resources',
    withContainer({
      resources: {
        limits: { cpu: '-1', memory: '1Gi', bananas: '1', 'example.com/gpu': '1500m' },
        requests: { memory: '2Gi', 'example.com/gpu': '2' },
      },
    }),
    [
      `${C}.resources.limits[bananas]: Invalid value: "bananas": must be a standard resource type or fully qualified`,
      `${C}.resources.limits[bananas]: Invalid value: "bananas": must be a standard resource for containers`,
      `${C}.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
      `${C}.resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer`,
      `${C}.resources.requests[bananas]: Invalid value: "bananas": must be a standard resource type or fully qualified`,
      `${C}.resources.requests[bananas]: Invalid value: "bananas": must be a standard resource for containers`,
      `${C}.resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
      `${C}.resources.requests: Invalid value: "2": must be equal to example.com/gpu limit of 1500m`,
      `${C}.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi`,
    ],
  ],
  [
    'security contexts',
    withContainer(
      {
        securityContext: {
          runAsUser: -1,
          privileged: true,
          allowPrivilegeEscalation: false,
          seccompProfile: { type: 'Localhost' },
        },
      },
      { securityContext: { fsGroup: 2 ** 31, sysctls: [{ name: 'BAD', value: '1' }], fsGroupChangePolicy: 'Never' } },
    ),
    [
      `${C}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
      `${C}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
      `${C}.securityContext: Invalid value: {"privileged":true,"runAsUser":-1,"allowPrivilegeEscalation":false,"seccompProfile":{"type":"Localhost"}}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
      'spec.securityContext.fsGroup: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive',
      String.raw`spec.securityContext.sysctls[0].name: Invalid value: "BAD": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`,
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
    ],
  ],
  [
    'tolerations',
    withContainer(
      {},
      {
        tolerations: [
          { key: 'a b', operator: 'Exists', value: 'x' },
          { operator: 'Equal' },
          { key: 'k', operator: 'Near' },
          { key: 'k', effect: 'Never', tolerationSeconds: 1 },
        ],
      },
    ),
    [
      `spec.tolerations[0].key: Invalid value: "a b": ${QUALIFIED}`,
      'spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is \'Exists\'',
      'spec.tolerations[1].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[2].operator: Unsupported value: "Near": supported values: "Equal", "Exists"',
      'spec.tolerations[3].effect: Invalid value: "Never": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[3].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    'affinity and spreading',
    withContainer(
      {},
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 0, preference: { matchExpressions: [{ key: 'k', operator: 'In' }] } },
            ],
          },
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: '', labelSelector: { matchExpressions: [{ key: 'k', operator: 'Odd' }] } },
            ],
          },
        },
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Wait', minDomains: 0 }],
      },
    ),
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].operator: Invalid value: "Odd": not a valid selector operator',
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
      `spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": ${QUALIFIED}`,
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Wait": supported values: "DoNotSchedule", "ScheduleAnyway"',
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Wait',
    ],
  ],
  [
    'init and ephemeral containers',
    pod({
      containers: [{ name: 'c', image: 'x' }],
      initContainers: [
        { name: 'c', image: 'x' },
        { name: 'i', image: 'x', readinessProbe: { tcpSocket: { port: 1 } } },
        { name: 's', image: 'x', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 1 } } },
      ],
      ephemeralContainers: [{ name: 'i', image: 'x', targetContainerName: 'none', ports: [{ containerPort: 1 }] }],
    }),
    [
      'spec.initContainers[0].name: Duplicate value: "c"',
      'spec.initContainers[1].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      'spec.ephemeralContainers[0].name: Duplicate value: "i"',
      'spec.ephemeralContainers[0].targetContainerName: Not found: "none"',
      'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ],
  ],
  [
    'fields of the spec itself',
    withContainer(
      {},
      {
        dnsPolicy: 'None',
        nodeName: 'Bad_Node',
        hostname: 'a.b',
        activeDeadlineSeconds: 0,
        nodeSelector: { 'a b': 'c d' },
        hostAliases: [{ ip: 'nonsense', hostnames: ['x'] }],
        readinessGates: [{ conditionType: '' }],
        preemptionPolicy: 'PreemptLowerPriority',
        os: { name: 'beos' },
      },
    ),
    [
      `spec.nodeSelector: Invalid value: "a b": ${QUALIFIED}`,
      "spec.nodeSelector: Invalid value: \"c d\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
      'spec.readinessGates[0].conditionType: Invalid value: "": name part must be non-empty',
      `spec.readinessGates[0].conditionType: Invalid value: "": ${QUALIFIED}`,
      "spec.nodeName: Invalid value: \"Bad_Node\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
      'spec.hostname: Invalid value: "a.b": must not contain dots',
      'spec.hostAliases[0].ip: Invalid value: "nonsense": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'spec.os: Unsupported value: "beos": supported values: "linux", "windows"',
    ],
  ],
];

describe('a new pod', () => {
  it.each(CASES)('%s', async (_what, object, errors) => {
    expect(await createErrors(object)).toEqual(errors);
  });
});

const CHANGEABLE =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

describe('the update of a pod', () => {
  async function change(edit: (spec: Record<string, unknown>) => void, start = withContainer({})): Promise<string[]> {
    const old = await prepared(start);
    const object = structuredClone(old);
    edit(object['spec'] as Record<string, unknown>);
    return updateErrors(object, old);
  }
  const containers = (spec: Record<string, unknown>) => spec['containers'] as Record<string, unknown>[];

  it('may change an image, and add a toleration', async () => {
    expect(await change((spec) => (containers(spec)[0]!['image'] = 'y:2'))).toEqual([]);
    const added = { key: 'k', operator: 'Exists', effect: 'NoSchedule' };
    expect(await change((spec) => (spec['tolerations'] as unknown[]).push(added))).toEqual([]);
  });

  it('may change nothing when it repeats nothing but what the client wrote first', async () => {
    const start = withContainer({});
    expect(await updateErrors(start, await prepared(start))).toEqual([]);
  });

  it('may not change anything else', async () => {
    const [error = '', ...more] = await change((spec) => (spec['nodeName'] = 'n'));
    expect(more).toEqual([]);
    expect(error.startsWith(CHANGEABLE)).toBe(true);
    expect(error).toContain('+ \tnodeName: "n",');
  });

  it('may not add or remove containers', async () => {
    expect(await change((spec) => containers(spec).push({ ...containers(spec)[0], name: 'd' }))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
  });

  it('may not take a toleration away', async () => {
    const start = withContainer({}, { tolerations: [{ key: 'k', operator: 'Exists' }] });
    expect(await change((spec) => (spec['tolerations'] as unknown[]).shift(), start)).toEqual([
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ]);
  });

  it('may bring a deadline nearer, not further or away', async () => {
    const start = withContainer({}, { activeDeadlineSeconds: 10 });
    expect(await change((spec) => (spec['activeDeadlineSeconds'] = 5), start)).toEqual([]);
    expect(await change((spec) => (spec['activeDeadlineSeconds'] = 20), start)).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value',
    ]);
    expect(await change((spec) => delete spec['activeDeadlineSeconds'], start)).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
    ]);
  });
});
