/** A role of the default policy that holds in one namespace; its rules are written as those of a DefaultRole. */
export interface DefaultNamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: string;
  /** Absent: the role's own name. */
  readonly bindingName?: string;
  readonly users?: readonly string[];
  /** Service accounts of kube-system. */
  readonly accounts?: readonly string[];
}

const READ = 'get list watch';
const EVENTS = '- events.k8s.io: events: create patch update';
const [SYSTEM, PUBLIC] = ['kube-system', 'kube-public'];

/** The Roles that kube-apiserver makes in its own namespaces. */
export const NAMESPACE_ROLES: readonly DefaultNamespaceRole[] = [
  {
    namespace: SYSTEM,
    name: 'extension-apiserver-authentication-reader',
    rules: `-: configmaps: ${READ}: extension-apiserver-authentication`,
    bindingName: 'system::extension-apiserver-authentication-reader',
    users: ['system:kube-controller-manager', 'system:kube-scheduler'],
  },
  {
    namespace: SYSTEM,
    name: 'system:controller:bootstrap-signer',
    rules: `-: secrets: ${READ}`,
    accounts: ['bootstrap-signer'],
  },
  {
    namespace: SYSTEM,
    name: 'system:controller:cloud-provider',
    rules: `-: configmaps: create ${READ}`,
    accounts: ['cloud-provider'],
  },
  {
    namespace: SYSTEM,
    name: 'system:controller:token-cleaner',
    rules: `-: secrets: delete ${READ}\n${EVENTS}`,
    accounts: ['token-cleaner'],
  },
  {
    namespace: SYSTEM,
    name: 'system::leader-locking-kube-controller-manager',
    rules: `-: configmaps: watch\n-: configmaps: get update: kube-controller-manager`,
    users: ['system:kube-controller-manager'],
    accounts: ['kube-controller-manager'],
  },
  {
    namespace: SYSTEM,
    name: 'system::leader-locking-kube-scheduler',
    rules: `-: configmaps: watch\n-: configmaps: get update: kube-scheduler`,
    users: ['system:kube-scheduler'],
    accounts: ['kube-scheduler'],
  },
  {
    namespace: PUBLIC,
    name: 'system:controller:bootstrap-signer',
    rules: `-: configmaps: ${READ}\n-: configmaps: update: cluster-info\n${EVENTS}`,
    accounts: ['bootstrap-signer'],
  },
];
