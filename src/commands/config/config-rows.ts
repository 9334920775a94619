import type { CommandRow } from '../command-row.ts';

/** The sub-commands of `config`. */
export const configCommands: readonly CommandRow[] = [
  {
    name: 'current-context',
    summary: 'Show which context is current',
    load: async () => (await import('./current-context.ts')).currentContext,
  },
  {
    name: 'delete-cluster',
    summary: 'Remove a cluster',
    load: async () => (await import('./delete-entry.ts')).deleteCluster,
  },
  {
    name: 'delete-context',
    summary: 'Remove a context',
    load: async () => (await import('./delete-entry.ts')).deleteContext,
  },
  {
    name: 'delete-user',
    summary: 'Remove a user',
    load: async () => (await import('./delete-entry.ts')).deleteUser,
  },
  {
    name: 'get-clusters',
    summary: 'List the clusters',
    load: async () => (await import('./get-names.ts')).getClusters,
  },
  {
    name: 'get-contexts',
    summary: 'List contexts',
    load: async () => (await import('./get-contexts.ts')).getContexts,
  },
  {
    name: 'get-users',
    summary: 'List the users',
    load: async () => (await import('./get-names.ts')).getUsers,
  },
  {
    name: 'rename-context',
    summary: 'Give a context another name',
    load: async () => (await import('./rename-context.ts')).renameContext,
  },
  {
    name: 'set',
    summary: 'Set a single value',
    load: async () => (await import('./set.ts')).configSet,
  },
  {
    name: 'set-cluster',
    summary: 'Make or change a cluster',
    load: async () => (await import('./set-cluster.ts')).setCluster,
  },
  {
    name: 'set-context',
    summary: 'Make or change a context',
    load: async () => (await import('./set-context.ts')).setContext,
  },
  {
    name: 'set-credentials',
    summary: 'Make or change a user',
    load: async () => (await import('./set-credentials.ts')).setCredentials,
  },
  {
    name: 'unset',
    summary: 'Remove a single value',
    load: async () => (await import('./set.ts')).configUnset,
  },
  {
    name: 'use-context',
    aliases: ['use'],
    summary: 'Choose the current context',
    load: async () => (await import('./use-context.ts')).useContext,
  },
  {
    name: 'view',
    summary: 'Show all kubeconfig files as one',
    load: async () => (await import('./view.ts')).view,
  },
];

export const configGroup = {
  use: 'config SUBCOMMAND',
  description: `Show and change kubeconfig files: which clusters and users there are, and which context is used.

 With --kubeconfig only that file is read and written. Otherwise the files of $KUBECONFIG are read together, of equal names the first one's entry; a change goes to the file that has the entry, something new to the first file that exists. Without both, it is ~/.kube/config.`,
};
