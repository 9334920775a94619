import type { DefaultRole } from './default-role.ts';

/*
 * The roles for users that kube-apiserver makes when it starts with RBAC (bootstrappolicy).
 */
const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';
const ALL = 'create delete deletecollection get list patch update watch';

const VIEW = `
-: configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status: ${READ}
-: bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status: ${READ}
-: namespaces: ${READ}
discovery.k8s.io: endpointslices: ${READ}
apps: controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status: ${READ}
autoscaling: horizontalpodautoscalers horizontalpodautoscalers/status: ${READ}
batch: cronjobs cronjobs/status jobs jobs/status: ${READ}
extensions: daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale: ${READ}
policy: poddisruptionbudgets poddisruptionbudgets/status: ${READ}
networking.k8s.io: ingresses ingresses/status networkpolicies: ${READ}
resource.k8s.io: resourceclaims resourceclaims/status resourceclaimtemplates: ${READ}`;

const EDIT = `
-: pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy: ${READ}
-: serviceaccounts: impersonate
-: pods pods/attach pods/exec pods/portforward pods/proxy: ${WRITE}
-: pods/eviction: create
-: configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy: ${WRITE}
-: serviceaccounts/token: create
apps: daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale: ${WRITE}
autoscaling: horizontalpodautoscalers: ${WRITE}
batch: cronjobs jobs: ${WRITE}
extensions: daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale: ${WRITE}
policy: poddisruptionbudgets: ${WRITE}
networking.k8s.io: ingresses networkpolicies: ${WRITE}
coordination.k8s.io: leases: ${ALL}
resource.k8s.io: resourceclaims resourceclaimtemplates: ${WRITE}`;

const ADMIN = `
authorization.k8s.io: localsubjectaccessreviews: create
rbac.authorization.k8s.io: rolebindings roles: ${ALL}`;

/** By name. */
export const USER_ROLES: Readonly<Record<string, DefaultRole>> = {
  'cluster-admin': { rules: '*: *: *\n*: *', groups: ['system:masters'] },
  admin: { rules: '', aggregate: true },
  edit: { rules: '', aggregate: true, aggregatedTo: 'admin' },
  view: { rules: '', aggregate: true, aggregatedTo: 'edit' },
  'system:aggregate-to-admin': { rules: ADMIN, aggregatedTo: 'admin' },
  'system:aggregate-to-edit': { rules: EDIT, aggregatedTo: 'edit' },
  'system:aggregate-to-view': { rules: VIEW, aggregatedTo: 'view' },
  'system:auth-delegator': {
    rules: 'authentication.k8s.io: tokenreviews: create\nauthorization.k8s.io: subjectaccessreviews: create',
  },
  'system:basic-user': {
    rules: `authorization.k8s.io: selfsubjectaccessreviews selfsubjectrulesreviews: create
authentication.k8s.io: selfsubjectreviews: create`,
    groups: ['system:authenticated'],
  },
  'system:discovery': {
    rules: '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/: get',
    groups: ['system:authenticated'],
  },
  'system:monitoring': {
    rules: '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*: get',
    groups: ['system:monitoring'],
  },
  'system:public-info-viewer': {
    rules: '/healthz /livez /readyz /version /version/: get',
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  'system:service-account-issuer-discovery': {
    rules: '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/: get',
    groups: ['system:serviceaccounts'],
  },
};
