import type { KubeObject } from '../../model/kube-object.ts';
import { labelSelectorText, parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { resourceOf } from '../resource-of.ts';
import { selectorFlag } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { type Amounts, amountsOf, byUsage, checkSortBy, nodeUsages, requireMetrics, type Usage } from './metrics.ts';
import { sharedTopFlags } from './top-flags.ts';
import { printRows, shownResources, unknownCells, usageCells } from './usage-cells.ts';

interface TopNodeOptions {
  readonly name: string | undefined;
  readonly labelSelector: string;
  readonly showCapacity: boolean;
  readonly showSwap: boolean;
  readonly noHeaders: boolean;
  readonly sortBy: string;
}

/** What a node has to give. */
interface NodeAmounts {
  readonly available: Amounts;
  readonly missing: readonly string[];
}

/** `top node`: what nodes use. */
export const topNode: Command = defineCommand<TopNodeOptions>({
  use: 'node [NAME | -l label]',
  description: 'Show the processor time and memory that nodes use. Needs a cluster with a metrics server.',
  examples: [
    { comment: 'All nodes', command: 'kubectl top node' },
    { comment: 'One node', command: 'kubectl top node NODE_NAME' },
  ],
  flags: [
    ...sharedTopFlags('nodes'),
    selectorFlag,
    {
      name: 'show-capacity',
      type: 'bool',
      default: 'false',
      usage: 'Percentages of the capacity, not of what pods may use.',
    },
  ],
  parse: parseTopNode,
  run: runTopNode,
});

function parseTopNode({ args, flags }: Invocation): TopNodeOptions {
  if (args.length > 1) throw new UsageError('node [NAME | -l label]');
  const sortBy = checkSortBy(flags.string('sort-by'));
  const selector = flags.string('selector');
  if (args.length > 0 && selector !== '') throw new UserError('only one of NAME or --selector can be provided');
  return {
    name: args[0],
    labelSelector: selector === '' ? '' : labelSelectorText(parseLabelSelector(selector)),
    showCapacity: flags.bool('show-capacity'),
    showSwap: flags.bool('show-swap'),
    noHeaders: flags.bool('no-headers'),
    sortBy,
  };
}

async function runTopNode(options: TopNodeOptions, context: Context): Promise<void> {
  await requireMetrics(context);
  const usages = await nodeUsages(options.name, { labelSelector: options.labelSelector }, context);
  if (usages.length === 0) throw new UserError('metrics not available yet');
  const nodes = new Map<string, NodeAmounts>();
  for (const node of await nodesOf(options, context)) nodes.set(node.metadata.name ?? '', amountsOfNode(node, options));
  printRows(rowsOf(usages, nodes, options), context.streams.out);
}

async function nodesOf({ name, labelSelector }: TopNodeOptions, context: Context): Promise<KubeObject[]> {
  const client = await context.client();
  const scope = { resource: await resourceOf('v1', 'Node', context) };
  const { signal } = context;
  if (name !== undefined) return [await client.get(scope, name, { signal })];
  return (await client.list(scope, { labelSelector, signal })).items;
}

function amountsOfNode({ status }: KubeObject, { showCapacity }: TopNodeOptions): NodeAmounts {
  const { allocatable, capacity, nodeInfo } = (status ?? {}) as {
    allocatable?: unknown;
    capacity?: unknown;
    nodeInfo?: { swap?: { capacity?: number } };
  };
  const amounts = amountsOf(showCapacity ? capacity : allocatable);
  const swap = nodeInfo?.swap?.capacity;
  if (swap === undefined) return { available: amounts, missing: ['swap'] };
  return { available: { ...amounts, ...amountsOf({ swap: String(swap) }) }, missing: [] };
}

function rowsOf(
  usages: readonly Usage[],
  nodes: ReadonlyMap<string, NodeAmounts>,
  { noHeaders, showSwap, sortBy }: TopNodeOptions,
): string[][] {
  const resources = shownResources(showSwap);
  const order = byUsage(sortBy);
  const sorted = usages.toSorted((left, right) =>
    order === undefined ? (left.name < right.name ? -1 : 1) : order(left.usage, right.usage),
  );
  const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)', 'SWAP(bytes)', 'SWAP(%)'];
  const rows = noHeaders ? [] : [header.slice(0, 1 + 2 * resources.length)];
  const seen = new Set<string>();
  for (const { name, usage } of sorted) {
    seen.add(name);
    const { available = {}, missing = [] } = nodes.get(name) ?? {};
    rows.push([name, ...usageCells(resources, usage, available, missing)]);
  }
  for (const name of nodes.keys()) if (!seen.has(name)) rows.push([name, ...unknownCells(resources)]);
  return rows;
}
