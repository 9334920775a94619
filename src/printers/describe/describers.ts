import type { Describer } from './describer.ts';

/** A kind that has a describer of its own, and the versions that it reads, the best first. */
export interface DescriberEntry {
  readonly apiVersions: readonly string[];
  readonly load: () => Promise<Describer>;
}

type Kinds = Readonly<Record<string, DescriberEntry>>;

function entry(apiVersion: string, load: () => Promise<Describer>): DescriberEntry {
  return { apiVersions: [apiVersion], load };
}

const core: Kinds = {
  ConfigMap: entry('v1', async () => (await import('./config-map.ts')).describeConfigMap),
  Endpoints: entry('v1', async () => (await import('./endpoints.ts')).describeEndpoints),
  LimitRange: entry('v1', async () => (await import('./limit-range.ts')).describeLimitRange),
  Namespace: entry('v1', async () => (await import('./namespace.ts')).describeNamespace),
  Node: entry('v1', async () => (await import('./node.ts')).describeNode),
  PersistentVolume: entry('v1', async () => (await import('./persistent-volume.ts')).describePersistentVolume),
  PersistentVolumeClaim: entry(
    'v1',
    async () => (await import('./persistent-volume-claim.ts')).describePersistentVolumeClaim,
  ),
  Pod: entry('v1', async () => (await import('./pod.ts')).describePod),
  ReplicationController: entry(
    'v1',
    async () => (await import('./replication-controller.ts')).describeReplicationController,
  ),
  ResourceQuota: entry('v1', async () => (await import('./resource-quota.ts')).describeResourceQuota),
  Secret: entry('v1', async () => (await import('./secret.ts')).describeSecret),
  Service: entry('v1', async () => (await import('./service.ts')).describeService),
  ServiceAccount: entry('v1', async () => (await import('./service-account.ts')).describeServiceAccount),
};

const apps: Kinds = {
  DaemonSet: entry('apps/v1', async () => (await import('./daemon-set.ts')).describeDaemonSet),
  Deployment: entry('apps/v1', async () => (await import('./deployment.ts')).describeDeployment),
  ReplicaSet: entry('apps/v1', async () => (await import('./replica-set.ts')).describeReplicaSet),
  StatefulSet: entry('apps/v1', async () => (await import('./stateful-set.ts')).describeStatefulSet),
};

const autoscaling: Kinds = {
  HorizontalPodAutoscaler: {
    apiVersions: ['autoscaling/v2', 'autoscaling/v1'],
    load: async () => (await import('./horizontal-pod-autoscaler.ts')).describeHorizontalPodAutoscaler,
  },
};

const batch: Kinds = {
  CronJob: entry('batch/v1', async () => (await import('./cron-job.ts')).describeCronJob),
  Job: entry('batch/v1', async () => (await import('./job.ts')).describeJob),
};

const certificates: Kinds = {
  CertificateSigningRequest: entry(
    'certificates.k8s.io/v1',
    async () => (await import('./certificate-signing-request.ts')).describeCertificateSigningRequest,
  ),
};

const discovery: Kinds = {
  EndpointSlice: entry('discovery.k8s.io/v1', async () => (await import('./endpoint-slice.ts')).describeEndpointSlice),
};

const ingress = entry('networking.k8s.io/v1', async () => (await import('./ingress.ts')).describeIngress);

const networking: Kinds = {
  Ingress: ingress,
  IngressClass: entry('networking.k8s.io/v1', async () => (await import('./ingress-class.ts')).describeIngressClass),
  IPAddress: {
    apiVersions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
    load: async () => (await import('./ip-address.ts')).describeIpAddress,
  },
  NetworkPolicy: entry('networking.k8s.io/v1', async () => (await import('./network-policy.ts')).describeNetworkPolicy),
  ServiceCIDR: {
    apiVersions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
    load: async () => (await import('./service-cidr.ts')).describeServiceCidr,
  },
};

const policy: Kinds = {
  PodDisruptionBudget: entry(
    'policy/v1',
    async () => (await import('./pod-disruption-budget.ts')).describePodDisruptionBudget,
  ),
};

const RBAC = 'rbac.authorization.k8s.io/v1';

const rbac: Kinds = {
  ClusterRole: entry(RBAC, async () => (await import('./role.ts')).describeRole),
  ClusterRoleBinding: entry(RBAC, async () => (await import('./role-binding.ts')).describeRoleBinding),
  Role: entry(RBAC, async () => (await import('./role.ts')).describeRole),
  RoleBinding: entry(RBAC, async () => (await import('./role-binding.ts')).describeRoleBinding),
};

const scheduling: Kinds = {
  PriorityClass: entry('scheduling.k8s.io/v1', async () => (await import('./priority-class.ts')).describePriorityClass),
};

const storage: Kinds = {
  CSINode: entry('storage.k8s.io/v1', async () => (await import('./csi-node.ts')).describeCsiNode),
  StorageClass: entry('storage.k8s.io/v1', async () => (await import('./storage-class.ts')).describeStorageClass),
  VolumeAttributesClass: entry(
    'storage.k8s.io/v1',
    async () => (await import('./volume-attributes-class.ts')).describeVolumeAttributesClass,
  ),
};

const groups: ReadonlyMap<string, Kinds> = new Map([
  ['', core],
  ['apps', apps],
  ['autoscaling', autoscaling],
  ['batch', batch],
  ['certificates.k8s.io', certificates],
  ['discovery.k8s.io', discovery],
  ['extensions', { Ingress: ingress }],
  ['networking.k8s.io', networking],
  ['policy', policy],
  ['rbac.authorization.k8s.io', rbac],
  ['scheduling.k8s.io', scheduling],
  ['storage.k8s.io', storage],
]);

/** The describer of a kind; undefined for the many that the generic one describes. */
export function describerOf(group: string, kind: string): DescriberEntry | undefined {
  const kinds = groups.get(group);
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}
