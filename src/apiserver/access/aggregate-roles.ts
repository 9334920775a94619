import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { semanticEqual } from '../../model/semantic-equal.ts';
import { StatusError } from '../../model/status.ts';
import type { ApiServer } from '../api-server.ts';
import { isFields, objectIn, objectsIn } from '../kinds/fields.ts';
import { selectorMatches } from '../kinds/label-selector.ts';
import { isLeaseHeld } from '../lease-held.ts';
import { applyConfiguration } from '../managed-fields/apply-configuration.ts';
import type { ServedResource } from '../served-resource.ts';
import { updateObject } from '../update-object.ts';

/** Who the rules of an aggregated role belong to (clusterroleaggregation_controller). */
const MANAGER = 'clusterrole-aggregation-controller';

/** Whether a change of an object of this kind may be a change of aggregated roles. */
export function mayAggregate({ info }: ServedResource): boolean {
  return info.group === 'rbac.authorization.k8s.io' && info.plural === 'clusterroles';
}

/**
 * Writes into every stored ClusterRole with an aggregationRule the rules of the ClusterRoles that it selects: by name, each
 * rule once. A role that takes in an aggregated one gets its rules too. Nothing is done where a controller manager does it.
 */
export async function aggregateRoles(server: ApiServer): Promise<void> {
  const served = await server.catalog.preferred('rbac.authorization.k8s.io', 'clusterroles');
  if (served === undefined) return;
  // Each round writes what the one before it made stale; no chain of roles is longer than there are roles.
  for (let round = 0; ; round++) {
    const roles = await rolesOf(server, served);
    const stale = roles.filter((role) => isAggregated(role) && !isSettled(role, roles));
    if (stale.length === 0 || round > roles.length) return;
    if (await isLeaseHeld(server, 'kube-system', 'kube-controller-manager')) return;
    for (const { metadata } of stale) await writeRules(server, served, metadata.name ?? '');
  }
}

async function rolesOf({ storage }: ApiServer, served: ServedResource): Promise<KubeObject[]> {
  const { objects } = await storage.list(served.stored, '');
  const roles = objects.map((object) => served.fromStored(object));
  return roles.sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
}

function isAggregated(role: KubeObject): boolean {
  return isFields(role['aggregationRule']);
}

/** Where there is nothing to take in, what was taken in before is given up, and rules of others stay. */
function isSettled(role: KubeObject, roles: readonly KubeObject[]): boolean {
  const rules = rulesFor(role, roles);
  const entries = role.metadata.managedFields ?? [];
  if (rules.length === 0) return !entries.some(({ manager }) => manager === MANAGER);
  return semanticEqual(rules, objectsIn(role, 'rules'));
}

/** The rules of all other roles that a role selects; `roles` are in the order of their names. */
function rulesFor(role: KubeObject, roles: readonly KubeObject[]): JsonObject[] {
  const selectors = objectsIn(objectIn(role, 'aggregationRule') ?? {}, 'clusterRoleSelectors');
  const rules: JsonObject[] = [];
  const seen = new Set<string>();
  for (const selector of selectors) {
    for (const other of roles) {
      if (other.metadata.name === role.metadata.name) continue;
      if (!selectorMatches(selector, other.metadata.labels ?? {})) continue;
      for (const rule of objectsIn(other, 'rules') as JsonObject[]) {
        const text = JSON.stringify(rule);
        if (!seen.has(text)) rules.push(rule);
        seen.add(text);
      }
    }
  }
  return rules;
}

/** Applies the rules that a role has now, as the controller does: they are worked out again when another writer comes first. */
async function writeRules(server: ApiServer, served: ServedResource, name: string): Promise<void> {
  const application = { server, served, subresource: '', manager: MANAGER, force: true };
  const make = async (current: KubeObject | undefined): Promise<KubeObject> => {
    const roles = await rolesOf(server, served);
    const role = current ?? roles.find(({ metadata }) => metadata.name === name);
    const rules = role === undefined ? [] : rulesFor(role, roles);
    const { kind, group, version } = served.info;
    return applyConfiguration(application, current, {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: { name },
      ...(rules.length === 0 ? {} : { rules }),
    });
  };
  const options = { dryRun: false, fieldManager: MANAGER, fieldValidation: 'Ignore', force: true } as const;
  try {
    await updateObject(
      { server, served, namespace: '', subresource: '', options, tracked: true },
      { name: { namespace: '', name }, make, mayCreate: false },
    );
  } catch (error) {
    // Somebody deleted it meanwhile.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}
