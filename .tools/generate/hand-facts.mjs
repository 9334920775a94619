// Facts of a default kube-apiserver 1.36 that no published package holds. fixtures/reference/resources.json checks them.

/** The group versions that a server serves by default, in the order of its discovery. */
export const SERVED = [
  'v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'events.k8s.io/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v2',
  'autoscaling/v1',
  'batch/v1',
  'certificates.k8s.io/v1',
  'networking.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'storage.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'coordination.k8s.io/v1',
  'node.k8s.io/v1',
  'discovery.k8s.io/v1',
  'resource.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
];

/** Short names by plural. */
export const SHORT_NAMES = {
  certificatesigningrequests: ['csr'],
  componentstatuses: ['cs'],
  configmaps: ['cm'],
  cronjobs: ['cj'],
  customresourcedefinitions: ['crd', 'crds'],
  daemonsets: ['ds'],
  deployments: ['deploy'],
  endpoints: ['ep'],
  events: ['ev'],
  horizontalpodautoscalers: ['hpa'],
  ingresses: ['ing'],
  ipaddresses: ['ip'],
  limitranges: ['limits'],
  namespaces: ['ns'],
  networkpolicies: ['netpol'],
  nodes: ['no'],
  persistentvolumeclaims: ['pvc'],
  persistentvolumes: ['pv'],
  poddisruptionbudgets: ['pdb'],
  pods: ['po'],
  priorityclasses: ['pc'],
  replicasets: ['rs'],
  replicationcontrollers: ['rc'],
  resourcequotas: ['quota'],
  serviceaccounts: ['sa'],
  services: ['svc'],
  statefulsets: ['sts'],
  storageclasses: ['sc'],
  volumeattributesclasses: ['vac'],
};

/** Plurals by category. */
export const CATEGORIES = {
  all: [
    'pods',
    'replicationcontrollers',
    'services',
    'daemonsets',
    'deployments',
    'replicasets',
    'statefulsets',
    'horizontalpodautoscalers',
    'cronjobs',
    'jobs',
  ],
  'api-extensions': [
    'apiservices',
    'customresourcedefinitions',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ],
};

/** Verbs that the published paths have and the server's discovery does not. */
export const NO_SUCH_VERBS = { componentstatuses: ['watch'] };

/** Kinds of subresources that are options of a connection: paths tell only what flows through it. */
export const CONNECT_KINDS = {
  'nodes/proxy': 'NodeProxyOptions',
  'pods/attach': 'PodAttachOptions',
  'pods/exec': 'PodExecOptions',
  'pods/portforward': 'PodPortForwardOptions',
  'pods/proxy': 'PodProxyOptions',
  'services/proxy': 'ServiceProxyOptions',
  'pods/log': 'Pod',
};

/** Group versions of subresource kinds that are not of their resource's own. */
export const FOREIGN_KINDS = {
  Eviction: 'policy/v1',
  Scale: 'autoscaling/v1',
  TokenRequest: 'authentication.k8s.io/v1',
};

/**
 * kube-aggregator's types, which no package of Go sources holds: `name scalar-or-type flags [markers]` in Go order, in the
 * notation of types.ts (types by name). client-node's models check names, types and what is required.
 */
const AGGREGATOR_PACKAGE = 'apiregistration.v1';
export const AGGREGATOR_TYPES = {
  [`${AGGREGATOR_PACKAGE}.APIService!`]: [
    'metadata:1:@meta.v1.ObjectMeta:1',
    'spec:2:@apiregistration.v1.APIServiceSpec:1',
    'status:3:@apiregistration.v1.APIServiceStatus:1',
  ],
  [`${AGGREGATOR_PACKAGE}.APIServiceCondition`]: [
    'type:1:<v1.APIServiceConditionType>s:0:r',
    'status:2:<v1.ConditionStatus>s:0:r',
    'lastTransitionTime:3:T:1',
    'reason:4:s:1',
    'message:5:s:1',
  ],
  [`${AGGREGATOR_PACKAGE}.APIServiceList!`]: [
    'metadata:1:@meta.v1.ListMeta:1',
    'items:2:[@apiregistration.v1.APIService:0:r',
  ],
  [`${AGGREGATOR_PACKAGE}.APIServiceSpec`]: [
    'service:1:*@apiregistration.v1.ServiceReference:1',
    'group:2:s:1',
    'version:3:s:1',
    'insecureSkipTLSVerify:4:b:1',
    'caBundle:5:y:1:la',
    'groupPriorityMinimum:7:i:0:r',
    'versionPriority:8:i:0:r',
  ],
  [`${AGGREGATOR_PACKAGE}.APIServiceStatus`]: [
    'conditions:1:[@apiregistration.v1.APIServiceCondition:1:pmerge/type:lmtype',
  ],
  [`${AGGREGATOR_PACKAGE}.ServiceReference`]: ['namespace:1:s:1', 'name:2:s:1', 'port:3:*i:1'],
};
