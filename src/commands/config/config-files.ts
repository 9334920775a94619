import { kubeconfigFiles, type KubeconfigFiles } from '../../kubeconfig/kubeconfig-files.ts';
import { UserError } from '../../model/user-error.ts';
import type { Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { HelpFirst } from '../help-first.ts';

/** What every `config` command knows. */
export interface ConfigOptions {
  /** `--kubeconfig`. */
  readonly kubeconfig: string | undefined;
}

/** The kubeconfig files that a command is about. */
export function configFilesOf({ kubeconfig }: ConfigOptions, context: Context): KubeconfigFiles {
  return kubeconfigFiles(kubeconfig, context.env, context.homeFolder);
}

/** Refuses arguments as kubectl's config commands do: help first. */
export function unexpectedArguments({ args }: Invocation, text = 'Unexpected args'): HelpFirst {
  return new HelpFirst(new UserError(`${text}: [${args.join(' ')}]`));
}
