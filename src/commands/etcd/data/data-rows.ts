import type { CommandRow } from '../../command-row.ts';

/** The commands of the group `etcd` that read and judge what is stored. */
export const dataCommands: readonly CommandRow[] = [
  {
    name: 'decode',
    summary: 'Show a stored value as the object that it is',
    load: async () => (await import('./decode.ts')).etcdDecode,
  },
  {
    name: 'diff',
    summary: 'Show what changed between two revisions',
    load: async () => (await import('./diff.ts')).etcdDiff,
  },
  {
    name: 'doctor',
    summary: 'Find what is wrong with a store, and what mends it',
    load: async () => (await import('./doctor.ts')).etcdDoctor,
  },
  {
    name: 'history',
    summary: 'Show what became of an object, revision by revision',
    load: async () => (await import('./history.ts')).etcdHistory,
  },
  {
    name: 'usage',
    summary: 'Show what fills the store, by resource, namespace and manager',
    load: async () => (await import('./usage.ts')).etcdUsage,
  },
];
