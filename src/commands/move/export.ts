import fs from 'node:fs';
import type { KubeObject } from '../../model/kube-object.ts';
import { builtInResources } from '../../model/schema/built-in-resources.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { collectionObjects } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { listableResources } from '../listable-resources.ts';
import { allNamespacesFlag, selectorFlag } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { inImportOrder } from './export-order.ts';
import { type ExportFormat, type ExportSink, fileSink, folderSink, streamSink } from './export-sink.ts';
import { portableObject } from './portable-object.ts';
import { type Dependents, dependentsFlag, dependentsOf, leftOut } from './remade.ts';

type ExportTarget =
  | { readonly type: 'stream'; readonly format: ExportFormat }
  | { readonly type: 'file'; readonly format: ExportFormat; readonly file: string }
  | { readonly type: 'folder'; readonly folder: string };

interface ExportOptions {
  /** Empty: all types. */
  readonly types: readonly string[];
  readonly exclude: readonly string[];
  readonly labelSelector: string;
  readonly allNamespaces: boolean;
  readonly to: ExportTarget;
  readonly overwrite: boolean;
  readonly keepServerFields: boolean;
  readonly dependents: Dependents;
}

/** `export`: objects of any backend to a file that `import`, or `apply`, brings to any other. */
export const exportCommand: Command = defineCommand<ExportOptions>({
  use: 'export [TYPE[,TYPE]] [-A] [-l LABEL] [-o FILE | FOLDER/ | yaml | json | jsonl]',
  description: `Write objects to a file, a folder or standard output, in an order in which they can be created again.

 Without types it is everything in the namespace; with --all-namespaces everything there is, cluster-wide objects too. What a server makes anew is left out (uid, resourceVersion, status …). A name that ends in .yaml, .json, .jsonl or .ndjson is a file, one that ends in a slash a folder with a file for each object. JSON lines are best for many objects: they are written and read one by one. Files are readable by their owner alone, for Secrets are in them.`,
  examples: [
    { comment: 'A whole namespace', command: 'kubectl export -n shop -o shop.jsonl' },
    {
      comment: 'Everything of a cluster except events, into a local store',
      command: 'kubectl export -A --exclude=events | kubectl import - --data-dir=./copy',
    },
    { comment: 'What a snapshot of etcd has', command: 'kubectl export -A --etcd-snapshot=backup.db -o backup.yaml' },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'jsonl',
      usage:
        'A file (.yaml, .json, .jsonl, .ndjson), a folder (ending in a slash), or yaml, json or jsonl for standard output.',
    },
    { name: 'exclude', type: 'stringList', default: '[]', usage: 'Types to leave out.' },
    selectorFlag,
    allNamespacesFlag,
    { name: 'overwrite', type: 'bool', default: 'false', usage: 'Replace a file that exists.' },
    {
      name: 'keep-server-fields',
      type: 'bool',
      default: 'false',
      usage: 'Write objects as they are, with status, uid and all.',
    },
    dependentsFlag,
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): ExportOptions {
  if (args.length > 1) throw new UsageError(`only types may be named, separated by commas: ${args.join(' ')}`);
  const labelSelector = flags.string('selector');
  parseLabelSelector(labelSelector);
  return {
    types: (args[0] ?? '').split(',').filter((each) => each !== ''),
    exclude: flags.list('exclude').filter((each) => each !== ''),
    labelSelector,
    allNamespaces: flags.bool('all-namespaces'),
    to: targetOf(flags.string('output')),
    overwrite: flags.bool('overwrite'),
    keepServerFields: flags.bool('keep-server-fields'),
    dependents: dependentsOf(flags),
  };
}

function targetOf(output: string): ExportTarget {
  if (output === 'yaml' || output === 'json' || output === 'jsonl') return { type: 'stream', format: output };
  if (output.endsWith('/')) return { type: 'folder', folder: output };
  const extension = /\.(yaml|yml|json|jsonl|ndjson)$/.exec(output)?.[1];
  if (extension === undefined) {
    throw new UserError(
      `--output must be yaml, json or jsonl, a file of such a name, or a folder that ends in a slash, not ${JSON.stringify(output)}`,
    );
  }
  const format = extension === 'json' ? 'json' : extension.startsWith('y') ? 'yaml' : 'jsonl';
  return { type: 'file', format, file: output };
}

async function run(options: ExportOptions, context: Context): Promise<void> {
  const resources = await chosenResources(options, context);
  const sink = openSink(options, context);
  let count = 0;
  let left = 0;
  try {
    for (const resource of resources) {
      for await (const object of objectsOf(resource, options, context)) {
        if (leftOut(object, options.dependents) !== undefined) {
          left++;
          continue;
        }
        sink.write(options.keepServerFields ? object : portableObject(object));
        count++;
      }
    }
    sink.finish();
  } catch (error) {
    sink.abandon();
    throw error;
  }
  const { err } = context.streams;
  const rest = left === 0 ? '' : `; ${left} left to controllers (--dependents=all writes them too)`;
  err.write(`${count} ${count === 1 ? 'object' : 'objects'} exported${rest}\n`);
}

function openSink({ to, overwrite }: ExportOptions, context: Context): ExportSink {
  if (to.type === 'stream') return streamSink(context.streams.out, to.format);
  if (to.type !== 'folder') {
    if (!overwrite && fs.existsSync(to.file)) throw new UserError(`${to.file} exists; --overwrite replaces it`);
    return fileSink(to.file, to.format);
  }
  if (fs.existsSync(to.folder) && fs.readdirSync(to.folder).length > 0) {
    throw new UserError(`the folder ${to.folder} is not empty`);
  }
  return folderSink(to.folder);
}

/** Rejects with UserError for a type that there is not. */
async function chosenResources(options: ExportOptions, context: Context): Promise<ResourceInfo[]> {
  const client = await context.client();
  const named = async (words: readonly string[]): Promise<ResourceInfo[]> =>
    Promise.all(
      words.map(async (word) => {
        const resource = await client.mapper.resourceFor(word);
        if (resource === undefined) {
          throw new UserError(`the server doesn't have a resource type ${JSON.stringify(word)}`);
        }
        return resource;
      }),
    );
  const excluded = new Set((await named(options.exclude)).map(nameOf));
  const everything = options.types.length === 0;
  const chosen = everything ? await listableResources(client, !options.allNamespaces) : await named(options.types);
  const kept = chosen.filter((each) => !excluded.has(nameOf(each)) && each.verbs.includes('create'));
  const builtIn = new Set(builtInResources().map(nameOf));
  const sorted = inImportOrder(kept, (each) => builtIn.has(nameOf(each)));
  if (!everything || options.allNamespaces) return sorted;
  // A namespace is exported with its own object, so that an import has a place for the rest.
  const namespaces = await client.mapper.resourceFor('namespaces');
  return namespaces === undefined || excluded.has(nameOf(namespaces)) ? sorted : [namespaces, ...sorted];
}

function nameOf({ group, plural }: ResourceInfo): string {
  return plural === 'events' ? 'events' : `${plural}.${group}`;
}

async function* objectsOf(
  resource: ResourceInfo,
  options: ExportOptions,
  context: Context,
): AsyncGenerator<KubeObject> {
  const { name: namespace } = await context.namespace();
  const own =
    resource.plural === 'namespaces' && resource.group === '' && options.types.length === 0 && !options.allNamespaces;
  const all = !resource.namespaced || options.allNamespaces;
  const target = {
    kind: 'collection' as const,
    resource,
    ...(all ? {} : { namespace }),
    labelSelector: own ? '' : options.labelSelector,
    fieldSelector: own ? `metadata.name=${namespace}` : '',
  };
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  try {
    for await (const object of collectionObjects(target, context)) yield { ...object, apiVersion, kind: resource.kind };
  } catch (error) {
    // Some types are listed in discovery and are not there.
    if (error instanceof StatusError && error.reason === 'MethodNotAllowed') return;
    throw error;
  }
}
