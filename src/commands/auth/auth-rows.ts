import type { CommandRow } from '../command-row.ts';

/** What asks about users and their rights, and sets them up. */
export const authCommands: readonly CommandRow[] = [
  {
    name: 'can-i',
    summary: 'Ask whether something is allowed',
    load: async () => (await import('./can-i.ts')).canI,
  },
  {
    name: 'whoami',
    summary: 'Show who you are to the server',
    load: async () => (await import('./whoami.ts')).whoami,
  },
  {
    name: 'reconcile',
    summary: 'Bring roles and bindings to what manifests say, adding what is missing',
    load: async () => (await import('./reconcile.ts')).reconcile,
  },
];
