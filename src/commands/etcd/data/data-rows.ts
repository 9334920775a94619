import type { CommandRow } from '../../command-row.ts';

/** The commands of the group `etcd` that read and judge what is stored. */
export const dataCommands: readonly CommandRow[] = [
  {
    name: 'doctor',
    summary: 'Find what is wrong with a store, and what mends it',
    load: async () => (await import('./doctor.ts')).etcdDoctor,
  },
  {
    name: 'usage',
    summary: 'Show what fills the store, by resource, namespace and manager',
    load: async () => (await import('./usage.ts')).etcdUsage,
  },
];
