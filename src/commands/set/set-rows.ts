import type { CommandRow } from '../command-row.ts';

/** What changes a part of objects by name. */
export const setCommands: readonly CommandRow[] = [
  {
    name: 'env',
    summary: 'Change environment variables of containers',
    load: async () => (await import('./env.ts')).setEnv,
  },
  {
    name: 'image',
    summary: 'Change the images of containers',
    load: async () => (await import('./image.ts')).setImage,
  },
  {
    name: 'resources',
    summary: 'Change what containers request and may use',
    load: async () => (await import('./resources.ts')).setResources,
  },
  {
    name: 'selector',
    summary: 'Change the selector of a service',
    load: async () => (await import('./selector.ts')).setSelector,
  },
  {
    name: 'serviceaccount',
    aliases: ['sa'],
    summary: 'Change the service account of pods',
    load: async () => (await import('./serviceaccount.ts')).setServiceAccount,
  },
  {
    name: 'subject',
    summary: 'Add subjects to a role binding',
    load: async () => (await import('./subject.ts')).setSubject,
  },
];
