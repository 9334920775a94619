import type { KubeObject } from '../../model/kube-object.ts';
import { durationText } from '../../model/duration.ts';
import { fieldSelectorText, parseFieldSelector } from '../../model/selectors/field-selector.ts';
import { labelSelectorText, parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { resourceOf } from '../resource-of.ts';
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { byUsage, checkSortBy, podUsages, type PodUsage, requireMetrics, sumOf } from './metrics.ts';
import { sharedTopFlags } from './top-flags.ts';
import { printRows, shownResources, usageCells } from './usage-cells.ts';

/** How old a pod may be without metrics. */
const CREATION_DELAY = 120_000;

interface TopPodOptions {
  readonly name: string | undefined;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly allNamespaces: boolean;
  readonly containers: boolean;
  readonly noHeaders: boolean;
  readonly showSwap: boolean;
  readonly sortBy: string;
  readonly sum: boolean;
}

/** `top pod`: what pods use. */
export const topPod: Command = defineCommand<TopPodOptions>({
  use: 'pod [NAME | -l label]',
  description: 'Show the processor time and memory that pods use. Needs a cluster with a metrics server.',
  examples: [
    { comment: 'The pods of the namespace', command: 'kubectl top pod' },
    { comment: 'Those of a namespace by name', command: 'kubectl top pod --namespace=NAMESPACE' },
    { comment: 'One pod, container by container', command: 'kubectl top pod POD_NAME --containers' },
    { comment: 'Those with a label', command: 'kubectl top pod -l name=myLabel' },
  ],
  flags: [
    ...sharedTopFlags('pods'),
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    { name: 'containers', type: 'bool', default: 'false', usage: 'Show the containers of each pod.' },
    { name: 'sum', type: 'bool', default: 'false', usage: 'Show the sum of all pods.' },
  ],
  parse: parseTopPod,
  run: runTopPod,
});

function parseTopPod({ args, flags }: Invocation): TopPodOptions {
  if (args.length > 1) throw new UsageError('pod [NAME | -l label]');
  const sortBy = checkSortBy(flags.string('sort-by'));
  const [labels, fields] = [flags.string('selector'), flags.string('field-selector')];
  if (args.length > 0 && (labels !== '' || fields !== '')) {
    throw new UserError('only one of NAME or selector can be provided');
  }
  return {
    name: args[0],
    labelSelector: labels === '' ? '' : labelSelectorText(parseLabelSelector(labels)),
    fieldSelector: fields === '' ? '' : fieldSelectorText(parseFieldSelector(fields)),
    allNamespaces: flags.bool('all-namespaces'),
    containers: flags.bool('containers'),
    noHeaders: flags.bool('no-headers'),
    showSwap: flags.bool('show-swap'),
    sortBy,
    sum: flags.bool('sum'),
  };
}

async function runTopPod(options: TopPodOptions, context: Context): Promise<void> {
  const { name, labelSelector, fieldSelector } = options;
  await requireMetrics(context);
  const { name: own } = await context.namespace();
  const namespace = options.allNamespaces ? undefined : own;
  const pods = await podUsages({ namespace, name }, { labelSelector, fieldSelector }, context);
  if (pods.length > 0) return printRows(rowsOf(pods, options), context.streams.out);
  await requireNoPods(options, own, context);
  const where = options.allNamespaces ? '' : ` in ${own} namespace.`;
  return context.streams.err.write(`No resources found${where}\n`);
}

/** Throws UserError when there are pods, so that there should be metrics. */
async function requireNoPods(options: TopPodOptions, namespace: string, context: Context): Promise<void> {
  const { name, labelSelector, fieldSelector } = options;
  const client = await context.client();
  const scope = { resource: await resourceOf('v1', 'Pod', context), namespace };
  const { signal } = context;
  const pods =
    name === undefined
      ? (await client.list(scope, { labelSelector, fieldSelector, signal })).items
      : [await client.get(scope, name, { signal })];
  if (pods.length === 0) return;
  for (const pod of pods) checkAge(pod, context);
  throw new UserError('metrics not available yet');
}

function checkAge({ metadata }: KubeObject, context: Context): void {
  const age = context.now().getTime() - (Date.parse(metadata.creationTimestamp ?? '') || 0);
  if (age <= CREATION_DELAY) return;
  throw new UserError(
    `Metrics not available for pod ${metadata.namespace ?? ''}/${metadata.name ?? ''}, age: ${durationText(BigInt(age) * 1_000_000n)}`,
  );
}

function rowsOf(pods: readonly PodUsage[], options: TopPodOptions): string[][] {
  const resources = shownResources(options.showSwap);
  const heads = [...(options.allNamespaces ? ['NAMESPACE'] : []), ...(options.containers ? ['POD'] : [])];
  const columns = ['NAME', 'CPU(cores)', 'MEMORY(bytes)', 'SWAP(bytes)'].slice(0, 1 + resources.length);
  const rows = options.noHeaders ? [] : [[...heads, ...columns]];
  for (const pod of sortedPods(pods, options)) rows.push(...podRows(pod, resources, options));
  // kubectl counts the columns before NAME only when it prints headings.
  if (options.sum) rows.push(...sumRows(pods, resources, columns.length + (options.noHeaders ? 0 : heads.length)));
  return rows;
}

function sortedPods(pods: readonly PodUsage[], { sortBy, allNamespaces }: TopPodOptions): PodUsage[] {
  const order = byUsage(sortBy);
  if (order !== undefined) {
    const totals = new Map(pods.map((pod) => [pod, sumOf(pod.containers.map(({ usage }) => usage))]));
    return pods.toSorted((left, right) => order(totals.get(left) ?? {}, totals.get(right) ?? {}));
  }
  const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);
  return pods.toSorted(
    (left, right) => (allNamespaces ? compare(left.namespace, right.namespace) : 0) || compare(left.name, right.name),
  );
}

function podRows(pod: PodUsage, resources: readonly string[], options: TopPodOptions): string[][] {
  const heads = options.allNamespaces ? [pod.namespace] : [];
  if (!options.containers) {
    return [[...heads, pod.name, ...usageCells(resources, sumOf(pod.containers.map(({ usage }) => usage)))]];
  }
  const order = byUsage(options.sortBy);
  const sorted = pod.containers.toSorted((left, right) =>
    order === undefined ? (left.name < right.name ? -1 : 1) : order(left.usage, right.usage),
  );
  return sorted.map(({ name, usage }) => [...heads, pod.name, name, ...usageCells(resources, usage)]);
}

function sumRows(pods: readonly PodUsage[], resources: readonly string[], width: number): string[][] {
  const total = sumOf(pods.flatMap((pod) => pod.containers.map(({ usage }) => usage)));
  const blank = (count: number): string[] => Array.from({ length: Math.max(count, 0) }, () => '');
  return [
    [...blank(width - 2), '________', '________'],
    [...blank(width - 3), '', ...usageCells(resources, total)],
  ];
}
