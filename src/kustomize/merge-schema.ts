/** What a strategic merge patch needs to know of a field. */
export interface MergeSchema {
  field(name: string): MergeSchema | undefined;
  elements(): MergeSchema | undefined;
  /** The keys that a list's items are matched by, [] for scalars; undefined for a list that is replaced. */
  readonly mergeKeys: readonly string[] | undefined;
}

/*
 * The fields of Kubernetes 1.21 that are lists to merge, and those on the way to them: kustomize 5.7.1 has the schema of that
 * version, so it replaces the lists of everything newer. A line is a type and its fields: `name>type` leads to a type,
 * `name(keys)` is a list that is merged by keys, `name(keys)>type` one of a type that is here.
 */
const TYPES = `
meta finalizers() ownerReferences(uid)
conditions conditions(type)
webhooks webhooks(name)
workload spec>workloadSpec status>conditions
workloadSpec template>template
cronJob spec>cronJobSpec
cronJobSpec jobTemplate>job
job metadata>meta spec>workloadSpec status>conditions
template metadata>meta spec>podSpec
podTemplate template>template
pod spec>podSpec status>podStatus
podStatus conditions(type) podIPs(ip)
podSpec containers(name)>container ephemeralContainers(name)>ephemeralContainer hostAliases(ip) imagePullSecrets(name) initContainers(name)>container topologySpreadConstraints(topologyKey,whenUnsatisfiable) volumes(name)>volume
container env(name) ports(containerPort,protocol) volumeDevices(devicePath) volumeMounts(mountPath)
ephemeralContainer env(name) volumeDevices(devicePath) volumeMounts(mountPath)
volume ephemeral>ephemeral
ephemeral volumeClaimTemplate>claimTemplate
claimTemplate metadata>meta
service spec>serviceSpec status>conditions
serviceSpec ports(port,protocol)
serviceAccount secrets(name)
node spec>nodeSpec status>nodeStatus
nodeSpec podCIDRs()
nodeStatus addresses(type) conditions(type)
withConditions status>conditions
csiNode spec>csiNodeSpec
csiNodeSpec drivers(name)
plain`;

/** The kinds of that version, by what their type is called above; every one has metadata. */
const KINDS = `
webhooks admissionregistration.k8s.io/v1 MutatingWebhookConfiguration ValidatingWebhookConfiguration
webhooks admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration ValidatingWebhookConfiguration
workload apps/v1 DaemonSet Deployment ReplicaSet StatefulSet
workload v1 ReplicationController
workload batch/v1 Job
cronJob batch/v1 CronJob
cronJob batch/v1beta1 CronJob
pod v1 Pod
podTemplate v1 PodTemplate
service v1 Service
serviceAccount v1 ServiceAccount
node v1 Node
conditions v1 ComponentStatus
withConditions v1 Namespace PersistentVolumeClaim
withConditions policy/v1 PodDisruptionBudget
withConditions policy/v1beta1 PodDisruptionBudget
withConditions apiregistration.k8s.io/v1 APIService
withConditions apiregistration.k8s.io/v1beta1 APIService
csiNode storage.k8s.io/v1 CSINode
csiNode storage.k8s.io/v1beta1 CSINode
plain v1 Binding ConfigMap Endpoints Event LimitRange PersistentVolume ResourceQuota Secret
plain apps/v1 ControllerRevision
plain authentication.k8s.io/v1 TokenRequest TokenReview
plain authentication.k8s.io/v1beta1 TokenReview
plain authorization.k8s.io/v1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
plain authorization.k8s.io/v1beta1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
plain autoscaling/v1 HorizontalPodAutoscaler Scale
plain autoscaling/v2beta1 HorizontalPodAutoscaler
plain autoscaling/v2beta2 HorizontalPodAutoscaler
plain certificates.k8s.io/v1 CertificateSigningRequest
plain certificates.k8s.io/v1beta1 CertificateSigningRequest
plain coordination.k8s.io/v1 Lease
plain coordination.k8s.io/v1beta1 Lease
plain discovery.k8s.io/v1 EndpointSlice
plain discovery.k8s.io/v1beta1 EndpointSlice
plain events.k8s.io/v1 Event
plain events.k8s.io/v1beta1 Event
plain extensions/v1beta1 Ingress
plain flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema PriorityLevelConfiguration
plain networking.k8s.io/v1 Ingress IngressClass NetworkPolicy
plain networking.k8s.io/v1beta1 Ingress IngressClass
plain node.k8s.io/v1 RuntimeClass
plain node.k8s.io/v1beta1 RuntimeClass
plain policy/v1beta1 Eviction PodSecurityPolicy
plain rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding
plain rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding Role RoleBinding
plain scheduling.k8s.io/v1 PriorityClass
plain scheduling.k8s.io/v1beta1 PriorityClass
plain storage.k8s.io/v1 CSIDriver StorageClass VolumeAttachment
plain storage.k8s.io/v1beta1 CSIDriver CSIStorageCapacity StorageClass VolumeAttachment
plain apiextensions.k8s.io/v1 CustomResourceDefinition
plain apiextensions.k8s.io/v1beta1 CustomResourceDefinition`;

class TableSchema implements MergeSchema {
  readonly mergeKeys: readonly string[] | undefined;
  readonly #fields: ReadonlyMap<string, string> | undefined;
  readonly #isList: boolean;

  /** `fields` are those of the type, or of the type of the list's elements. */
  constructor(fields: ReadonlyMap<string, string> | undefined, mergeKeys?: readonly string[]) {
    this.#fields = fields;
    this.mergeKeys = mergeKeys;
    this.#isList = mergeKeys !== undefined;
  }

  field(name: string): MergeSchema | undefined {
    const text = this.#isList ? undefined : this.#fields?.get(name);
    if (text === undefined) return undefined;
    const [, keys, type] = /^(?:\((.*)\))?(?:>(.*))?$/.exec(text) ?? [];
    const fields = type === undefined ? undefined : TYPE_FIELDS.get(type);
    return new TableSchema(fields, keys === undefined ? undefined : keys.split(',').filter((key) => key !== ''));
  }

  elements(): MergeSchema | undefined {
    return this.#isList && this.#fields !== undefined ? new TableSchema(this.#fields) : undefined;
  }
}

const TYPE_FIELDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(lines(TYPES).map(readType));
const KIND_TYPES: ReadonlyMap<string, string> = new Map(lines(KINDS).flatMap(readKinds));

function lines(table: string): string[] {
  return table.trim().split('\n');
}

function readType(line: string): [string, ReadonlyMap<string, string>] {
  const [name = '', ...fields] = line.split(' ');
  return [
    name,
    new Map(
      fields.map((field): [string, string] => {
        const [, fieldName = '', rest = ''] = /^(\w+)(.*)$/.exec(field) ?? [];
        return [fieldName, rest];
      }),
    ),
  ];
}

function readKinds(line: string): [string, string][] {
  const [type = '', apiVersion = '', ...kinds] = line.split(' ');
  return kinds.map((kind) => [`${apiVersion} ${kind}`, type]);
}

/** The schema of a kind; undefined for one that kustomize has none of: its lists are replaced. */
export function mergeSchemaOf(apiVersion: string, kind: string): MergeSchema | undefined {
  const type = KIND_TYPES.get(`${apiVersion} ${kind}`);
  if (type === undefined) return undefined;
  return new TableSchema(new Map([...(TYPE_FIELDS.get(type) ?? []), ['metadata', '>meta']]));
}
