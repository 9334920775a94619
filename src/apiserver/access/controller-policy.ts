import type { DefaultRole } from './default-role.ts';

/*
 * The roles of the controllers of kube-controller-manager; each is bound to the service account of its name in kube-system.
 */
const READ = 'get list watch';
const EVENTS = '- events.k8s.io: events: create patch update';

const RULES: Readonly<Record<string, string>> = {
  'attachdetach-controller': `-: persistentvolumeclaims persistentvolumes: list watch
-: nodes: ${READ}
-: nodes/status: patch update
-: pods: list watch
${EVENTS}
storage.k8s.io: volumeattachments: create delete ${READ}
storage.k8s.io: csidrivers: ${READ}
storage.k8s.io: csinodes: ${READ}`,
  'certificate-controller': `certificates.k8s.io: certificatesigningrequests: delete ${READ}
certificates.k8s.io: certificatesigningrequests/approval certificatesigningrequests/status: update
certificates.k8s.io: signers: approve: kubernetes.io/kube-apiserver-client-kubelet
certificates.k8s.io: signers: sign: kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown
authorization.k8s.io: subjectaccessreviews: create
${EVENTS}`,
  'clusterrole-aggregation-controller': `rbac.authorization.k8s.io: clusterroles: escalate ${READ} patch update`,
  'cronjob-controller': `batch: cronjobs: ${READ} update
batch: jobs: create delete ${READ} patch update
batch: cronjobs/status: update
batch: cronjobs/finalizers: update
-: pods: delete list watch
${EVENTS}`,
  'daemon-set-controller': `apps extensions: daemonsets: ${READ}
apps extensions: daemonsets/status: update
apps extensions: daemonsets/finalizers: update
-: nodes: list watch
-: pods: create delete list patch watch
-: pods/binding: create
apps: controllerrevisions: create delete ${READ} patch update
${EVENTS}`,
  'deployment-controller': `apps extensions: deployments: ${READ} update
apps extensions: deployments/status: update
apps extensions: deployments/finalizers: update
apps extensions: replicasets: create delete ${READ} patch update
-: pods: ${READ} update
${EVENTS}`,
  'device-taint-eviction-controller': `-: pods: delete ${READ}
-: pods/status: patch update
resource.k8s.io: resourceclaims: ${READ}
resource.k8s.io: resourceslices: ${READ}
resource.k8s.io: deviceclasses: ${READ}
resource.k8s.io: devicetaintrules: ${READ}
${EVENTS}`,
  'disruption-controller': `apps extensions: deployments: ${READ}
apps extensions: replicasets: ${READ}
-: replicationcontrollers: ${READ}
policy: poddisruptionbudgets: ${READ}
apps: statefulsets: ${READ}
policy: poddisruptionbudgets/status: update
-: pods/status: patch update
*: */scale: get
${EVENTS}`,
  'endpoint-controller': `-: pods services: ${READ}
-: endpoints: create delete ${READ} update
-: endpoints/restricted: create
${EVENTS}`,
  'endpointslice-controller': `-: nodes pods services: ${READ}
-: services/finalizers: update
discovery.k8s.io: endpointslices: create delete ${READ} update
${EVENTS}`,
  'endpointslicemirroring-controller': `-: endpoints services: ${READ}
-: services/finalizers: update
-: endpoints/finalizers: update
discovery.k8s.io: endpointslices: create delete ${READ} update
${EVENTS}`,
  'ephemeral-volume-controller': `-: pods: ${READ}
-: pods/finalizers: update
-: persistentvolumeclaims: create ${READ}
${EVENTS}`,
  'expand-controller': `-: persistentvolumes: ${READ} patch update
-: persistentvolumeclaims/status: patch update
-: persistentvolumeclaims: ${READ}
${EVENTS}
-: services: get`,
  'generic-garbage-collector': `*: *: delete ${READ} patch update\n${EVENTS}`,
  'horizontal-pod-autoscaler': `autoscaling: horizontalpodautoscalers: ${READ}
autoscaling: horizontalpodautoscalers/status: update
*: */scale: get update
-: pods: list watch
metrics.k8s.io: pods: list watch
custom.metrics.k8s.io: *: ${READ}
external.metrics.k8s.io: *: ${READ}
${EVENTS}`,
  'job-controller': `batch: jobs: ${READ} patch update
batch: jobs/status: update
batch: jobs/finalizers: update
-: pods: create delete list patch watch
${EVENTS}`,
  'legacy-service-account-token-cleaner': `-: configmaps: get: kube-apiserver-legacy-service-account-token-tracking
-: secrets: delete patch`,
  'namespace-controller': `-: namespaces: delete ${READ}
-: namespaces/finalize namespaces/status: update
*: *: delete deletecollection ${READ}`,
  'node-controller': `-: nodes: delete ${READ} patch update
-: nodes/status: patch update
-: pods/status: patch update
-: pods: delete ${READ}
${EVENTS}`,
  'persistent-volume-binder': `-: persistentvolumes: create delete ${READ} update
-: persistentvolumes/status: update
-: persistentvolumeclaims: ${READ} update
-: persistentvolumeclaims/status: update
-: pods: create delete ${READ}
storage.k8s.io: storageclasses: ${READ}
-: nodes: list watch
${EVENTS}
-: events: watch
-: services: get`,
  'pod-garbage-collector': `-: pods: delete list watch\n-: nodes: ${READ}\n-: pods/status: patch`,
  'pv-protection-controller': `-: persistentvolumes: ${READ} update\n${EVENTS}`,
  'pvc-protection-controller': `-: persistentvolumeclaims: ${READ} update\n-: pods: ${READ}\n${EVENTS}`,
  'replicaset-controller': `apps extensions: replicasets: ${READ} update
apps extensions: replicasets/status: update
apps extensions: replicasets/finalizers: update
-: pods: create delete list patch watch
${EVENTS}`,
  'replication-controller': `-: replicationcontrollers: ${READ} update
-: replicationcontrollers/status: update
-: replicationcontrollers/finalizers: update
-: pods: create delete list patch watch
${EVENTS}`,
  'resource-claim-controller': `-: pods: ${READ}
-: pods/finalizers: update
resource.k8s.io: resourceclaims: create delete ${READ}
resource.k8s.io: resourceclaims resourceclaims/status: patch update
-: pods/status: patch update
${EVENTS}`,
  'resourcequota-controller': `*: *: list watch\n-: resourcequotas/status: update\n${EVENTS}`,
  'root-ca-cert-publisher': `-: configmaps: create update\n${EVENTS}`,
  'route-controller': `-: nodes: list watch\n-: nodes/status: patch\n${EVENTS}`,
  'selinux-warning-controller': `${EVENTS}
-: persistentvolumes: ${READ}
-: persistentvolumeclaims: ${READ}
-: pods: ${READ}
storage.k8s.io: csidrivers: ${READ}`,
  'service-account-controller': `-: serviceaccounts: create\n${EVENTS}`,
  'service-cidrs-controller': `networking.k8s.io: servicecidrs: ${READ} patch update
networking.k8s.io: servicecidrs/finalizers: patch update
networking.k8s.io: servicecidrs/status: patch update
networking.k8s.io: ipaddresses: ${READ}
${EVENTS}`,
  'service-controller': `-: services: ${READ}
-: services/status: patch update
-: nodes: list watch
${EVENTS}`,
  'statefulset-controller': `-: pods: list watch
apps: statefulsets: ${READ}
apps: statefulsets/status: update
apps: statefulsets/finalizers: update
-: pods: create delete get patch update
apps: controllerrevisions: create delete ${READ} patch update
-: persistentvolumeclaims: create ${READ}
-: persistentvolumeclaims: delete update
-: pods/finalizers: update
${EVENTS}`,
  'ttl-after-finished-controller': `batch: jobs: delete ${READ}\n${EVENTS}`,
  'ttl-controller': `-: nodes: list patch update watch\n${EVENTS}`,
  'validatingadmissionpolicy-status-controller': `admissionregistration.k8s.io: validatingadmissionpolicies: ${READ}
admissionregistration.k8s.io: validatingadmissionpolicies/status: get patch update
${EVENTS}`,
  'volumeattributesclass-protection-controller': `-: persistentvolumeclaims: ${READ}
-: persistentvolumes: ${READ}
storage.k8s.io: volumeattributesclasses: ${READ} update
${EVENTS}`,
};

/** By name. */
export const CONTROLLER_ROLES: Readonly<Record<string, DefaultRole>> = Object.fromEntries(
  Object.entries(RULES).map(([name, rules]) => [`system:controller:${name}`, { rules, accounts: [name] }]),
);
