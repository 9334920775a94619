import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { printFormatOf } from '../print-format.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { kubercPlace, usualKuberc } from './kuberc-place.ts';
import { preferenceDocument } from './preference-document.ts';
import { noPreferences, type Preferences } from './preferences.ts';
import { readPreferences } from './read-preferences.ts';
import { writePreferences } from './write-preferences.ts';

interface ViewOptions {
  readonly kuberc: string | undefined;
  readonly format: PrintFormat;
}

/** What kubectl recommends to whoever has no preferences yet. */
const RECOMMENDED: Preferences = {
  ...noPreferences,
  defaults: [
    { command: 'apply', options: [{ name: 'server-side', default: 'true' }] },
    { command: 'delete', options: [{ name: 'interactive', default: 'true' }] },
  ],
};

/** `kuberc view`: the preferences. */
export const kubercView: Command = defineCommand<ViewOptions>({
  use: 'view',
  description: 'Show the file of preferences (aliases of commands, and default values of their flags).',
  examples: [
    { comment: 'The preferences as YAML', command: 'kubectl kuberc view' },
    { comment: 'As JSON', command: 'kubectl kuberc view --output json' },
    { comment: 'Those of another file', command: 'kubectl kuberc view --kuberc ./kuberc' },
  ],
  flags: outputFlags(objectFormats).map((flag) => (flag.name === 'output' ? { ...flag, default: 'yaml' } : flag)),
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
    return { kuberc: flags.given('kuberc'), format: printFormatOf(flags) };
  },
  async run({ kuberc, format }, context) {
    const file = kubercPlace(kuberc, context.env, context.homeFolder);
    if (file === undefined) return offer(context);
    const printer = await createPrinter(format, { keepOrder: true });
    printer.print(
      preferenceDocument(
        readPreferences(file, () => undefined),
        [],
      ),
      context.streams.out,
    );
  },
});

async function offer(context: Context): Promise<void> {
  const { env, homeFolder, streams } = context;
  if (env['KUBERC'] === 'off' || env['KUBECTL_KUBERC'] === 'false') throw new UserError('kuberc is disabled');
  const file = usualKuberc(homeFolder);
  streams.out.write(`kuberc file not found at ${file}\n`);
  const question = 'Would you like to generate a default kuberc file with recommended options? (y/N): ';
  if (!(await confirm(question, context))) return;
  writePreferences(file, RECOMMENDED);
  streams.out.write(`Updated ${file}\n`);
}
