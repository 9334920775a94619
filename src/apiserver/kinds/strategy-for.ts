import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { Strategy } from '../strategy.ts';

type Loader = () => Promise<Strategy>;

/** The kinds with code of their own, by resource and group; each is loaded when it is first asked for. */
const LOADERS: Readonly<Record<string, Loader>> = {
  configmaps: async () => (await import('./core/config-map.ts')).configMapStrategy,
  endpoints: async () => (await import('./core/endpoints.ts')).endpointsStrategy,
  events: async () => (await import('./core/event.ts')).eventStrategy('events'),
  'events.events.k8s.io': async () => (await import('./core/event.ts')).eventStrategy('events.events.k8s.io'),
  limitranges: async () => (await import('./core/quotas.ts')).limitRangeStrategy,
  namespaces: async () => (await import('./core/namespace.ts')).namespaceStrategy,
  nodes: async () => (await import('./core/node.ts')).nodeStrategy,
  persistentvolumeclaims: async () => (await import('./core/persistent-volume-claim.ts')).persistentVolumeClaimStrategy,
  persistentvolumes: async () => (await import('./core/persistent-volume.ts')).persistentVolumeStrategy,
  pods: async () => (await import('./pod/pod.ts')).podStrategy,
  podtemplates: async () => (await import('./core/quotas.ts')).podTemplateStrategy,
  replicationcontrollers: async () =>
    (await import('./workloads/replication-controller.ts')).replicationControllerStrategy,
  resourcequotas: async () => (await import('./core/quotas.ts')).resourceQuotaStrategy,
  secrets: async () => (await import('./core/secret.ts')).secretStrategy,
  serviceaccounts: async () => (await import('./core/service-account.ts')).serviceAccountStrategy,
  services: async () => (await import('./service/service.ts')).serviceStrategy,
  'daemonsets.apps': async () => (await import('./workloads/daemon-set.ts')).daemonSetStrategy,
  'deployments.apps': async () => (await import('./workloads/deployment.ts')).deploymentStrategy,
  'replicasets.apps': async () => (await import('./workloads/replica-set.ts')).replicaSetStrategy,
  'statefulsets.apps': async () => (await import('./workloads/stateful-set.ts')).statefulSetStrategy,
  'cronjobs.batch': async () => (await import('./workloads/cron-job.ts')).cronJobStrategy,
  'jobs.batch': async () => (await import('./workloads/job.ts')).jobStrategy,
  'horizontalpodautoscalers.autoscaling': async () =>
    (await import('./workloads/horizontal-pod-autoscaler.ts')).horizontalPodAutoscalerStrategy,
  'ingresses.networking.k8s.io': async () => (await import('./networking/networking.ts')).ingressStrategy,
  'ingressclasses.networking.k8s.io': async () => (await import('./networking/networking.ts')).ingressClassStrategy,
  'networkpolicies.networking.k8s.io': async () => (await import('./networking/networking.ts')).networkPolicyStrategy,
  'endpointslices.discovery.k8s.io': async () => (await import('./networking/networking.ts')).endpointSliceStrategy,
  'servicecidrs.networking.k8s.io': async () => (await import('./networking/service-addresses.ts')).serviceCidrStrategy,
  'ipaddresses.networking.k8s.io': async () => (await import('./networking/service-addresses.ts')).ipAddressStrategy,
  'roles.rbac.authorization.k8s.io': async () => (await import('./rbac/rbac.ts')).roleStrategy,
  'clusterroles.rbac.authorization.k8s.io': async () => (await import('./rbac/rbac.ts')).clusterRoleStrategy,
  'rolebindings.rbac.authorization.k8s.io': async () => (await import('./rbac/rbac.ts')).roleBindingStrategy,
  'clusterrolebindings.rbac.authorization.k8s.io': async () =>
    (await import('./rbac/rbac.ts')).clusterRoleBindingStrategy,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).mutatingWebhookStrategy,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).validatingWebhookStrategy,
  'validatingadmissionpolicies.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).validatingPolicyStrategy,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).mutatingPolicyStrategy,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).validatingBindingStrategy,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': async () =>
    (await import('./admission/admission.ts')).mutatingBindingStrategy,
  'csidrivers.storage.k8s.io': async () => (await import('./storage/storage-kinds.ts')).csiDriverStrategy,
  'csinodes.storage.k8s.io': async () => (await import('./storage/storage-kinds.ts')).csiNodeStrategy,
  'csistoragecapacities.storage.k8s.io': async () =>
    (await import('./storage/storage-kinds.ts')).csiStorageCapacityStrategy,
  'leases.coordination.k8s.io': async () => (await import('./coordination/lease.ts')).leaseStrategy,
  'storageclasses.storage.k8s.io': async () => (await import('./storage/storage-kinds.ts')).storageClassStrategy,
  'volumeattachments.storage.k8s.io': async () => (await import('./storage/storage-kinds.ts')).volumeAttachmentStrategy,
  'volumeattributesclasses.storage.k8s.io': async () =>
    (await import('./storage/storage-kinds.ts')).volumeAttributesClassStrategy,
  'runtimeclasses.node.k8s.io': async () => (await import('./node/runtime-class.ts')).runtimeClassStrategy,
  'poddisruptionbudgets.policy': async () => (await import('./policy/control-kinds.ts')).disruptionBudgetStrategy,
  'flowschemas.flowcontrol.apiserver.k8s.io': async () =>
    (await import('./policy/control-kinds.ts')).flowSchemaStrategy,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': async () =>
    (await import('./policy/control-kinds.ts')).priorityLevelStrategy,
  'priorityclasses.scheduling.k8s.io': async () => (await import('./policy/control-kinds.ts')).priorityClassStrategy,
  'apiservices.apiregistration.k8s.io': async () => (await import('./policy/control-kinds.ts')).apiServiceStrategy,
  'resourceclaims.resource.k8s.io': async () => (await import('./resource/resource-kinds.ts')).resourceClaimStrategy,
  'resourceclaimtemplates.resource.k8s.io': async () =>
    (await import('./resource/resource-kinds.ts')).resourceClaimTemplateStrategy,
  'deviceclasses.resource.k8s.io': async () => (await import('./resource/resource-kinds.ts')).deviceClassStrategy,
  'resourceslices.resource.k8s.io': async () => (await import('./resource/resource-kinds.ts')).resourceSliceStrategy,
  'certificatesigningrequests.certificates.k8s.io': async () =>
    (await import('./policy/certificate-signing-request.ts')).signingRequestStrategy,
  'customresourcedefinitions.apiextensions.k8s.io': async () =>
    (await import('./policy/custom-resource-definition.ts')).customResourceDefinitionStrategy(),
};

/**
 * The strategy of a built-in kind, by its group and plural. Asynchronous, because the code of a kind is loaded when it is
 * first asked for; the promise only fails when that code cannot be loaded. The answer holds no state: it may be kept, and
 * asking twice gives equal behaviour. A kind without code of its own gets the generic strategy, so there is an answer for
 * any resource of the API server; custom resources have a strategy of their own elsewhere. Strategies expect objects as
 * decoding leaves them (known fields of the right types), and metadata.uid to be set before `prepareForCreate`.
 */
export async function strategyFor(resource: ResourceInfo): Promise<Strategy> {
  const { genericStrategy, resourceKey } = await import('./generic-strategy.ts');
  const load = LOADERS[resourceKey(resource)];
  return load === undefined ? genericStrategy(resource) : load();
}
