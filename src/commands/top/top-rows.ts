import type { CommandRow } from '../command-row.ts';

/** `top` and what it shows. */
export const topCommand: CommandRow = {
  name: 'top',
  summary: 'Show what nodes and pods use',
  section: 'Cluster Management Commands:',
  group: {
    use: 'top',
    description: 'Show the processor time and memory that nodes or pods use, as a metrics server measures it.',
  },
  children: [
    {
      name: 'node',
      aliases: ['nodes', 'no'],
      summary: 'Show what nodes use',
      load: async () => (await import('./top-node.ts')).topNode,
    },
    {
      name: 'pod',
      aliases: ['pods', 'po'],
      summary: 'Show what pods use',
      load: async () => (await import('./top-pod.ts')).topPod,
    },
  ],
};
