import type { CommandRow } from './command-row.ts';
import { authCommands } from './auth/auth-rows.ts';
import { configCommands, configGroup } from './config/config-rows.ts';
import { kubercRow } from './kuberc/kuberc-rows.ts';
import { generators } from './create/generator-rows.ts';
import { rolloutCommands } from './rollout/rollout-rows.ts';
import { setCommands } from './set/set-rows.ts';
import { dataCommands } from './etcd/data/data-rows.ts';
import { serverCommands } from './etcd/server-rows.ts';
import { withEtcdctlFlags } from './etcd/server/etcdctl-flags.ts';
import { snapshotCommands, snapshotGroup } from './etcd/snapshot-rows.ts';
import { moveCommands } from './move/move-rows.ts';
import { podCommands } from './pods/pod-rows.ts';
import { storeCommands, storeGroup } from './store/store-rows.ts';
import { topCommand } from './top/top-rows.ts';

/** What works on the record of what was applied. */
const applyCommands: readonly CommandRow[] = [
  {
    name: 'edit-last-applied',
    summary: 'Change in an editor what was applied last',
    load: async () => (await import('./apply/edit-last-applied.ts')).editLastApplied,
  },
  {
    name: 'set-last-applied',
    summary: 'Record a manifest as what was applied last',
    load: async () => (await import('./apply/set-last-applied.ts')).setLastApplied,
  },
  {
    name: 'view-last-applied',
    summary: 'Show what was applied last',
    load: async () => (await import('./apply/view-last-applied.ts')).viewLastApplied,
  },
];

/** What works on the keys of a store. */
const etcdCommands: readonly CommandRow[] = [
  {
    name: 'connect',
    summary: "Find a cluster's etcd: endpoints, certificates, prefix",
    load: async () => (await import('./etcd/connect/connect.ts')).etcdConnect,
  },
  { name: 'del', summary: 'Delete keys', load: async () => (await import('./etcd/del.ts')).etcdDel },
  {
    name: 'get',
    summary: 'Show keys with their values, decoded',
    load: async () => (await import('./etcd/get.ts')).etcdGet,
  },
  { name: 'ls', summary: 'List keys with their revisions', load: async () => (await import('./etcd/ls.ts')).etcdLs },
  { name: 'put', summary: 'Store a value under a key', load: async () => (await import('./etcd/put.ts')).etcdPut },
  { name: 'snapshot', summary: 'Look at and restore snapshots', group: snapshotGroup, children: snapshotCommands },
  {
    name: 'undo',
    summary: 'Bring back what was overwritten or deleted',
    load: async () => (await import('./etcd/undo.ts')).etcdUndo,
  },
  {
    name: 'watch',
    summary: 'Show changes of keys as they happen',
    load: async () => (await import('./etcd/watch.ts')).etcdWatch,
  },
];

/** What decides about certificate signing requests. */
const certificateCommands: readonly CommandRow[] = [
  {
    name: 'approve',
    summary: 'Approve certificate signing requests',
    load: async () => (await import('./certificate/certificate.ts')).approveCertificate,
  },
  {
    name: 'deny',
    summary: 'Deny certificate signing requests',
    load: async () => (await import('./certificate/certificate.ts')).denyCertificate,
  },
];

/** Every command. Nothing but this data is loaded before a command is named. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'create',
    summary: 'Create objects from manifests, or from flags',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./create/create.ts')).create,
    children: generators,
  },
  {
    name: 'run',
    summary: 'Run an image in a pod',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./run/run.ts')).run,
  },
  {
    name: 'set',
    summary: 'Change single fields of objects',
    section: 'Basic Commands (Beginner):',
    group: {
      use: 'set SUBCOMMAND',
      description: 'Configure application resources: change one part of existing objects.',
    },
    children: setCommands,
  },
  {
    name: 'get',
    summary: 'Show one or many objects',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./get.ts')).get,
  },
  {
    name: 'edit',
    summary: 'Change an object in an editor',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./edit/edit.ts')).edit,
  },
  {
    name: 'delete',
    summary: 'Delete objects by manifests, names or selectors',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./delete.ts')).deleteCommand,
  },
  {
    name: 'rollout',
    summary: 'Follow and steer rollouts of workloads',
    section: 'Deploy Commands:',
    group: {
      use: 'rollout SUBCOMMAND',
      description: 'Manage the rollout of deployments, daemon sets and stateful sets.',
      examples: [
        { comment: 'Go back to the revision before', command: 'kubectl rollout undo deployment/abc' },
        { comment: 'Wait until a rollout is through', command: 'kubectl rollout status daemonset/foo' },
        { comment: 'Start all pods of a deployment anew', command: 'kubectl rollout restart deployment/abc' },
      ],
    },
    children: rolloutCommands,
  },
  {
    name: 'scale',
    summary: 'Change how many replicas there are',
    section: 'Deploy Commands:',
    load: async () => (await import('./scale/scale.ts')).scale,
  },
  {
    name: 'apply',
    summary: 'Bring objects to what manifests say',
    section: 'Advanced Commands:',
    load: async () => (await import('./apply/apply.ts')).apply,
    children: applyCommands,
  },
  {
    name: 'diff',
    summary: 'Show what apply would change',
    section: 'Advanced Commands:',
    load: async () => (await import('./diff/diff.ts')).diff,
  },
  {
    name: 'describe',
    summary: 'Show an object in detail, with its events',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./describe.ts')).describe,
  },
  {
    name: 'patch',
    summary: 'Change fields of an object',
    section: 'Advanced Commands:',
    load: async () => (await import('./patch.ts')).patch,
  },
  {
    name: 'replace',
    summary: 'Replace objects by those of manifests',
    section: 'Advanced Commands:',
    load: async () => (await import('./replace.ts')).replace,
  },
  {
    name: 'autoscale',
    summary: 'Let the number of replicas follow the load',
    section: 'Deploy Commands:',
    load: async () => (await import('./autoscale.ts')).autoscale,
  },
  {
    name: 'expose',
    summary: 'Make a service for a workload',
    section: 'Basic Commands (Beginner):',
    load: async () => (await import('./expose/expose.ts')).expose,
  },
  {
    name: 'certificate',
    summary: 'Approve and deny certificate signing requests',
    section: 'Cluster Management Commands:',
    group: { use: 'certificate SUBCOMMAND', description: 'Approve and deny certificate signing requests.' },
    children: certificateCommands,
  },
  {
    name: 'cordon',
    summary: 'Keep new pods off a node',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/cordon.ts')).cordon,
  },
  {
    name: 'uncordon',
    summary: 'Let new pods onto a node again',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/cordon.ts')).uncordon,
  },
  {
    name: 'drain',
    summary: 'Empty a node of its pods',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./drain/drain.ts')).drain,
  },
  {
    name: 'taint',
    summary: 'Set and remove taints of nodes',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./taint/taint.ts')).taint,
  },
  {
    name: 'wait',
    summary: 'Wait until objects are as they should be',
    section: 'Advanced Commands:',
    load: async () => (await import('./wait/wait.ts')).wait,
  },
  {
    name: 'kustomize',
    summary: 'Print the objects of a kustomization',
    section: 'Advanced Commands:',
    load: async () => (await import('./kustomize.ts')).kustomize,
  },
  {
    name: 'label',
    summary: 'Set and remove labels',
    section: 'Settings Commands:',
    load: async () => (await import('./label.ts')).label,
  },
  {
    name: 'annotate',
    summary: 'Set and remove annotations',
    section: 'Settings Commands:',
    load: async () => (await import('./annotate.ts')).annotate,
  },
  {
    name: 'etcd',
    summary: 'Read and write the keys in etcd or in the local store',
    section: 'Storage Commands:',
    group: {
      use: 'etcd COMMAND',
      description:
        'Read and write the keys of etcd, or of the local store, with values decoded; administer an etcd cluster.',
    },
    children: [...etcdCommands, ...dataCommands, ...serverCommands].map(withEtcdctlFlags),
  },
  ...moveCommands,
  {
    name: 'serve',
    summary: 'Put the local store or etcd behind the Kubernetes HTTP API',
    section: 'Storage Commands:',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'store',
    summary: 'Check and repair the files of the local store',
    section: 'Storage Commands:',
    group: storeGroup,
    children: storeCommands,
  },
  {
    name: 'explain',
    summary: 'Tell the fields of a kind',
    section: 'Basic Commands (Intermediate):',
    load: async () => (await import('./explain/explain.ts')).explain,
  },
  {
    name: 'cluster-info',
    summary: 'Tell where the cluster is',
    section: 'Cluster Management Commands:',
    load: async () => (await import('./discovery/cluster-info.ts')).clusterInfo,
    children: [
      {
        name: 'dump',
        summary: 'Write out what helps to find a fault',
        load: async () => (await import('./discovery/cluster-info-dump.ts')).clusterInfoDump,
      },
    ],
  },
  {
    name: 'auth',
    summary: 'Ask what is allowed, and who you are',
    section: 'Troubleshooting and Debugging Commands:',
    group: { use: 'auth [flags]', description: 'Ask what is allowed, and who you are.' },
    children: authCommands,
  },
  {
    name: 'events',
    summary: 'Show what happened to objects',
    section: 'Troubleshooting and Debugging Commands:',
    load: async () => (await import('./events.ts')).events,
  },
  ...podCommands,
  topCommand,
  {
    name: 'api-resources',
    summary: 'List the kinds that the server has',
    section: 'Other Commands:',
    load: async () => (await import('./discovery/api-resources.ts')).apiResources,
  },
  {
    name: 'api-versions',
    summary: 'List the versions that the server has, as group/version',
    section: 'Other Commands:',
    load: async () => (await import('./discovery/api-versions.ts')).apiVersions,
  },
  {
    name: 'plugin',
    summary: 'Find plugins',
    section: 'Other Commands:',
    group: {
      use: 'plugin [flags]',
      description:
        'Work with plugins: programs on $PATH named kubectl-NAME or kube-lite-NAME, which are run for the command NAME.',
      examples: [{ comment: 'The plugins that there are', command: 'kubectl plugin list' }],
    },
    children: [
      {
        name: 'list',
        summary: 'List the plugins on the PATH',
        load: async () => (await import('./plugin/list.ts')).pluginList,
      },
    ],
  },
  {
    name: 'config',
    summary: 'Show and change kubeconfig files',
    section: 'Other Commands:',
    group: configGroup,
    children: configCommands,
  },
  kubercRow,
  {
    name: 'alpha',
    summary: 'Commands that kubectl still tries out',
    section: 'Other Commands:',
    group: { use: 'alpha [flags]', description: 'Commands that kubectl still tries out.' },
    children: [kubercRow],
  },
  {
    name: 'completion',
    summary: 'Print the completion script for a shell (bash, zsh or fish)',
    section: 'Settings Commands:',
    load: async () => (await import('./completion/completion.ts')).completion,
  },
  {
    name: 'help',
    summary: 'Show the help of a command',
    section: 'Other Commands:',
    group: { use: 'help [command]', description: 'Show the help of a command.' },
  },
  {
    name: 'man',
    summary: 'Show a manual page, or write them all into a folder',
    section: 'Other Commands:',
    group: {
      use: 'man [COMMAND] [--dir=FOLDER]',
      description:
        'Show the manual page of a command (man -l - reads it), or write those of all commands into a folder.',
    },
  },
  {
    name: 'options',
    summary: 'List the flags that every command takes',
    hidden: true,
    load: async () => (await import('./options.ts')).options,
  },
  {
    name: 'version',
    summary: 'Show the versions of client and server',
    section: 'Other Commands:',
    load: async () => (await import('./version.ts')).version,
  },
];
