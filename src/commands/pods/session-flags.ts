import type { Flag } from '../flag.ts';
import { podRunningTimeoutFlag } from './pods-of.ts';

export const containerFlag: Flag = {
  name: 'container',
  short: 'c',
  type: 'string',
  values: 'containers',
  usage: `Container name; without it, the one that the annotation kubectl.kubernetes.io/default-container names, or the first.`,
};

/** What `exec` and `attach` share. */
export const sessionFlags: readonly Flag[] = [
  containerFlag,
  podRunningTimeoutFlag('1m0s'),
  {
    name: 'quiet',
    short: 'q',
    type: 'bool',
    default: 'false',
    usage: 'Print nothing but what comes from the container.',
  },
  { name: 'stdin', short: 'i', type: 'bool', default: 'false', usage: 'Pass standard input to the container.' },
  { name: 'tty', short: 't', type: 'bool', default: 'false', usage: 'Standard input is a terminal.' },
];
