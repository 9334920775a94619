import type { FieldSpec } from './field-spec.ts';
import type { Gvk } from './res-id.ts';
import { type NameReference, sortedConfig, type TransformerConfig } from './transformer-config.ts';

type Selected = Partial<Gvk>;

const WORKLOADS: readonly string[] = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'];
const TEMPLATE = 'spec/template';
const CRON_TEMPLATE = 'spec/jobTemplate/spec/template';

function spec(path: string, selected: Selected = {}, create = false): FieldSpec {
  return { group: '', version: '', kind: '', ...selected, path, create };
}

/** The specs of a path below the pod spec, for each kind that has one. */
function inPodSpec(path: string, kinds: readonly string[]): FieldSpec[] {
  return kinds.map((kind) => {
    if (kind === 'Pod') return spec(`spec/${path}`, { kind, version: 'v1' });
    if (kind === 'PodTemplate') return spec(`template/spec/${path}`, { kind });
    return spec(`${kind === 'CronJob' ? CRON_TEMPLATE : TEMPLATE}/spec/${path}`, { kind });
  });
}

const POD_KINDS: readonly string[] = ['Pod', 'PodTemplate', ...WORKLOADS, 'CronJob'];
/** The kinds whose service account, claims and priority class kustomize follows. */
const CLAIMING_KINDS: readonly string[] = [
  'StatefulSet',
  'Deployment',
  'ReplicationController',
  'CronJob',
  'Job',
  'DaemonSet',
];
const BATCH: Selected = { group: 'batch' };
const APPS: Selected = { group: 'apps' };
const RBAC: Selected = { group: 'rbac.authorization.k8s.io' };

/** The path of the pod template's metadata field, for each kind that has a template. */
function templateMetadata(field: string, statefulSet: Selected, claims: boolean): FieldSpec[] {
  const path = `${TEMPLATE}/metadata/${field}`;
  return [
    spec(`metadata/${field}`, {}, true),
    spec(path, { version: 'v1', kind: 'ReplicationController' }, true),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => spec(path, { kind }, true)),
    spec(path, { ...statefulSet, kind: 'StatefulSet' }, true),
    ...(claims ? [spec(`spec/volumeClaimTemplates[]/metadata/${field}`, { ...APPS, kind: 'StatefulSet' }, true)] : []),
    spec(path, { ...BATCH, kind: 'Job' }, true),
    spec(`spec/jobTemplate/metadata/${field}`, { ...BATCH, kind: 'CronJob' }, true),
    spec(`${CRON_TEMPLATE}/metadata/${field}`, { ...BATCH, kind: 'CronJob' }, true),
  ];
}

function podLabelSelectors(kind: string): FieldSpec[] {
  const affinity = ['podAffinity', 'podAntiAffinity'].flatMap((side) => [
    `affinity/${side}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm`,
    `affinity/${side}/requiredDuringSchedulingIgnoredDuringExecution`,
  ]);
  return [...affinity, 'topologySpreadConstraints'].map((path) =>
    spec(`${TEMPLATE}/spec/${path}/labelSelector/matchLabels`, { ...APPS, kind }),
  );
}

function labelSelectors(): FieldSpec[] {
  const network: Selected = { group: 'networking.k8s.io', kind: 'NetworkPolicy' };
  const matchLabels = 'spec/selector/matchLabels';
  return [
    spec('spec/selector', { version: 'v1', kind: 'Service' }, true),
    spec('spec/selector', { version: 'v1', kind: 'ReplicationController' }, true),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => spec(matchLabels, { kind }, true)),
    spec(matchLabels, { ...APPS, kind: 'StatefulSet' }, true),
    ...podLabelSelectors('Deployment'),
    ...podLabelSelectors('StatefulSet'),
    spec(matchLabels, { ...BATCH, kind: 'Job' }),
    spec('spec/jobTemplate/spec/selector/matchLabels', { ...BATCH, kind: 'CronJob' }),
    spec(matchLabels, { group: 'policy', kind: 'PodDisruptionBudget' }),
    spec('spec/podSelector/matchLabels', network),
    spec('spec/ingress/from/podSelector/matchLabels', network),
    spec('spec/egress/to/podSelector/matchLabels', network),
  ];
}

/** The places of a pod spec that name a ConfigMap or a Secret. */
function podReferences(source: 'configMap' | 'secret'): string[] {
  const containers = ['containers', 'initContainers'];
  return [
    `volumes/${source}/${source === 'secret' ? 'secretName' : 'name'}`,
    ...containers.map((each) => `${each}/env/valueFrom/${source}KeyRef/name`),
    ...containers.map((each) => `${each}/envFrom/${source}Ref/name`),
    `volumes/projected/sources/${source}/name`,
    ...(source === 'secret' ? ['imagePullSecrets/name'] : []),
  ];
}

function reference(selected: Selected, fieldSpecs: FieldSpec[]): NameReference {
  return { group: '', version: '', kind: '', ...selected, fieldSpecs };
}

function specs(kind: string, ...paths: string[]): FieldSpec[] {
  return paths.map((path) => spec(path, { kind }));
}

const RESOURCE_NAMES: readonly FieldSpec[] = ['Role', 'ClusterRole'].flatMap((kind) =>
  specs(kind, 'rules/resourceNames'),
);

function configMapReferences(): NameReference {
  return reference({ kind: 'ConfigMap', version: 'v1' }, [
    ...podReferences('configMap').flatMap((path) => inPodSpec(path, POD_KINDS)),
    ...specs('Node', 'spec/configSource/configMap'),
    ...RESOURCE_NAMES,
    ...specs('Ingress', String.raw`metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap`),
  ]);
}

function secretReferences(): NameReference {
  return reference({ kind: 'Secret', version: 'v1' }, [
    ...podReferences('secret').flatMap((path) => inPodSpec(path, POD_KINDS)),
    ...specs(
      'Ingress',
      'spec/tls/secretName',
      String.raw`metadata/annotations/ingress.kubernetes.io\/auth-secret`,
      String.raw`metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret`,
      String.raw`metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret`,
    ),
    ...specs('ServiceAccount', 'imagePullSecrets/name'),
    ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) =>
      spec(`parameters/${name}`, { kind: 'StorageClass' }),
    ),
    ...RESOURCE_NAMES,
    spec(`${TEMPLATE}/spec/containers/env/valueFrom/secretKeyRef/name`, {
      kind: 'Service',
      group: 'serving.knative.dev',
      version: 'v1',
    }),
    ...specs('PersistentVolume', 'spec/azureFile/secretName'),
  ]);
}

function serviceReferences(): NameReference {
  const admission: Selected = { group: 'admissionregistration.k8s.io' };
  return reference({ kind: 'Service', version: 'v1' }, [
    spec('spec/serviceName', { ...APPS, kind: 'StatefulSet' }),
    ...specs(
      'Ingress',
      'spec/rules/http/paths/backend/serviceName',
      'spec/backend/serviceName',
      'spec/rules/http/paths/backend/service/name',
      'spec/defaultBackend/service/name',
    ),
    spec('spec/service/name', { kind: 'APIService', group: 'apiregistration.k8s.io' }),
    spec('webhooks/clientConfig/service', { ...admission, kind: 'ValidatingWebhookConfiguration' }),
    spec('webhooks/clientConfig/service', { ...admission, kind: 'MutatingWebhookConfiguration' }),
  ]);
}

function podKindReferences(path: string): FieldSpec[] {
  return [spec(`spec/${path}`, { kind: 'Pod' }), ...inPodSpec(path, CLAIMING_KINDS)];
}

function nameReferences(): NameReference[] {
  const scaled = ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'];
  const binding = (kind: string, path: string): FieldSpec => spec(path, { ...RBAC, kind });
  const storage = ['PersistentVolume', 'PersistentVolumeClaim'].flatMap((kind) => specs(kind, 'spec/storageClassName'));
  const admission: Selected = { group: 'admissionregistration.k8s.io' };
  return [
    ...scaled.map((kind) => reference({ kind }, specs('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name'))),
    configMapReferences(),
    secretReferences(),
    serviceReferences(),
    reference({ ...RBAC, kind: 'Role' }, [binding('RoleBinding', 'roleRef/name')]),
    reference({ ...RBAC, kind: 'ClusterRole' }, [
      binding('RoleBinding', 'roleRef/name'),
      binding('ClusterRoleBinding', 'roleRef/name'),
    ]),
    reference({ kind: 'ServiceAccount', version: 'v1' }, [
      binding('RoleBinding', 'subjects'),
      binding('ClusterRoleBinding', 'subjects'),
      ...podKindReferences('serviceAccountName'),
    ]),
    reference(
      { kind: 'PersistentVolumeClaim', version: 'v1' },
      podKindReferences('volumes/persistentVolumeClaim/claimName'),
    ),
    reference({ kind: 'PersistentVolume', version: 'v1' }, [
      ...specs('PersistentVolumeClaim', 'spec/volumeName'),
      ...specs('ClusterRole', 'rules/resourceNames'),
    ]),
    reference({ kind: 'StorageClass', version: 'v1', group: 'storage.k8s.io' }, [
      ...storage,
      ...specs('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ]),
    reference(
      { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io' },
      podKindReferences('priorityClassName'),
    ),
    // Upstream's group has the version in it, so that it never fits; kept, because the output is to be the same.
    reference(
      { kind: 'IngressClass', version: 'v1', group: 'networking.k8s.io/v1' },
      specs('Ingress', 'spec/ingressClassName'),
    ),
    reference({ ...admission, kind: 'ValidatingAdmissionPolicy' }, [
      spec('spec/policyName', { ...admission, kind: 'ValidatingAdmissionPolicyBinding' }),
    ]),
  ];
}

function varReferences(): FieldSpec[] {
  const containerPaths = ['args', 'command', 'env/value', 'volumeMounts/mountPath'];
  const paths = ['containers', 'initContainers'].flatMap((each) => containerPaths.map((path) => `${each}/${path}`));
  const inKind = (kind: string, prefix: string): FieldSpec[] =>
    specs(kind, ...paths.map((path) => `${prefix}/${path}`));
  return [
    ...inKind('CronJob', `${CRON_TEMPLATE}/spec`),
    // Upstream leaves the pod spec out of this one.
    ...specs('CronJob', `${CRON_TEMPLATE}/volumes/nfs/server`),
    ...WORKLOADS.flatMap((kind) => inKind(kind, `${TEMPLATE}/spec`)),
    ...WORKLOADS.filter((kind) => kind !== 'StatefulSet').flatMap((kind) =>
      specs(kind, `${TEMPLATE}/spec/volumes/nfs/server`),
    ),
    ...specs('Deployment', `${TEMPLATE}/metadata/annotations`),
    ...specs('Ingress', 'spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName'),
    ...inKind('Pod', 'spec'),
    ...specs('Pod', 'spec/volumes/nfs/server'),
    ...specs('Service', 'spec/ports/port', 'spec/ports/targetPort'),
    ...specs('StatefulSet', 'spec/volumeClaimTemplates/spec/nfs/server'),
    ...specs('PersistentVolume', 'spec/nfs/server'),
    spec('metadata/labels'),
    spec('metadata/annotations'),
  ];
}

function imageSpecs(): FieldSpec[] {
  const paths = ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'];
  return ['spec', `${TEMPLATE}/spec`].flatMap((prefix) => paths.map((path) => spec(`${prefix}/${path}`, {}, true)));
}

/** The field specs that kustomize 5.7.1 has built in. */
export function defaultConfig(): TransformerConfig {
  return sortedConfig({
    namePrefix: [spec('metadata/name')],
    nameSuffix: [spec('metadata/name')],
    namespace: [
      spec('metadata/name', { kind: 'Namespace' }, true),
      spec('spec/service/namespace', { group: 'apiregistration.k8s.io', kind: 'APIService' }, true),
      spec('spec/conversion/webhook/clientConfig/service/namespace', {
        group: 'apiextensions.k8s.io',
        kind: 'CustomResourceDefinition',
      }),
    ],
    commonLabels: [...labelSelectors(), ...templateMetadata('labels', APPS, true)],
    labels: [],
    templateLabels: templateMetadata('labels', APPS, true),
    commonAnnotations: templateMetadata('annotations', {}, false),
    nameReference: nameReferences(),
    varReference: varReferences(),
    images: imageSpecs(),
    replicas: ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) =>
      spec('spec/replicas', { kind }, true),
    ),
  });
}
