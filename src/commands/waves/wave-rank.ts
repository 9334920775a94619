/** Where kinds stand among what is applied together, as `Kind` or `Kind.group`. What others need comes first. */
const ORDER: readonly (readonly string[])[] = [
  ['Namespace', 'CustomResourceDefinition.apiextensions.k8s.io'],
  [
    'PriorityClass.scheduling.k8s.io',
    'StorageClass.storage.k8s.io',
    'IngressClass.networking.k8s.io',
    'RuntimeClass.node.k8s.io',
    'ResourceQuota',
    'LimitRange',
    'ServiceAccount',
    'Secret',
    'ConfigMap',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'ClusterRole.rbac.authorization.k8s.io',
    'ClusterRoleBinding.rbac.authorization.k8s.io',
    'Role.rbac.authorization.k8s.io',
    'RoleBinding.rbac.authorization.k8s.io',
    'NetworkPolicy.networking.k8s.io',
  ],
];

/** They act on whatever comes after them, and need their service up. */
const LAST: ReadonlySet<string> = new Set([
  'APIService.apiregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
]);

/** Waves in the order of applying; deleting goes the other way. */
export const waveNames = ['definitions', 'foundations', 'objects', 'custom resources', 'interceptors'] as const;

/** Which wave an object belongs to, and its place in it: kinds of one wave go in a fixed order. */
export interface WaveRank {
  readonly wave: number;
  readonly place: number;
}

const ranks: ReadonlyMap<string, WaveRank> = new Map(
  ORDER.flatMap((kinds, wave) => kinds.map((kind, place) => [kind, { wave, place }] as const)),
);

/** The rank of a kind. `defined` holds the kinds that definitions of the same set define: their controller is in the set too. */
export function waveRank(kind: string, group: string, defined: ReadonlySet<string>): WaveRank {
  const name = group === '' ? kind : `${kind}.${group}`;
  const known = ranks.get(name);
  if (known !== undefined) return known;
  if (LAST.has(name)) return { wave: 4, place: 0 };
  return { wave: defined.has(name) ? 3 : 2, place: 0 };
}
