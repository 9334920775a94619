import type { KubeObject } from '../model/kube-object.ts';
import type { DeleteRequestOptions } from './delete-options.ts';
import type { ServedResource } from './served-resource.ts';

/** The finalizers by which a deletion says what becomes of the object's dependents (metav1.Finalizer…). */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** Resources whose dependents stay when a deletion says nothing of them, as they did before there was garbage collection. */
const ORPHANING: readonly string[] = ['/v1/replicationcontrollers', 'batch/v1/jobs'];

/** Whether the dependents of a resource's objects stay unless a deletion says otherwise. */
function orphansByDefault({ info }: ServedResource): boolean {
  return ORPHANING.includes(`${info.group}/${info.version}/${info.plural}`);
}

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** What a server warns of when a deletion does not say what becomes of dependents. */
export function deletionWarnings({ info }: ServedResource, { propagationPolicy }: DeleteRequestOptions): string[] {
  const isJob = info.group === 'batch' && info.version === 'v1' && info.plural === 'jobs';
  return isJob && propagationPolicy === undefined ? [JOB_WARNING] : [];
}

/** The finalizers of an object whose deletion is asked for (deletionFinalizersForGarbageCollection of apiserver's registry). */
export function deletionFinalizers(
  served: ServedResource,
  { metadata }: KubeObject,
  options: DeleteRequestOptions,
): readonly string[] {
  const before = metadata.finalizers ?? [];
  // Events own nothing (their strategy's policy is Unsupported).
  if (served.info.plural === 'events') return before;
  const policy = policyOf(served, before, options);
  const others = before.filter((each) => each !== ORPHAN && each !== FOREGROUND);
  const own = policy === 'Orphan' ? [ORPHAN] : policy === 'Foreground' ? [FOREGROUND] : [];
  const after = [...others, ...own];
  return after.length === before.length && after.every((each) => before.includes(each)) ? before : after;
}

/** What the request says goes before what the object's finalizers say, and that before the resource's default. */
function policyOf(
  served: ServedResource,
  finalizers: readonly string[],
  { propagationPolicy }: DeleteRequestOptions,
): 'Orphan' | 'Foreground' | 'Background' {
  if (propagationPolicy !== undefined) return propagationPolicy;
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  if (finalizers.includes(FOREGROUND)) return 'Foreground';
  return orphansByDefault(served) ? 'Orphan' : 'Background';
}
