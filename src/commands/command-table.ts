import type { CommandRow } from './command-row.ts';
import { configCommands, configGroup } from './config/config-rows.ts';
import { generators } from './create/generator-rows.ts';

/** What works on the record of what was applied. */
const applyCommands: readonly CommandRow[] = [
  {
    name: 'edit-last-applied',
    summary: 'Edit latest last-applied-configuration annotations of a resource/object',
    load: async () => (await import('./apply/edit-last-applied.ts')).editLastApplied,
  },
  {
    name: 'set-last-applied',
    summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
    load: async () => (await import('./apply/set-last-applied.ts')).setLastApplied,
  },
  {
    name: 'view-last-applied',
    summary: 'View the latest last-applied-configuration annotations of a resource/object',
    load: async () => (await import('./apply/view-last-applied.ts')).viewLastApplied,
  },
];

/** What works on the keys of a store. */
const etcdCommands: readonly CommandRow[] = [
  { name: 'del', summary: 'Delete keys', load: async () => (await import('./etcd/del.ts')).etcdDel },
  {
    name: 'get',
    summary: 'Show keys with their values, decoded',
    load: async () => (await import('./etcd/get.ts')).etcdGet,
  },
  { name: 'ls', summary: 'List keys with their revisions', load: async () => (await import('./etcd/ls.ts')).etcdLs },
  { name: 'put', summary: 'Store a value under a key', load: async () => (await import('./etcd/put.ts')).etcdPut },
  {
    name: 'watch',
    summary: 'Show changes of keys as they happen',
    load: async () => (await import('./etcd/watch.ts')).etcdWatch,
  },
];

/** What works on the rollouts of workloads. */
const rolloutCommands: readonly CommandRow[] = [
  {
    name: 'history',
    summary: 'View rollout history',
    load: async () => (await import('./rollout/history.ts')).rolloutHistoryCommand,
  },
  {
    name: 'pause',
    summary: 'Mark the provided resource as paused',
    load: async () => (await import('./rollout/pause.ts')).rolloutPause,
  },
  {
    name: 'restart',
    summary: 'Restart a resource',
    load: async () => (await import('./rollout/restart.ts')).rolloutRestart,
  },
  {
    name: 'resume',
    summary: 'Resume a paused resource',
    load: async () => (await import('./rollout/pause.ts')).rolloutResume,
  },
  {
    name: 'status',
    summary: 'Show the status of the rollout',
    load: async () => (await import('./rollout/status.ts')).rolloutStatus,
  },
  {
    name: 'undo',
    summary: 'Undo a previous rollout',
    load: async () => (await import('./rollout/undo.ts')).rolloutUndo,
  },
];

/** What changes a part of objects by name. */
const setCommands: readonly CommandRow[] = [
  {
    name: 'env',
    summary: 'Update environment variables on a pod template',
    load: async () => (await import('./set/env.ts')).setEnv,
  },
  {
    name: 'image',
    summary: 'Update the image of a pod template',
    load: async () => (await import('./set/image.ts')).setImage,
  },
  {
    name: 'resources',
    summary: 'Update resource requests/limits on objects with pod templates',
    load: async () => (await import('./set/resources.ts')).setResources,
  },
  {
    name: 'selector',
    summary: 'Set the selector on a resource',
    load: async () => (await import('./set/selector.ts')).setSelector,
  },
  {
    name: 'serviceaccount',
    aliases: ['sa'],
    summary: 'Update the service account of a resource',
    load: async () => (await import('./set/serviceaccount.ts')).setServiceAccount,
  },
  {
    name: 'subject',
    summary: 'Update the user, group, or service account in a role binding or cluster role binding',
    load: async () => (await import('./set/subject.ts')).setSubject,
  },
];

/** Every command. Nothing but this data is loaded before a command is named. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'create',
    summary: 'Create a resource from a file or from stdin',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./create/create.ts')).create,
    children: generators,
  },
  {
    name: 'run',
    summary: 'Run a particular image on the cluster',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./run/run.ts')).run,
  },
  {
    name: 'set',
    summary: 'Set specific features on objects',
    section: 'Basic Commands (Beginner):',
    group: {
      use: 'set SUBCOMMAND',
      description: 'Configure application resources: change one part of existing objects.',
    },
    children: setCommands,
  },
  {
    name: 'get',
    summary: 'Display one or many resources',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./get.ts')).get,
  },
  {
    name: 'edit',
    summary: 'Edit a resource on the server',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./edit/edit.ts')).edit,
  },
  {
    name: 'delete',
    summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./delete.ts')).deleteCommand,
  },
  {
    name: 'rollout',
    summary: 'Manage the rollout of a resource',
    section: 'Deploy Commands:',
    group: {
      use: 'rollout SUBCOMMAND',
      description: 'Manage the rollout of deployments, daemon sets and stateful sets.',
    },
    children: rolloutCommands,
  },
  {
    name: 'scale',
    summary: 'Set a new size for a deployment, replica set, or replication controller',
    section: 'Deploy Commands:',
    load: async () => (await import('./scale/scale.ts')).scale,
  },
  {
    name: 'apply',
    summary: 'Apply a configuration to a resource by file name or stdin',
    section: 'Advanced Commands:',
    load: async () => (await import('./apply/apply.ts')).apply,
    children: applyCommands,
  },
  {
    name: 'diff',
    summary: 'Diff the live version against a would-be applied version',
    section: 'Advanced Commands:',
    load: async () => (await import('./diff/diff.ts')).diff,
  },
  {
    name: 'describe',
    summary: 'Show details of a specific resource or group of resources',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./describe.ts')).describe,
  },
  {
    name: 'patch',
    summary: 'Update fields of a resource',
    section: 'Advanced Commands:',
    load: async () => (await import('./patch.ts')).patch,
  },
  {
    name: 'replace',
    summary: 'Replace a resource by file name or stdin',
    section: 'Advanced Commands:',
    load: async () => (await import('./replace.ts')).replace,
  },
  {
    name: 'autoscale',
    summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
    section: 'Deploy Commands:',
    load: async () => (await import('./autoscale.ts')).autoscale,
  },
  {
    name: 'expose',
    summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./expose/expose.ts')).expose,
  },
  {
    name: 'cordon',
    summary: 'Mark node as unschedulable',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/cordon.ts')).cordon,
  },
  {
    name: 'uncordon',
    summary: 'Mark node as schedulable',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/cordon.ts')).uncordon,
  },
  {
    name: 'drain',
    summary: 'Drain node in preparation for maintenance',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/drain.ts')).drain,
  },
  {
    name: 'taint',
    summary: 'Update the taints on one or more nodes',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./taint/taint.ts')).taint,
  },
  {
    name: 'wait',
    summary: 'Wait for a specific condition on one or many resources',
    section: 'Advanced Commands:',
    load: async () => (await import('./wait/wait.ts')).wait,
  },
  {
    name: 'kustomize',
    summary: 'Build a kustomization target from a directory or URL',
    section: 'Advanced Commands:',
    load: async () => (await import('./kustomize.ts')).kustomize,
  },
  {
    name: 'label',
    summary: 'Update the labels on a resource',
    section: 'Settings Commands:',
    load: async () => (await import('./label.ts')).label,
  },
  {
    name: 'annotate',
    summary: 'Update the annotations on a resource',
    section: 'Settings Commands:',
    load: async () => (await import('./annotate.ts')).annotate,
  },
  {
    name: 'etcd',
    summary: 'Read and write the keys in etcd or in the local store',
    section: 'Storage Commands:',
    group: {
      use: 'etcd (del | get | ls | put | watch)',
      description: 'Read and write the keys of etcd, or of the local store, with values decoded.',
    },
    children: etcdCommands,
  },
  {
    name: 'serve',
    summary: 'Put the local store or etcd behind the Kubernetes HTTP API',
    section: 'Storage Commands:',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'explain',
    summary: 'Get documentation for a resource',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./explain/explain.ts')).explain,
  },
  {
    name: 'cluster-info',
    summary: 'Display cluster information',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./discovery/cluster-info.ts')).clusterInfo,
    children: [
      {
        name: 'dump',
        summary: 'Dump relevant information for debugging and diagnosis',
        load: async () => (await import('./discovery/cluster-info-dump.ts')).clusterInfoDump,
      },
    ],
  },
  {
    name: 'auth',
    summary: 'Inspect authorization',
    section: 'Troubleshooting and Debugging Commands:',
    group: { use: 'auth [flags]', description: 'Inspect authorization.' },
    children: [
      {
        name: 'can-i',
        summary: 'Check whether an action is allowed',
        load: async () => (await import('./auth/can-i.ts')).canI,
      },
      {
        name: 'whoami',
        summary: 'Check self subject attributes',
        load: async () => (await import('./auth/whoami.ts')).whoami,
      },
    ],
  },
  {
    name: 'events',
    summary: 'List events',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./events.ts')).events,
  },
  {
    name: 'api-resources',
    summary: 'Print the supported API resources on the server',
    section: 'Other Commands:',
    load: async () => (await import('./discovery/api-resources.ts')).apiResources,
  },
  {
    name: 'api-versions',
    summary: 'Print the supported API versions on the server, in the form of "group/version"',
    section: 'Other Commands:',
    load: async () => (await import('./discovery/api-versions.ts')).apiVersions,
  },
  {
    name: 'plugin',
    summary: 'Provides utilities for interacting with plugins',
    section: 'Other Commands:',
    group: {
      use: 'plugin [flags]',
      description:
        'Work with plugins: programs on $PATH named kubectl-NAME or kube-lite-NAME, which are run for the command NAME.',
    },
    children: [
      {
        name: 'list',
        summary: "List all visible plugin executables on a user's PATH",
        load: async () => (await import('./plugin/list.ts')).pluginList,
      },
    ],
  },
  {
    name: 'config',
    summary: 'Modify kubeconfig files',
    section: 'Other Commands:',
    group: configGroup,
    children: configCommands,
  },
  {
    name: 'completion',
    summary: 'Output shell completion code for the specified shell (bash, zsh, or fish)',
    section: 'Settings Commands:',
    load: async () => (await import('./completion/completion.ts')).completion,
  },
  {
    name: 'help',
    summary: 'Help about any command',
    section: 'Other Commands:',
    group: { use: 'help [command]', description: 'Help about any command.' },
  },
  {
    name: 'options',
    summary: 'Print the list of flags inherited by all commands',
    hidden: true,
    load: async () => (await import('./options.ts')).options,
  },
  {
    name: 'version',
    summary: 'Print the client and server version information',
    section: 'Other Commands:',
    load: async () => (await import('./version.ts')).version,
  },
];
