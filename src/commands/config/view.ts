import { loadConfig, loadConfigFile } from '../../kubeconfig/config-access.ts';
import { type ConfigDocument, configObject, emptyConfig } from '../../kubeconfig/config-document.ts';
import { flattenConfig, minifyConfig, redactConfig } from '../../kubeconfig/config-view.ts';
import type { KubeconfigFiles } from '../../kubeconfig/kubeconfig-files.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand } from '../command.ts';
import { printFormatOf } from '../print-format.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { configFilesOf, type ConfigOptions } from './config-files.ts';

interface ViewOptions extends ConfigOptions {
  readonly merge: boolean;
  readonly raw: boolean;
  readonly flatten: boolean;
  readonly minify: boolean;
  readonly context: string;
  readonly format: PrintFormat;
}

/** `config view`: what the kubeconfig files say together. */
export const view: Command = defineCommand<ViewOptions>({
  use: 'view [flags]',
  description: `Show the kubeconfig: all files together, or the one that --kubeconfig names. Secrets and certificates are left out unless --raw is given.`,
  examples: [
    { comment: 'The kubeconfig as it is used', command: 'kubectl config view' },
    { comment: 'With secrets and certificates', command: 'kubectl config view --raw' },
    {
      comment: 'The namespace of the current context',
      command: "kubectl config view --minify -o jsonpath='{..namespace}'",
    },
  ],
  flags: [
    ...outputFlags(objectFormats).map((flag) => (flag.name === 'output' ? { ...flag, default: 'yaml' } : flag)),
    { name: 'merge', type: 'bool', default: 'true', usage: 'Show all kubeconfig files together.' },
    { name: 'raw', type: 'bool', default: 'false', usage: 'Show certificates and secrets.' },
    {
      name: 'flatten',
      type: 'bool',
      default: 'false',
      usage: 'Put the content of certificate and key files in the place of their names.',
    },
    { name: 'minify', type: 'bool', default: 'false', usage: 'Show only what the current context uses.' },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
    const kubeconfig = flags.given('kubeconfig');
    const merge = flags.changed('merge') ? flags.bool('merge') : !kubeconfig;
    if (!merge && !kubeconfig) throw new UserError('if merge==false a precise file must be specified');
    return {
      kubeconfig,
      merge,
      raw: flags.bool('raw'),
      flatten: flags.bool('flatten'),
      minify: flags.bool('minify'),
      context: flags.string('context'),
      format: printFormatOf(flags),
    };
  },
  async run(options, context) {
    const printer = await createPrinter(options.format, { keepOrder: true });
    const config = await load(options, configFilesOf(options, context));
    const shown = prepared(config, options);
    printer.print(configObject(shown) as unknown as KubeObject, context.streams.out);
  },
});

async function load({ merge, kubeconfig = '' }: ViewOptions, files: KubeconfigFiles): Promise<ConfigDocument> {
  if (merge) return loadConfig(files);
  return (await loadConfigFile(kubeconfig)) ?? emptyConfig();
}

function prepared(config: ConfigDocument, { minify, flatten, raw, context }: ViewOptions): ConfigDocument {
  const named = context === '' ? config : { ...config, currentContext: context };
  const small = minify ? minifyConfig(named) : config;
  if (flatten) return flattenConfig(small);
  return raw ? small : redactConfig(small);
}
