import type { ListOptions } from '../../client/client.ts';
import { isJsonObject } from '../../model/json-value.ts';
import { addQuantity, parseQuantity, type Quantity, quantityValue } from '../../model/quantity.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';

/** Amounts by resource: `cpu`, `memory`, `swap`. */
export type Amounts = Readonly<Record<string, Quantity>>;

/** What one node, or one container of a pod, uses. */
export interface Usage {
  readonly name: string;
  readonly usage: Amounts;
}

export interface PodUsage {
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly Usage[];
}

/** Throws UserError where no metrics server has registered its API. */
export async function requireMetrics(context: Context): Promise<void> {
  const client = await context.client();
  const { body } = await client.request({ method: 'GET', path: '/apis', signal: context.signal });
  const groups = listIn(body, 'groups');
  const there = groups.some(
    (group) =>
      group['name'] === 'metrics.k8s.io' && listIn(group, 'versions').some(({ version }) => version === 'v1beta1'),
  );
  if (!there) throw new UserError('Metrics API not available');
}

/** What the nodes use that are named or selected. */
export async function nodeUsages(name: string | undefined, options: ListOptions, context: Context): Promise<Usage[]> {
  const items = await metricsOf(`${METRICS}/nodes`, name, options, context);
  return items.map((item) => ({ name: nameOf(item), usage: amountsOf(item['usage']) }));
}

/** What the pods use that are named or selected; of all namespaces when none is given. */
export async function podUsages(
  { namespace, name }: { readonly namespace: string | undefined; readonly name: string | undefined },
  options: ListOptions,
  context: Context,
): Promise<PodUsage[]> {
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const items = await metricsOf(`${METRICS}${place}/pods`, name, options, context);
  return items.map((item) => ({
    name: nameOf(item),
    namespace: textIn(item['metadata'], 'namespace'),
    containers: listIn(item, 'containers').map((each) => ({
      name: textIn(each, 'name'),
      usage: amountsOf(each['usage']),
    })),
  }));
}

/** Amounts as objects have them: quantities in text. */
export function amountsOf(value: unknown): Amounts {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, amount]) => [
      name,
      parseQuantity(typeof amount === 'string' ? amount : JSON.stringify(amount)),
    ]),
  );
}

/** All amounts together. */
export function sumOf(all: readonly Amounts[]): Amounts {
  const sum: Record<string, Quantity> = {};
  for (const amounts of all) {
    for (const [name, amount] of Object.entries(amounts)) {
      const before = sum[name];
      sum[name] = before === undefined ? amount : addQuantity(before, amount);
    }
  }
  return sum;
}

/** An amount in thousandths, rounded up; 0 when there is none. */
export function milliValue(amounts: Amounts, name: string): bigint {
  const amount = amounts[name];
  return amount === undefined ? 0n : quantityValue(amount, -3);
}

/** Orders by what is used, the greatest first; undefined where the order is by name. */
export function byUsage(sortBy: string): ((left: Amounts, right: Amounts) => number) | undefined {
  if (sortBy === '') return undefined;
  return (left, right) => {
    const [more, less] = [milliValue(right, sortBy), milliValue(left, sortBy)];
    return more === less ? 0 : more > less ? 1 : -1;
  };
}

/** `--sort-by`. Throws UserError for what nothing can be sorted by. */
export function checkSortBy(sortBy: string): string {
  if (['', 'cpu', 'memory'].includes(sortBy)) return sortBy;
  throw new UserError('--sort-by accepts only cpu or memory');
}

async function metricsOf(
  path: string,
  name: string | undefined,
  { labelSelector = '', fieldSelector = '' }: ListOptions,
  context: Context,
): Promise<Record<string, unknown>[]> {
  const client = await context.client();
  const query = new URLSearchParams();
  if (name === undefined && labelSelector !== '') query.set('labelSelector', labelSelector);
  if (name === undefined && fieldSelector !== '') query.set('fieldSelector', fieldSelector);
  const where = name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
  const { body } = await client.request({ method: 'GET', path: where, query, signal: context.signal });
  return name === undefined ? listIn(body, 'items') : isJsonObject(body) ? [body] : [];
}

function listIn(value: unknown, field: string): Record<string, unknown>[] {
  const list = isJsonObject(value) ? value[field] : undefined;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function nameOf(item: Record<string, unknown>): string {
  return textIn(item['metadata'], 'name');
}

function textIn(value: unknown, field: string): string {
  const text = isJsonObject(value) ? value[field] : undefined;
  return typeof text === 'string' ? text : '';
}
