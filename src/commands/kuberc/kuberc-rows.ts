import type { CommandRow } from '../command-row.ts';

/** What works on the file of preferences; also below `alpha`, where kubectl 1.35 has it. */
export const kubercRow: CommandRow = {
  name: 'kuberc',
  summary: 'Show and change the file of preferences: aliases and default flags',
  section: 'Other Commands:',
  group: {
    use: 'kuberc SUBCOMMAND',
    description: 'Show and change the file of preferences: aliases of commands, and default values of their flags.',
    examples: [
      { comment: 'What is preferred now', command: 'kubectl kuberc view' },
      {
        comment: 'Ask before every deletion',
        command: 'kubectl kuberc set --section=defaults --command=delete --option=interactive=true',
      },
    ],
  },
  children: [
    { name: 'set', summary: 'Set a default or an alias', load: async () => (await import('./set.ts')).kubercSet },
    { name: 'view', summary: 'Show the preferences', load: async () => (await import('./view.ts')).kubercView },
  ],
};
