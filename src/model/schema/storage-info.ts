import { apiVersionOf, type ResourceInfo } from './resource-info.ts';

/** Where and how kube-apiserver 1.36 holds the objects of a resource in etcd. */
export interface StorageInfo {
  /** The path below the prefix, without slashes at its ends: `pods`, `services/specs`, `stable.example.com/crontabs`. */
  readonly path: string;
  /** The apiVersion that the stored bytes carry. */
  readonly apiVersion: string;
  readonly encoding: 'protobuf' | 'json';
}

type GroupResource = Pick<ResourceInfo, 'group' | 'plural'>;

/** Resources whose path is not their plural (kube-apiserver's special default resource prefixes). */
const PATHS: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
};

/** Resources whose objects are stored in another version than their group's v1. */
const STORAGE_VERSIONS: Readonly<Record<string, string>> = {
  'events.events.k8s.io': 'v1',
  'horizontalpodautoscalers.autoscaling': 'autoscaling/v2',
  'mutatingadmissionpolicies.admissionregistration.k8s.io': 'admissionregistration.k8s.io/v1beta1',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': 'admissionregistration.k8s.io/v1beta1',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/v1beta1',
};

/** Groups whose own servers (extension servers in kube-apiserver's process) store JSON. */
const JSON_GROUPS: readonly string[] = ['apiextensions.k8s.io', 'apiregistration.k8s.io'];

/** Resources that are answered and never stored. */
const VIRTUAL: readonly string[] = [
  'bindings',
  'componentstatuses',
  'selfsubjectreviews.authentication.k8s.io',
  'tokenreviews.authentication.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
];

/** How a built-in resource is stored; undefined when its objects are never stored (reviews, bindings, componentstatuses). */
export function storageInfo({ group, plural }: GroupResource): StorageInfo | undefined {
  const name = group === '' ? plural : `${plural}.${group}`;
  if (VIRTUAL.includes(name)) return undefined;
  return {
    path: PATHS[name] ?? plural,
    apiVersion: STORAGE_VERSIONS[name] ?? apiVersionOf({ group, version: 'v1' }),
    encoding: JSON_GROUPS.includes(group) ? 'json' : 'protobuf',
  };
}

/** How a custom resource is stored, given the version that its CustomResourceDefinition marks as storage. */
export function customStorageInfo({ group, plural }: GroupResource, storageVersion: string): StorageInfo {
  return { path: `${group}/${plural}`, apiVersion: `${group}/${storageVersion}`, encoding: 'json' };
}
