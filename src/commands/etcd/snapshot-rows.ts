import type { CommandRow } from '../command-row.ts';

/** `etcd snapshot …` */
export const snapshotCommands: readonly CommandRow[] = [
  {
    name: 'restore',
    summary: 'Make data directories of a snapshot',
    load: async () => (await import('./snapshot-restore.ts')).etcdSnapshotRestore,
  },
  {
    name: 'save',
    summary: 'Save the database of a member to a file',
    load: async () => (await import('./server/snapshot-save.ts')).etcdSnapshotSave,
  },
  {
    name: 'status',
    summary: 'Show what is in a snapshot file',
    load: async () => (await import('./snapshot-status.ts')).etcdSnapshotStatus,
  },
];

export const snapshotGroup = {
  use: 'snapshot (restore | save | status)',
  description: 'Save, look at and restore snapshots of etcd.',
};
