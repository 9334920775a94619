import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import type { FlagValues } from '../flag-values.ts';
import { UsageError } from '../usage-error.ts';

const FORMATS = ['json', 'yaml', 'kyaml', 'name', 'wide'];

interface ApiResourcesOptions {
  readonly output: string;
  readonly headers: boolean;
  readonly sortBy: string;
  /** Undefined where all are wanted; '' is the core group. */
  readonly apiGroup: string | undefined;
  readonly namespaced: boolean | undefined;
  readonly verbs: readonly string[];
  readonly categories: readonly string[];
  readonly cached: boolean;
}

/** `api-resources`: the types that the server has, each in the version that it prefers. */
export const apiResources: Command = defineCommand<ApiResourcesOptions>({
  use: 'api-resources [flags]',
  description: 'List the types of objects that the server has, with their short names and versions.',
  examples: [
    { comment: 'All types', command: 'kubectl api-resources' },
    { comment: 'With the verbs that each supports', command: 'kubectl api-resources -o wide' },
    { comment: 'Types that are in no namespace', command: 'kubectl api-resources --namespaced=false' },
    { comment: 'Types that can be listed and got, by name', command: 'kubectl api-resources --verbs=list,get -o name' },
  ],
  flags: [
    { name: 'api-group', type: 'string', usage: 'Only types of this API group.' },
    {
      name: 'cached',
      type: 'bool',
      default: 'false',
      usage: 'Believe what was kept of the server by a command before this one, where anything was.',
    },
    { name: 'categories', type: 'stringList', default: '[]', usage: 'Only types of all these categories.' },
    {
      name: 'namespaced',
      type: 'bool',
      default: 'true',
      usage: 'Only types in namespaces, or with =false only others.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Leave out the header.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: FORMATS,
      usage: `Output format. One of: (${FORMATS.join(', ')}).`,
    },
    {
      name: 'show-managed-fields',
      type: 'bool',
      default: 'false',
      usage: 'Accepted for compatibility; types have none.',
    },
    {
      name: 'sort-by',
      type: 'string',
      values: ['name', 'kind'],
      usage: "Sort by 'name' or 'kind' instead of by group.",
    },
    { name: 'verbs', type: 'stringList', default: '[]', usage: 'Only types that support all these verbs.' },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
    return readOptions(flags);
  },
  run,
});

function readOptions(flags: FlagValues): ApiResourcesOptions {
  const output = flags.string('output');
  if (output !== '' && !FORMATS.includes(output)) {
    const allowed = FORMATS.toSorted().join(',');
    throw new UserError(
      `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${allowed}`,
    );
  }
  const sortBy = flags.string('sort-by');
  if (!['', 'name', 'kind'].includes(sortBy)) throw new UserError('--sort-by accepts only name or kind');
  return {
    output,
    sortBy,
    headers: !flags.bool('no-headers'),
    apiGroup: flags.given('api-group'),
    namespaced: flags.changed('namespaced') ? flags.bool('namespaced') : undefined,
    verbs: flags.list('verbs'),
    categories: flags.list('categories'),
    cached: flags.bool('cached'),
  };
}

async function run(options: ApiResourcesOptions, context: Context): Promise<void> {
  const { mapper } = await context.client();
  const resources = preferred(await mapper.all({ cached: options.cached })).filter((resource) =>
    isWanted(resource, options),
  );
  const sorted = resources.toSorted((left, right) => compare(left, right, options.sortBy));
  const { out } = context.streams;
  if (options.output === 'name') {
    for (const { plural, group } of sorted) out.write(`${group === '' ? plural : `${plural}.${group}`}\n`);
  } else if (options.output === '' || options.output === 'wide') {
    for (const text of tableOf(sorted, options).flush()) out.write(text);
  } else {
    const format = {
      output: options.output,
      template: '',
      allowMissingKeys: true,
      showManagedFields: true,
      noHeaders: false,
    };
    const printer = await createPrinter(format, { keepOrder: true });
    printer.print(listOf(sorted), out);
  }
}

/** Each type once: in its group's preferred version, or in the first that has it. */
function preferred(resources: readonly ResourceInfo[]): ResourceInfo[] {
  const seen = new Set<string>();
  return resources.filter(({ plural, group }) => {
    const key = `${plural}.${group}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isWanted(resource: ResourceInfo, { apiGroup, namespaced, verbs, categories }: ApiResourcesOptions): boolean {
  return (
    resource.verbs.length > 0 &&
    (apiGroup === undefined || apiGroup === resource.group) &&
    (namespaced === undefined || namespaced === resource.namespaced) &&
    verbs.every((verb) => resource.verbs.includes(verb)) &&
    categories.every((category) => resource.categories.includes(category))
  );
}

function compare(left: ResourceInfo, right: ResourceInfo, sortBy: string): number {
  const key = ({ plural, kind, group }: ResourceInfo): string => {
    if (sortBy === 'name') return plural;
    return sortBy === 'kind' ? kind : group;
  };
  return compareText(key(left), key(right)) || compareText(left.plural, right.plural);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function tableOf(resources: readonly ResourceInfo[], { headers, output }: ApiResourcesOptions): TabWriter {
  const wide = output === 'wide';
  const table = new TabWriter();
  if (headers) {
    table.add(['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])]);
  }
  for (const resource of resources) {
    const { plural, shortNames, namespaced, kind, verbs, categories } = resource;
    const more = wide ? [verbs.join(','), categories.join(',')] : [];
    table.add([plural, shortNames.join(','), apiVersionOf(resource), String(namespaced), kind, ...more]);
  }
  return table;
}

/** The types as the discovery list that a client puts together of them. */
function listOf(resources: readonly ResourceInfo[]): KubeObject {
  const items = resources.map(
    ({ plural, singular, namespaced, group, version, kind, verbs, shortNames, categories }) => ({
      name: plural,
      singularName: singular,
      namespaced,
      ...(group === '' ? {} : { group }),
      version,
      kind,
      verbs: [...verbs],
      ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
      ...(categories.length === 0 ? {} : { categories: [...categories] }),
    }),
  );
  const list = {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: items.length === 0 ? null : items,
  };
  return list as unknown as KubeObject;
}
