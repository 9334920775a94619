import type { Flag } from './flag.ts';

/** The flags of `man`. */
export const manFlags: readonly Flag[] = [
  { name: 'dir', type: 'string', values: 'folders', usage: 'Folder to write the manual pages of all commands into.' },
];
