import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { deepEqual } from '../../model/deep-equal.ts';
import { type PolicyRule, ruleObject, rulesOf, ruleText, uncovered } from './reconcile-rules.ts';

/** What has to be done with an object so that it is as wanted. */
export interface Reconciliation {
  readonly operation: 'none' | 'create' | 'update' | 'recreate';
  /** Whether the object that is there says that nobody should change it. */
  readonly optedOut?: boolean;
  /** The object as it is to be. */
  readonly object: KubeObject;
  /** What is told: a heading with lines below it. */
  readonly changes: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

export interface ReconcileFlags {
  readonly removeExtraPermissions: boolean;
  readonly removeExtraSubjects: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Whether an object is of the kind that can be reconciled. */
export function isReconcilable({ kind }: KubeObject): boolean {
  return ROLES.has(kind) || BINDINGS.has(kind);
}

/** An annotation by which an object keeps to itself. */
export const AUTO_UPDATE = 'rbac.authorization.kubernetes.io/autoupdate';

const ROLES = new Set(['Role', 'ClusterRole']);
const BINDINGS = new Set(['RoleBinding', 'ClusterRoleBinding']);

/** Compares what is there with what is wanted; mirrors the reconciliation of component-helpers' rbac package. */
export function reconciliationOf(
  wanted: KubeObject,
  live: KubeObject | undefined,
  flags: ReconcileFlags,
): Reconciliation {
  const found = ROLES.has(wanted.kind)
    ? roleReconciliation(wanted, live, flags)
    : bindingReconciliation(wanted, live, flags);
  const optedOut = live !== undefined && live.metadata.annotations?.[AUTO_UPDATE] === 'false';
  return optedOut ? { ...found, optedOut } : found;
}

function roleReconciliation(wanted: KubeObject, live: KubeObject | undefined, flags: ReconcileFlags): Reconciliation {
  const added = 'missing rules added:';
  if (live === undefined) {
    const changes = heading(added, rulesOf(wanted['rules']).map(ruleText));
    return { operation: 'create', object: wanted, changes };
  }
  const { object: merged, changed } = withMetadata(wanted, live);
  const rules = reconciledRules(wanted, live, flags.removeExtraPermissions);
  const selectors = reconciledList(selectorsOf(live), selectorsOf(wanted), flags.removeExtraPermissions);
  const object = {
    ...merged,
    ...(rules.changed ? { rules: rules.rules } : {}),
    ...(selectors.changed ? { aggregationRule: { clusterRoleSelectors: selectors.items } } : {}),
  };
  const isChanged = changed || rules.changed || selectors.changed;
  return {
    operation: isChanged ? 'update' : 'none',
    object: isChanged ? object : live,
    changes: [
      ...heading(added, rules.missing.map(ruleText)),
      ...(flags.removeExtraPermissions ? heading('extra rules removed:', rules.extra.map(ruleText)) : []),
    ],
  };
}

interface ReconciledRules {
  readonly rules: unknown;
  readonly missing: readonly PolicyRule[];
  readonly extra: readonly PolicyRule[];
  readonly changed: boolean;
}

function reconciledRules(wanted: KubeObject, live: KubeObject, remove: boolean): ReconciledRules {
  // The rules of a role that aggregates others are the server's.
  if (wanted['aggregationRule'] !== undefined) return { rules: null, missing: [], extra: [], changed: false };
  const [wantedRules, liveRules] = [rulesOf(wanted['rules']), rulesOf(live['rules'])];
  const missing = uncovered(liveRules, wantedRules);
  const extra = uncovered(wantedRules, liveRules);
  const changed = missing.length > 0 || (remove && extra.length > 0);
  const present: unknown[] = Array.isArray(live['rules']) ? live['rules'] : [];
  const rules = remove ? (wanted['rules'] ?? null) : [...present, ...missing.map(ruleObject)];
  return { rules, missing, extra, changed };
}

function bindingReconciliation(
  wanted: KubeObject,
  live: KubeObject | undefined,
  flags: ReconcileFlags,
): Reconciliation {
  const wantedSubjects = objects(wanted['subjects']);
  const added = 'missing subjects added:';
  if (live === undefined) {
    return { operation: 'create', object: wanted, changes: heading(added, wantedSubjects.map(subjectText)) };
  }
  const { object: merged, changed } = withMetadata(wanted, live);
  if (!deepEqual(wanted['roleRef'], live['roleRef'])) {
    // A binding's role never changes.
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = merged.metadata;
    const subjects = objects(wanted['subjects']);
    const object = { ...wanted, metadata, ...(subjects.length === 0 ? {} : { subjects }) };
    return { operation: 'recreate', object, changes: [] };
  }
  const subjects = reconciledList(objects(live['subjects']), wantedSubjects, flags.removeExtraSubjects);
  const isChanged = changed || subjects.changed;
  return {
    operation: isChanged ? 'update' : 'none',
    object: isChanged ? { ...merged, ...(subjects.changed ? { subjects: subjects.items } : {}) } : live,
    changes: [
      ...heading(added, subjects.missing.map(subjectText)),
      ...(flags.removeExtraSubjects ? heading('extra subjects removed:', subjects.extra.map(subjectText)) : []),
    ],
  };
}

interface ReconciledList {
  readonly items: readonly JsonObject[];
  readonly missing: readonly JsonObject[];
  readonly extra: readonly JsonObject[];
  readonly changed: boolean;
}

function reconciledList(live: readonly JsonObject[], wanted: readonly JsonObject[], remove: boolean): ReconciledList {
  const missing = wanted.filter((each) => !live.some((other) => deepEqual(each, other)));
  const extra = live.filter((each) => !wanted.some((other) => deepEqual(each, other)));
  const changed = missing.length > 0 || (remove && extra.length > 0);
  return { items: remove ? wanted : [...live, ...missing], missing, extra, changed };
}

/** What is there keeps its labels and annotations; those that it lacks are added. */
function withMetadata(wanted: KubeObject, live: KubeObject): { object: KubeObject; changed: boolean } {
  const labels = { ...wanted.metadata.labels, ...live.metadata.labels };
  const annotations = { ...wanted.metadata.annotations, ...live.metadata.annotations };
  const changed =
    !deepEqual(labels, live.metadata.labels ?? {}) || !deepEqual(annotations, live.metadata.annotations ?? {});
  if (!changed) return { object: live, changed };
  const metadata = {
    ...live.metadata,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return { object: { ...live, metadata }, changed };
}

function selectorsOf(object: KubeObject): JsonObject[] {
  const rule = object['aggregationRule'];
  return isJsonObject(rule) ? objects(rule['clusterRoleSelectors']) : [];
}

function heading(text: string, lines: readonly string[]): { heading: string; lines: readonly string[] }[] {
  return lines.length === 0 ? [] : [{ heading: text, lines }];
}

function subjectText(subject: JsonObject): string {
  const at = (name: string): string => (typeof subject[name] === 'string' ? subject[name] : '');
  return `{Kind:${at('kind')} APIGroup:${at('apiGroup')} Name:${at('name')} Namespace:${at('namespace')}}`;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
