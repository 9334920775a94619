import type { KubeObject } from '../../../src/model/kube-object.ts';

const LABELS = { app: 'fuzz' };
const POD_SPEC = {
  containers: [
    {
      name: 'main',
      image: 'busybox:1.37',
      ports: [{ name: 'http', containerPort: 80 }],
      env: [{ name: 'A', value: 'b' }],
      resources: { requests: { cpu: '100m', memory: '64Mi' } },
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
  ],
  volumes: [{ name: 'data', emptyDir: {} }],
};
const TEMPLATE = { metadata: { labels: LABELS }, spec: POD_SPEC };
const CLAIM_SPEC = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

function object(apiVersion: string, kind: string, fields: object): KubeObject {
  return { apiVersion, kind, metadata: { name: 'fuzz' }, ...fields };
}

/** Good objects of kinds that the reference server was not given, by `apiVersion/plural`. */
export const MORE_INPUTS: Readonly<Record<string, KubeObject>> = {
  'v1/persistentvolumeclaims': object('v1', 'PersistentVolumeClaim', { spec: CLAIM_SPEC }),
  'v1/podtemplates': object('v1', 'PodTemplate', { template: TEMPLATE }),
  'v1/replicationcontrollers': object('v1', 'ReplicationController', {
    spec: { replicas: 2, selector: LABELS, template: TEMPLATE },
  }),
  'v1/resourcequotas': object('v1', 'ResourceQuota', { spec: { hard: { pods: '10', 'requests.cpu': '4' } } }),
  'apps/v1/statefulsets': object('apps/v1', 'StatefulSet', {
    spec: {
      replicas: 2,
      serviceName: 'fuzz',
      selector: { matchLabels: LABELS },
      template: TEMPLATE,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM_SPEC }],
    },
  }),
  'batch/v1/cronjobs': object('batch/v1', 'CronJob', {
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: { spec: { template: { spec: { ...POD_SPEC, restartPolicy: 'Never' } } } },
    },
  }),
  'autoscaling/v1/horizontalpodautoscalers': object('autoscaling/v1', 'HorizontalPodAutoscaler', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fuzz' },
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 50,
    },
  }),
  'discovery.k8s.io/v1/endpointslices': object('discovery.k8s.io/v1', 'EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true } }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  }),
  'networking.k8s.io/v1/ingressclasses': object('networking.k8s.io/v1', 'IngressClass', {
    spec: { controller: 'example.com/ingress' },
  }),
  'storage.k8s.io/v1/storageclasses': object('storage.k8s.io/v1', 'StorageClass', {
    provisioner: 'example.com/disk',
    parameters: { type: 'fast' },
  }),
  'scheduling.k8s.io/v1/priorityclasses': object('scheduling.k8s.io/v1', 'PriorityClass', { value: 100 }),
  'node.k8s.io/v1/runtimeclasses': object('node.k8s.io/v1', 'RuntimeClass', { handler: 'fuzz' }),
  'rbac.authorization.k8s.io/v1/clusterroles': object('rbac.authorization.k8s.io/v1', 'ClusterRole', {
    rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] }],
  }),
  'admissionregistration.k8s.io/v1/validatingwebhookconfigurations': object(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    {
      webhooks: [
        {
          name: 'fuzz.example.com',
          clientConfig: { url: 'https://hook.example.com/' },
          rules: [{ apiGroups: ['fuzz.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['*'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    },
  ),
  'admissionregistration.k8s.io/v1/validatingadmissionpolicybindings': object(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    { spec: { policyName: 'fuzz', validationActions: ['Deny'] } },
  ),
  'networking.k8s.io/v1/servicecidrs': object('networking.k8s.io/v1', 'ServiceCIDR', {
    spec: { cidrs: ['10.9.0.0/24'] },
  }),
};
