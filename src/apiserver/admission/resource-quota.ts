import { deepEqual } from '../../model/deep-equal.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import {
  compareQuantity,
  formatQuantity,
  parseQuantity,
  quantitySign,
  subtractQuantity,
} from '../../model/quantity.ts';
import { forbidden } from '../../model/status-errors.ts';
import type { ObjectName } from '../../storage/object-storage.ts';
import type { ApiServer } from '../api-server.ts';
import { partOf } from '../kinds/fields.ts';
import { addAmounts, type Amounts } from '../../model/resource-amounts.ts';
import { amountsIn } from '../kinds/resource-list.ts';
import { groupResourceOf, type ServedResource } from '../served-resource.ts';
import { countedBy, isInScope, isPlainCount, missingOf, quotaResource, usageOf } from './quota-usage.ts';

/** A quota with the usage that it has once an object is written; it must still be as it was read for that. */
export interface QuotaCharge {
  readonly name: ObjectName;
  readonly revision: number;
  readonly object: KubeObject;
}

interface Creation {
  readonly server: ApiServer;
  readonly served: ServedResource;
  readonly object: KubeObject;
}

const ZERO = parseQuantity('0');

/**
 * The admission plug-in ResourceQuota for a new object: throws Forbidden when a quota of its namespace would be exceeded, and
 * answers what is to be written together with the object. The usage is counted from what there is, as nobody else counts it.
 */
export async function chargeQuotas(
  { server, served, object }: Creation,
  quotas: readonly KubeObject[],
): Promise<QuotaCharge[]> {
  const resource = quotaResource(served.info.group, served.info.plural);
  const charges: QuotaCharge[] = [];
  const own = usageOf(resource, object);
  for (const quota of quotas) {
    const hard = amountsIn(partOf(quota, 'spec', 'hard'));
    const names = [...hard.keys()].filter((name) => countedBy(name) === resource);
    if (names.length === 0 || !isInScope(quota, resource, object)) continue;
    const missing = resource === 'pods' ? missingOf(object, names) : '';
    if (missing !== '') {
      const why = `failed quota: ${quota.metadata.name ?? ''}: must specify ${missing}`;
      throw forbidden(groupResourceOf(served), object.metadata.name ?? '', why);
    }
    const used = await usedOf(server, quota);
    checkHard({ served, object }, quota, { hard, used, own });
    const after: Amounts = new Map(used);
    addAmounts(after, new Map([...own].filter(([name]) => hard.has(name))));
    charges.push(chargeTo(quota, after));
  }
  return charges;
}

function chargeTo(quota: KubeObject, used: Amounts): QuotaCharge {
  return {
    name: { namespace: quota.metadata.namespace ?? '', name: quota.metadata.name ?? '' },
    revision: Number(quota.metadata.resourceVersion),
    object: withUsage(quota, used),
  };
}

/**
 * ResourceQuota for a changed object: throws Forbidden when it takes more than before of what a quota has no more of. Answers
 * what is to be written to quotas together with it, and whether they are to be counted anew afterwards.
 */
export async function chargeQuotasOfChange(
  { server, served, object }: Creation,
  old: KubeObject,
  quotas: () => Promise<readonly KubeObject[]>,
): Promise<{ recount: boolean; charges: readonly QuotaCharge[] }> {
  const resource = quotaResource(served.info.group, served.info.plural);
  const [own, before] = [usageOf(resource, object), usageOf(resource, old)];
  const more: Amounts = new Map();
  let changed = false;
  for (const name of new Set([...own.keys(), ...before.keys()])) {
    const difference = subtractQuantity(own.get(name) ?? ZERO, before.get(name) ?? ZERO);
    const sign = quantitySign(difference);
    if (sign !== 0) changed = true;
    if (sign > 0) more.set(name, difference);
  }
  const charges: QuotaCharge[] = [];
  if (more.size === 0) return { recount: changed, charges };
  for (const quota of await quotas()) {
    const hard = amountsIn(partOf(quota, 'spec', 'hard'));
    if (![...more.keys()].some((name) => hard.has(name)) || !isInScope(quota, resource, object)) continue;
    const used = await usedOf(server, quota);
    checkHard({ served, object }, quota, { hard, used, own: more });
    // Whoever else takes of it at the same time must see that this was taken.
    addAmounts(used, new Map([...more].filter(([name]) => hard.has(name))));
    charges.push(chargeTo(quota, used));
  }
  return { recount: changed, charges };
}

function checkHard(
  { served, object }: Omit<Creation, 'server'>,
  quota: KubeObject,
  { hard, used, own }: { hard: Amounts; used: Amounts; own: Amounts },
): void {
  const exceeded = [...own.keys()].filter((name) => {
    const most = hard.get(name);
    if (most === undefined) return false;
    const sum: Amounts = new Map([[name, used.get(name) ?? ZERO]]);
    addAmounts(sum, new Map([[name, own.get(name) ?? ZERO]]));
    return compareQuantity(sum.get(name) ?? ZERO, most) > 0;
  });
  if (exceeded.length === 0) return;
  const text = (amounts: Amounts): string =>
    [...exceeded]
      .sort()
      .map((name) => `${name}=${formatQuantity(amounts.get(name) ?? ZERO)}`)
      .join(',');
  const why = `exceeded quota: ${quota.metadata.name ?? ''}, requested: ${text(own)}, used: ${text(used)}, limited: ${text(hard)}`;
  throw forbidden(groupResourceOf(served), object.metadata.name ?? '', why);
}

/** What is used of a quota, counted from the objects of its namespace. */
export async function usedOf(server: ApiServer, quota: KubeObject): Promise<Amounts> {
  const names = Object.keys(partOf(quota, 'spec', 'hard'));
  const used: Amounts = new Map(names.map((name) => [name, ZERO]));
  const resources = new Set(names.map(countedBy).filter((resource) => resource !== undefined));
  for (const resource of resources) {
    const counted = names.filter((name) => countedBy(name) === resource);
    const total = await totalOf(server, quota, resource, counted.every(isPlainCount));
    for (const name of counted) used.set(name, total.get(name) ?? ZERO);
  }
  return used;
}

async function totalOf(
  { catalog, storage }: ApiServer,
  quota: KubeObject,
  resource: string,
  plain: boolean,
): Promise<Amounts> {
  const dot = resource.indexOf('.');
  const [plural, group] = dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)];
  const served = await catalog.preferred(group, plural);
  const total: Amounts = new Map();
  if (served === undefined) return total;
  const namespace = quota.metadata.namespace ?? '';
  const scoped = partOf(quota, 'spec')['scopes'] ?? partOf(quota, 'spec')['scopeSelector'];
  if (plain && scoped === undefined) {
    const count = parseQuantity(String(await storage.count(served.stored, namespace)));
    return new Map([
      [`count/${resource}`, count],
      [resource, count],
    ]);
  }
  const { objects } = await storage.list(served.stored, namespace);
  for (const stored of objects) {
    const object = served.fromStored(stored);
    if (isInScope(quota, resource, object)) addAmounts(total, usageOf(resource, object));
  }
  return total;
}

/** A quota with its usage in its status. */
function withUsage(quota: KubeObject, used: Amounts): KubeObject {
  const { hard = {} } = partOf(quota, 'spec') as { hard?: Record<string, unknown> };
  const texts = Object.keys(hard).map((name) => [name, formatQuantity(used.get(name) ?? ZERO)]);
  return { ...quota, status: { hard: { ...hard }, used: Object.fromEntries(texts) } };
}

/**
 * Counts the quotas of a namespace anew, as the quota controller does when something there was deleted. A quota that was just
 * written has the status that it was written with, until something that it counts comes or goes.
 */
export async function recountQuotas(server: ApiServer, namespace: string): Promise<void> {
  const served = await server.catalog.preferred('', 'resourcequotas');
  if (served === undefined) return;
  const { objects } = await server.storage.list(served.stored, namespace);
  for (const found of objects) {
    const { name = '' } = found.metadata;
    await server.storage.update(
      served.stored,
      { namespace, name },
      {
        cached: { object: found, revision: Number(found.metadata.resourceVersion) },
        async update(current) {
          // It may have been deleted in the meantime: there is nothing to count then.
          if (current === undefined) return { type: 'delete', object: found };
          const counted = withUsage(served.fromStored(current), await usedOf(server, served.fromStored(current)));
          const same = deepEqual(partOf(current, 'status'), partOf(counted, 'status'));
          return { type: 'write', object: same ? current : served.toStored(counted) };
        },
      },
    );
  }
}
