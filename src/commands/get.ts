import type { Command } from './command.ts';
import { defineCommand } from './command.ts';
import type { Context } from './context.ts';
import type { FlagValues } from './flag-values.ts';
import type { GetOptions } from './get-options.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, outputFlags, selectorFlag } from './shared-flags.ts';
import { requestTimeoutOf } from './timeout.ts';
import { UsageError } from './usage-error.ts';
import { UserError } from '../model/user-error.ts';
import type { Invocation } from './command.ts';

const FORMATS =
  '(json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide, table)';

/** `get`: one object, several, or all that selectors choose, as a table or in any output format. */
export const get: Command = defineCommand<GetOptions>({
  use: '[(-o|--output=)json|yaml|name|jsonpath|custom-columns|wide|…] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  description: `Show one or many objects, as a table with the most important facts of each.

 A type can be given by its plural, singular, kind or short name, with version and group where two share it. Objects of the current namespace are shown unless --namespace or --all-namespaces says otherwise. The type "everything" stands for every type that can be listed, which kubectl does not have; with --namespace, for those of a namespace.`,
  examples: [
    { comment: 'All pods of the current namespace', command: 'kubectl get pods' },
    { comment: 'One config map as YAML', command: 'kubectl get configmap my-config -o yaml' },
    { comment: 'Pods and services that carry a label', command: 'kubectl get pods,services -l app=web' },
    { comment: 'The value of one field', command: "kubectl get configmap my-config -o jsonpath='{.data.key1}'" },
    { comment: 'Everything in a namespace, whatever its type', command: 'kubectl get everything --namespace=web' },
    {
      comment: 'Columns of your own',
      command: 'kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image',
    },
  ],
  flags: [
    ...fileFlags('to show'),
    ...outputFlags(FORMATS),
    allNamespacesFlag,
    {
      name: 'at-revision',
      type: 'int64',
      default: '0',
      usage: 'Show what there was at this revision of etcd or of the local store; 0 is now. kubectl has no such flag.',
    },
    selectorFlag,
    fieldSelectorFlag,
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Ask for large lists in chunks of this many objects; 0 asks for all at once.',
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'Treat an object that does not exist as no error, and print nothing for it.',
    },
    {
      name: 'label-columns',
      short: 'L',
      type: 'stringList',
      default: '[]',
      values: 'label-keys',
      usage: 'Labels to show as columns of their own, separated by commas.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Leave out the header of tables and custom columns.' },
    {
      name: 'output-watch-events',
      type: 'bool',
      default: 'false',
      usage: 'Print the event with each object when --watch or --watch-only is used.',
    },
    { name: 'raw', type: 'string', usage: 'Path to ask the server for, with its answer printed as it is.' },
    {
      name: 'server-print',
      type: 'bool',
      default: 'true',
      usage: 'Let the server choose the columns; without it only name and age are shown.',
    },
    { name: 'show-kind', type: 'bool', default: 'false', usage: 'Put the kind before each name.' },
    { name: 'show-labels', type: 'bool', default: 'false', usage: 'Show all labels in the last column.' },
    { name: 'sort-by', type: 'string', usage: "JSONPath of the field to sort by (such as '{.metadata.name}')." },
    {
      name: 'subresource',
      type: 'string',
      values: ['status', 'scale', 'resize'],
      usage: 'Show this subresource of the object: status, scale or resize.',
    },
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'false',
      usage: 'After showing the objects, keep showing their changes.',
    },
    {
      name: 'watch-only',
      type: 'bool',
      default: 'false',
      usage: 'Show changes without the objects that are there already.',
    },
  ],
  parse,
  run,
});

function parse(invocation: Invocation): GetOptions {
  const { flags, args } = invocation;
  const output = flags.given('output') ?? '';
  const template = flags.given('template') ?? '';
  const human = (output === '' && template === '') || output === 'wide' || output === 'table';
  checkRaw(invocation, output);
  checkCombinations(flags, output, human);
  const filenames = flags.list('filename');
  const kustomize = flags.given('kustomize');
  const subresource = flags.given('subresource');
  return {
    args,
    nothingNamed: args.length === 0 && filenames.length === 0 && !kustomize && flags.given('raw') === undefined,
    filenames,
    ...(kustomize === undefined ? {} : { kustomize }),
    recursive: flags.bool('recursive'),
    ...optional('labelSelector', flags.given('selector')),
    ...optional('fieldSelector', flags.given('field-selector')),
    ...optional('subresource', subresource),
    ...optional('raw', flags.given('raw')),
    allNamespaces: flags.bool('all-namespaces'),
    chunkSize: flags.int('chunk-size'),
    ignoreNotFound: flags.bool('ignore-not-found'),
    human,
    format: {
      output,
      template,
      allowMissingKeys: flags.bool('allow-missing-template-keys'),
      showManagedFields: flags.bool('show-managed-fields'),
      noHeaders: flags.bool('no-headers'),
    },
    wide: output === 'wide',
    boxed: output === 'table',
    color: flags.string('color'),
    labelColumns: flags.list('label-columns'),
    showKind: flags.bool('show-kind'),
    showLabels: flags.bool('show-labels'),
    serverPrint: flags.bool('server-print'),
    sortBy: flags.string('sort-by'),
    watch: flags.bool('watch') || flags.bool('watch-only'),
    watchOnly: flags.bool('watch-only'),
    outputWatchEvents: flags.bool('output-watch-events'),
    requestTimeout: requestTimeoutOf(flags),
    atRevision: revisionOf(flags),
  };
}

/** Throws UserError when the flag makes no sense, or not with the others. */
function revisionOf(flags: FlagValues): number {
  const revision = flags.int('at-revision');
  if (revision < 0) throw new UserError(`--at-revision must not be negative, got ${revision}`);
  if (revision === 0) return 0;
  for (const other of ['watch', 'watch-only', 'raw']) {
    if (!flags.changed(other)) continue;
    throw new UserError(`--at-revision shows the past, which --${other} cannot be used with`);
  }
  return revision;
}

function optional<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [key in Name]?: string });
}

function checkCombinations(flags: FlagValues, output: string, human: boolean): void {
  if (flags.bool('show-labels') && !human) {
    throw new UserError(`--show-labels option cannot be used with ${output} printer`);
  }
  if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only')) {
    throw new UserError('--output-watch-events option can only be used with --watch or --watch-only');
  }
  const subresource = flags.given('subresource');
  if (subresource !== undefined && !['status', 'scale', 'resize'].includes(subresource)) {
    throw new UserError(
      `invalid subresource value: ${JSON.stringify(subresource)}. Must be one of [status scale resize]`,
    );
  }
}

function checkRaw({ flags, args }: Invocation, output: string): void {
  if (!flags.given('raw')) return;
  if (flags.bool('watch') || flags.bool('watch-only') || flags.given('selector')) {
    throw new UserError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  }
  if (args.length > 0) throw new UserError('arguments may not be passed when --raw is specified');
  if (output !== '') throw new UserError('--raw and --output are mutually exclusive');
}

async function run(options: GetOptions, context: Context): Promise<void> {
  if (options.nothingNamed) {
    const { programName, streams } = context;
    streams.err.write(
      `You must specify the type of resource to get. Use "${programName} api-resources" for a complete list of supported resources.\n\n`,
    );
    throw new UsageError(
      `Required resource not specified.\nUse "${programName} explain <resource>" for a detailed description of that resource (e.g. ${programName} explain pods).`,
    );
  }
  if (options.raw !== undefined) {
    const { getRaw } = await import('./get-raw.ts');
    return getRaw(options.raw, context);
  }
  if (options.watch) {
    const { getWatch } = await import('./get-watch.ts');
    return getWatch(options, context);
  }
  const then = options.atRevision === 0 ? context : inThePast(options.atRevision, context);
  if (options.human) {
    const { getTable } = await import('./get-table.ts');
    return getTable(options, then);
  }
  const { getObjects } = await import('./get-objects.ts');
  return getObjects(options, then);
}

/** The context with the objects as they were at a revision. */
function inThePast(revision: number, context: Context): Context {
  let client: ReturnType<Context['client']> | undefined;
  return { ...context, client: () => (client ??= context.clientAt(revision)) };
}
