import type { CommandRow } from '../command-row.ts';

/** What works on the rollouts of workloads. */
export const rolloutCommands: readonly CommandRow[] = [
  {
    name: 'history',
    summary: 'List the revisions of a workload',
    load: async () => (await import('./history.ts')).rolloutHistoryCommand,
  },
  {
    name: 'pause',
    summary: 'Hold back the rollout of a deployment',
    load: async () => (await import('./pause.ts')).rolloutPause,
  },
  {
    name: 'restart',
    summary: 'Start the pods of a workload anew',
    load: async () => (await import('./restart.ts')).rolloutRestart,
  },
  {
    name: 'resume',
    summary: 'Let a held-back rollout go on',
    load: async () => (await import('./pause.ts')).rolloutResume,
  },
  {
    name: 'status',
    summary: 'Follow a rollout to its end',
    load: async () => (await import('./status.ts')).rolloutStatus,
  },
  {
    name: 'undo',
    summary: 'Go back to an earlier revision',
    load: async () => (await import('./undo.ts')).rolloutUndo,
  },
];
