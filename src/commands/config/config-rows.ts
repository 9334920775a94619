import type { CommandRow } from '../command-row.ts';

/** The sub-commands of `config`. */
export const configCommands: readonly CommandRow[] = [
  {
    name: 'current-context',
    summary: 'Display the current-context',
    load: async () => (await import('./current-context.ts')).currentContext,
  },
  {
    name: 'delete-cluster',
    summary: 'Delete the specified cluster from the kubeconfig',
    load: async () => (await import('./delete-entry.ts')).deleteCluster,
  },
  {
    name: 'delete-context',
    summary: 'Delete the specified context from the kubeconfig',
    load: async () => (await import('./delete-entry.ts')).deleteContext,
  },
  {
    name: 'delete-user',
    summary: 'Delete the specified user from the kubeconfig',
    load: async () => (await import('./delete-entry.ts')).deleteUser,
  },
  {
    name: 'get-clusters',
    summary: 'Display clusters defined in the kubeconfig',
    load: async () => (await import('./get-names.ts')).getClusters,
  },
  {
    name: 'get-contexts',
    summary: 'Describe one or many contexts',
    load: async () => (await import('./get-contexts.ts')).getContexts,
  },
  {
    name: 'get-users',
    summary: 'Display users defined in the kubeconfig',
    load: async () => (await import('./get-names.ts')).getUsers,
  },
  {
    name: 'rename-context',
    summary: 'Rename a context from the kubeconfig file',
    load: async () => (await import('./rename-context.ts')).renameContext,
  },
  {
    name: 'set',
    summary: 'Set an individual value in a kubeconfig file',
    load: async () => (await import('./set.ts')).configSet,
  },
  {
    name: 'set-cluster',
    summary: 'Set a cluster entry in kubeconfig',
    load: async () => (await import('./set-cluster.ts')).setCluster,
  },
  {
    name: 'set-context',
    summary: 'Set a context entry in kubeconfig',
    load: async () => (await import('./set-context.ts')).setContext,
  },
  {
    name: 'set-credentials',
    summary: 'Set a user entry in kubeconfig',
    load: async () => (await import('./set-credentials.ts')).setCredentials,
  },
  {
    name: 'unset',
    summary: 'Unset an individual value in a kubeconfig file',
    load: async () => (await import('./set.ts')).configUnset,
  },
  {
    name: 'use-context',
    aliases: ['use'],
    summary: 'Set the current-context in a kubeconfig file',
    load: async () => (await import('./use-context.ts')).useContext,
  },
  {
    name: 'view',
    summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
    load: async () => (await import('./view.ts')).view,
  },
];

export const configGroup = {
  use: 'config SUBCOMMAND',
  description: `Show and change kubeconfig files: which clusters and users there are, and which context is used.

 With --kubeconfig only that file is read and written. Otherwise the files of $KUBECONFIG are read together, of equal names the first one's entry; a change goes to the file that has the entry, something new to the first file that exists. Without both, it is ~/.kube/config.`,
};
