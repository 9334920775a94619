import type { CommandRow } from '../command-row.ts';

const secretGroup = {
  use: 'secret (docker-registry | generic | tls)',
  description: `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.`,
};

/** What can be made without a manifest. */
export const generators: readonly CommandRow[] = [
  {
    name: 'clusterrole',
    summary: 'Create a cluster role',
    load: async () => (await import('./clusterrole.ts')).createClusterRole,
  },
  {
    name: 'clusterrolebinding',
    summary: 'Bind a cluster role everywhere',
    load: async () => (await import('./role-bindings.ts')).createClusterRoleBinding,
  },
  {
    name: 'configmap',
    aliases: ['cm'],
    summary: 'Create a config map from literals, files or folders',
    load: async () => (await import('./configmap.ts')).createConfigMap,
  },
  {
    name: 'cronjob',
    aliases: ['cj'],
    summary: 'Create a cron job',
    load: async () => (await import('./cronjob.ts')).createCronJob,
  },
  {
    name: 'deployment',
    aliases: ['deploy'],
    summary: 'Create a deployment that runs images',
    load: async () => (await import('./deployment.ts')).createDeployment,
  },
  {
    name: 'ingress',
    aliases: ['ing'],
    summary: 'Create an ingress',
    load: async () => (await import('./ingress.ts')).createIngress,
  },
  {
    name: 'job',
    summary: 'Create a job',
    load: async () => (await import('./job.ts')).createJob,
  },
  {
    name: 'namespace',
    aliases: ['ns'],
    summary: 'Create a namespace',
    load: async () => (await import('./namespace.ts')).createNamespace,
  },
  {
    name: 'poddisruptionbudget',
    aliases: ['pdb'],
    summary: 'Create a pod disruption budget',
    load: async () => (await import('./poddisruptionbudget.ts')).createPodDisruptionBudget,
  },
  {
    name: 'priorityclass',
    aliases: ['pc'],
    summary: 'Create a priority class',
    load: async () => (await import('./priorityclass.ts')).createPriorityClass,
  },
  {
    name: 'quota',
    aliases: ['resourcequota'],
    summary: 'Create a resource quota',
    load: async () => (await import('./quota.ts')).createQuota,
  },
  {
    name: 'role',
    summary: 'Create a role of one rule',
    load: async () => (await import('./role.ts')).createRole,
  },
  {
    name: 'rolebinding',
    summary: 'Bind a role or cluster role in a namespace',
    load: async () => (await import('./role-bindings.ts')).createRoleBinding,
  },
  {
    name: 'secret',
    summary: 'Create a secret of one of several types',
    group: secretGroup,
    children: [
      {
        name: 'docker-registry',
        summary: 'Create a secret for use with a Docker registry',
        load: async () => (await import('./secret-docker-registry.ts')).createSecretDockerRegistry,
      },
      {
        name: 'generic',
        summary: 'Create a secret from a local file, directory, or literal value',
        load: async () => (await import('./secret-generic.ts')).createSecretGeneric,
      },
      {
        name: 'tls',
        summary: 'Create a TLS secret',
        load: async () => (await import('./secret-tls.ts')).createSecretTls,
      },
    ],
  },
  {
    name: 'service',
    aliases: ['svc'],
    summary: 'Create a service of one of several types',
    group: { use: 'service', description: 'Create a service of one of several types.' },
    children: [
      {
        name: 'clusterip',
        summary: 'Create a ClusterIP service',
        load: async () => (await import('./service.ts')).createServiceClusterIP,
      },
      {
        name: 'externalname',
        summary: 'Create an ExternalName service',
        load: async () => (await import('./service.ts')).createServiceExternalName,
      },
      {
        name: 'loadbalancer',
        summary: 'Create a LoadBalancer service',
        load: async () => (await import('./service.ts')).createServiceLoadBalancer,
      },
      {
        name: 'nodeport',
        summary: 'Create a NodePort service',
        load: async () => (await import('./service.ts')).createServiceNodePort,
      },
    ],
  },
  {
    name: 'serviceaccount',
    aliases: ['sa'],
    summary: 'Create a service account',
    load: async () => (await import('./serviceaccount.ts')).createServiceAccount,
  },
  {
    name: 'token',
    summary: 'Ask for a token of a service account',
    load: async () => (await import('./token.ts')).createToken,
  },
];
