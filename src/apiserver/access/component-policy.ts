import type { DefaultRole } from './default-role.ts';

/*
 * The roles for a cluster's components, and for what runs beside them, that kube-apiserver makes when it starts with RBAC.
 */
const READ = 'get list watch';
const READ_UPDATE = 'get list patch update watch';
const EVENTS = '- events.k8s.io: events: create patch update';
const SIGNERS = 'certificates.k8s.io: signers';
const LEADER = (name: string): string => `coordination.k8s.io: leases: create
coordination.k8s.io: leases: get update: ${name}`;

const CONTROLLER_MANAGER = `${EVENTS}
${LEADER('kube-controller-manager')}
-: secrets serviceaccounts: create
-: secrets: delete
-: configmaps namespaces secrets serviceaccounts: get
-: secrets serviceaccounts: update
authentication.k8s.io: tokenreviews: create
authorization.k8s.io: subjectaccessreviews: create
*: *: list watch
-: serviceaccounts/token: create`;

const SCHEDULER = `${EVENTS}
${LEADER('kube-scheduler')}
-: nodes: ${READ}
-: pods: delete ${READ}
-: bindings pods/binding: create
-: pods/status: patch update
-: replicationcontrollers services: ${READ}
apps extensions: replicasets: ${READ}
apps: statefulsets: ${READ}
policy: poddisruptionbudgets: ${READ}
-: persistentvolumeclaims persistentvolumes: ${READ}
authentication.k8s.io: tokenreviews: create
authorization.k8s.io: subjectaccessreviews: create
storage.k8s.io: csinodes: ${READ}
-: namespaces: ${READ}
storage.k8s.io: csidrivers: ${READ}
storage.k8s.io: csistoragecapacities: ${READ}
storage.k8s.io: volumeattachments: ${READ}
resource.k8s.io: deviceclasses: ${READ}
resource.k8s.io: resourceclaims: ${READ_UPDATE}
resource.k8s.io: resourceclaims/status: ${READ_UPDATE}
-: pods/finalizers: ${READ_UPDATE}
resource.k8s.io: resourceslices: ${READ}`;

const NODE = `authentication.k8s.io: tokenreviews: create
authorization.k8s.io: localsubjectaccessreviews subjectaccessreviews: create
-: services: ${READ}
-: nodes: create ${READ}
-: nodes/status: patch update
-: nodes: patch update
-: events: create patch update
-: pods: ${READ}
-: pods: create delete
-: pods/status: patch update
-: pods/eviction: create
-: configmaps secrets: ${READ}
-: persistentvolumeclaims persistentvolumes: get
-: endpoints: get
certificates.k8s.io: certificatesigningrequests: create ${READ}
coordination.k8s.io: leases: create delete get patch update
storage.k8s.io: volumeattachments: get
-: persistentvolumeclaims/status: get patch update
-: serviceaccounts/token: create
storage.k8s.io: csidrivers: ${READ}
storage.k8s.io: csinodes: create delete get patch update
node.k8s.io: runtimeclasses: ${READ}
resource.k8s.io: resourceclaims: get
resource.k8s.io: resourceslices: create delete deletecollection ${READ} patch update`;

/** By name. */
export const COMPONENT_ROLES: Readonly<Record<string, DefaultRole>> = {
  'system:heapster': { rules: `-: events namespaces nodes pods: ${READ}\nextensions: deployments: ${READ}` },
  'system:kube-aggregator': { rules: `-: endpoints services: ${READ}` },
  'system:kube-controller-manager': { rules: CONTROLLER_MANAGER, users: ['system:kube-controller-manager'] },
  'system:kube-dns': { rules: '-: endpoints services: list watch', accounts: ['kube-dns'] },
  'system:kube-scheduler': { rules: SCHEDULER, users: ['system:kube-scheduler'] },
  'system:kubelet-api-admin': {
    rules: `-: nodes: ${READ}
-: nodes: proxy
-: nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods nodes/proxy nodes/spec nodes/stats: *`,
  },
  'system:node': { rules: NODE, unbound: true },
  'system:node-bootstrapper': { rules: `certificates.k8s.io: certificatesigningrequests: create ${READ}` },
  'system:node-problem-detector': { rules: `-: nodes: get\n-: nodes/status: patch\n${EVENTS}` },
  'system:node-proxier': {
    rules: `-: endpoints services: list watch
-: nodes: ${READ}
${EVENTS}
discovery.k8s.io: endpointslices: list watch
networking.k8s.io: servicecidrs: list watch`,
    users: ['system:kube-proxy'],
  },
  'system:persistent-volume-provisioner': {
    rules: `-: persistentvolumes: create delete ${READ}
-: persistentvolumeclaims: ${READ} update
storage.k8s.io: storageclasses: ${READ}
-: events: watch
${EVENTS}`,
  },
  'system:volume-scheduler': {
    rules: `-: persistentvolumes: ${READ_UPDATE}
storage.k8s.io: storageclasses: ${READ}
-: persistentvolumeclaims: ${READ_UPDATE}`,
    users: ['system:kube-scheduler'],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: 'certificates.k8s.io: certificatesigningrequests/nodeclient: create',
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: 'certificates.k8s.io: certificatesigningrequests/selfnodeclient: create',
  },
  'system:certificates.k8s.io:kube-apiserver-client-approver': {
    rules: `${SIGNERS}: approve: kubernetes.io/kube-apiserver-client`,
  },
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': {
    rules: `${SIGNERS}: approve: kubernetes.io/kube-apiserver-client-kubelet`,
  },
  'system:certificates.k8s.io:kubelet-serving-approver': {
    rules: `${SIGNERS}: approve: kubernetes.io/kubelet-serving`,
  },
  'system:certificates.k8s.io:legacy-unknown-approver': { rules: `${SIGNERS}: approve: kubernetes.io/legacy-unknown` },
};
