import type { BuiltObject } from '../kustomize/build-kustomization.ts';
import { UserError } from '../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import type { Context } from './context.ts';
import type { FlagValues } from './flag-values.ts';

interface KustomizeOptions {
  readonly folder: string;
  /** A file, or a folder for a file an object; '' is standard output. */
  readonly output: string;
  readonly anywhere: boolean;
  /** Whether the label is asked for that kustomize manages objects with. */
  readonly managedByLabel: boolean;
  readonly reorder: 'legacy' | 'none' | undefined;
}

const ROOT_ONLY = 'LoadRestrictionsRootOnly';
const NO_RESTRICTIONS = 'LoadRestrictionsNone';

/** `kustomize`: what a kustomization comes to, without the kustomize binary. */
export const kustomize: Command = defineCommand<KustomizeOptions>({
  use: 'DIR',
  description: `Build the objects of a kustomization: of a folder with a kustomization.yaml in it, the working folder without DIR.

 Builds are those of kustomize 5.7.1. Remote sources, Helm charts and plugins are refused.`,
  examples: [
    { comment: 'The kustomization of the working folder', command: 'kubectl kustomize' },
    { comment: 'That of another folder', command: 'kubectl kustomize /home/config/production' },
  ],
  flags: [
    { name: 'as-current-user', type: 'bool', default: 'false', usage: 'Of plugins in containers, which are refused.' },
    { name: 'enable-alpha-plugins', type: 'bool', default: 'false', usage: 'Plugins are refused with it, too.' },
    { name: 'enable-helm', type: 'bool', default: 'false', usage: 'Helm charts are refused with it, too.' },
    { name: 'env', short: 'e', type: 'stringList', default: '[]', usage: 'Of plugins, which are refused.' },
    { name: 'helm-api-versions', type: 'stringList', default: '[]', usage: 'Of Helm charts, which are refused.' },
    { name: 'helm-command', type: 'string', default: 'helm', usage: 'Of Helm charts, which are refused.' },
    { name: 'helm-debug', type: 'bool', default: 'false', usage: 'Of Helm charts, which are refused.' },
    { name: 'helm-kube-version', type: 'string', usage: 'Of Helm charts, which are refused.' },
    {
      name: 'load-restrictor',
      type: 'string',
      default: ROOT_ONLY,
      values: [NO_RESTRICTIONS, ROOT_ONLY],
      usage: `With '${NO_RESTRICTIONS}', kustomizations may read files that are not in their folder or below it.`,
    },
    { name: 'mount', type: 'stringList', default: '[]', usage: 'Of plugins in containers, which are refused.' },
    { name: 'network', type: 'bool', default: 'false', usage: 'Of plugins in containers, which are refused.' },
    { name: 'network-name', type: 'string', default: 'bridge', usage: 'Of plugins in containers, which are refused.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: 'files',
      usage: 'Write to this file, or to a file for each object in this folder.',
    },
    {
      name: 'reorder',
      type: 'string',
      values: ['legacy', 'none'],
      usage: "Order of the objects: by kind and name with 'legacy', as they came with 'none'.",
      hidden: true,
      deprecated: "use the new 'sortOptions' field in kustomization.yaml instead.",
    },
  ],
  parse,
  run,
});

function parse({ args, flags, env }: Invocation): KustomizeOptions {
  const [folder = '.', ...others] = args;
  if (others.length > 0) throw new UserError('specify one path to kustomization.yaml');
  return {
    folder,
    output: flags.string('output'),
    anywhere: isUnrestricted(flags),
    managedByLabel: env['KUSTOMIZE_ENABLE_MANAGEDBY_LABEL'] === 'on',
    reorder: reorderOf(flags.given('reorder')),
  };
}

function reorderOf(value: string | undefined): KustomizeOptions['reorder'] {
  if (value === undefined || value === 'legacy' || value === 'none') return value;
  throw new UserError(`illegal flag value --reorder ${value}; legal values: [legacy none]`);
}

function isUnrestricted(flags: FlagValues): boolean {
  const name = 'load-restrictor';
  const value = flags.string(name);
  if (value === '' || value === ROOT_ONLY) return false;
  if (value === NO_RESTRICTIONS) return true;
  throw new UserError(`illegal flag value --${name} ${value}; legal values: [${ROOT_ONLY} ${NO_RESTRICTIONS}]`);
}

async function run(options: KustomizeOptions, context: Context): Promise<void> {
  const { buildKustomization, builtText } = await import('../kustomize/build-kustomization.ts');
  const { kustomizeDisk } = await import('../manifests/kustomize-disk.ts');
  const objects = buildKustomization(options.folder, {
    files: kustomizeDisk,
    warn: (line) => context.streams.err.write(`${line}\n`),
    loadRestrictions: options.anywhere ? 'none' : 'rootOnly',
    managedByLabel: options.managedByLabel,
    ...(options.reorder === undefined ? {} : { reorder: options.reorder }),
  });
  if (options.output === '') context.streams.out.write(builtText(objects));
  else await writeBuilt(objects, options.output);
}

async function writeBuilt(objects: readonly BuiltObject[], output: string): Promise<void> {
  const { writeKustomization } = await import('../manifests/write-kustomization.ts');
  writeKustomization(objects, output);
}
