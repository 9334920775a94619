import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { collectionPages } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { isNotFound } from '../failures.ts';
import { objectsIn } from '../objects-in.ts';
import { resourceOf } from '../resource-of.ts';

/** Which pods drain may remove. */
export interface RemovalRules {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
  readonly podSelector: string;
  readonly chunkSize: number;
  /** Seconds after its deletion from which a pod is not waited for; 0 for never. */
  readonly skipWaitForDeleteTimeout: number;
}

/** What drain has to do with the pods of a node. */
export interface Removal {
  readonly pods: readonly KubeObject[];
  /** In one text; empty when there is nothing to warn of. */
  readonly warnings: string;
  readonly errors: readonly Error[];
}

/** What becomes of one pod: it is removed, left alone, or stands in the way. */
interface Verdict {
  readonly remove: boolean;
  readonly warning?: string;
  readonly error?: string;
}

const REMOVE: Verdict = { remove: true };
const LEAVE: Verdict = { remove: false };

/** The pods of a node, sorted by what is to become of them. Mirrors the filters of kubectl's pkg/drain. */
export async function podsToRemove(node: string, rules: RemovalRules, context: Context): Promise<Removal> {
  const client = await context.client();
  const resource = await resourceOf('v1', 'Pod', context);
  const collection = {
    kind: 'collection' as const,
    resource,
    labelSelector: rules.podSelector,
    fieldSelector: `spec.nodeName=${node}`,
  };
  const pods: KubeObject[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  const pages = collectionPages(collection, rules.chunkSize, (options) =>
    client.list({ resource }, { ...options, signal: context.signal }),
  );
  for await (const page of pages) {
    for (const pod of page.items) {
      const { remove, warning, error } = await verdictOn(pod, rules, context);
      const place = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`;
      if (remove) pods.push(pod);
      if (warning !== undefined) warnings.set(warning, [...(warnings.get(warning) ?? []), place]);
      if (error !== undefined) errors.set(error, [...(errors.get(error) ?? []), place]);
    }
  }
  return {
    pods,
    warnings: [...warnings].map(([text, places]) => `${text}: ${places.join(', ')}`).join('; '),
    errors: [...errors].map(([text, places]) => new UserError(`cannot delete ${text}: ${places.join(', ')}`)),
  };
}

/** Each rule in turn; the last warning counts, and the first that keeps a pod ends it. */
async function verdictOn(pod: KubeObject, rules: RemovalRules, context: Context): Promise<Verdict> {
  if (isLongDeleted(pod, rules.skipWaitForDeleteTimeout, context.now())) return LEAVE;
  const ofDaemonSet = await daemonSetVerdict(pod, rules, context);
  if (!ofDaemonSet.remove) return ofDaemonSet;
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return LEAVE;
  const ofStorage = storageVerdict(pod, rules);
  if (!ofStorage.remove) return ofStorage;
  return ownerVerdict(pod, rules);
}

/** Whether a pod has been going for so long that nobody waits for it. */
export function isLongDeleted({ metadata }: KubeObject, seconds: number, now: Date): boolean {
  if (seconds <= 0 || metadata.deletionTimestamp === undefined) return false;
  return Math.trunc((now.getTime() - Date.parse(metadata.deletionTimestamp)) / 1000) > seconds;
}

async function daemonSetVerdict(pod: KubeObject, rules: RemovalRules, context: Context): Promise<Verdict> {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.kind !== 'DaemonSet' || owner.apiVersion !== 'apps/v1' || isFinished(pod)) return REMOVE;
  const client = await context.client();
  const resource = await resourceOf('apps/v1', 'DaemonSet', context);
  try {
    await client.get({ resource, namespace: pod.metadata.namespace ?? '' }, owner.name, { signal: context.signal });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // Nothing would make an orphan again.
    return isNotFound(error) && rules.force
      ? { remove: true, warning: error.message }
      : { remove: false, error: error.message };
  }
  if (!rules.ignoreDaemonSets) {
    return { remove: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  }
  return { remove: false, warning: 'ignoring DaemonSet-managed Pods' };
}

function storageVerdict(pod: KubeObject, rules: RemovalRules): Verdict {
  const volumes = isJsonObject(pod['spec']) ? objectsIn(pod['spec'], 'volumes') : [];
  if (!volumes.some(({ emptyDir }) => isJsonObject(emptyDir)) || isFinished(pod) || rules.deleteEmptyDirData) {
    return REMOVE;
  }
  return { remove: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
}

function ownerVerdict(pod: KubeObject, { force }: RemovalRules): Verdict {
  if (isFinished(pod) || pod.metadata.ownerReferences?.some(({ controller }) => controller === true)) return REMOVE;
  if (force) return { remove: true, warning: 'deleting Pods that declare no controller' };
  return { remove: false, error: 'cannot delete Pods that declare no controller (use --force to override)' };
}

function isFinished({ status }: KubeObject): boolean {
  return isJsonObject(status) && (status['phase'] === 'Succeeded' || status['phase'] === 'Failed');
}
