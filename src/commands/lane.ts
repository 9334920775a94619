import type { NamedTarget, Target, TargetFailure } from './target.ts';

/** Which work may go on at the same time. */
export interface Lane {
  /** Work of different groups never overlaps. */
  readonly group: string;
  /** Work on the same object never overlaps. */
  readonly object: string;
  /** Whether even looking at what follows must wait until this is done. */
  readonly decides?: boolean;
}

/**
 * Kinds whose objects no API server needs for accepting an object of another of them, by group and plural. Others may need
 * one another (a pod its service account and priority class, a binding its role), so that their order counts.
 */
const INDEPENDENT: ReadonlySet<string> = new Set([
  '/configmaps',
  '/secrets',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'autoscaling/horizontalpodautoscalers',
  'batch/cronjobs',
  'batch/jobs',
  'networking.k8s.io/networkpolicies',
  'policy/poddisruptionbudgets',
]);

/** A definition decides which kinds there are, also for the manifests that follow it. */
const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/**
 * The lane of a target, such that working on many at once leaves the same objects as one after the other: objects of one
 * kind at once, and those of kinds that never need one another. undefined for what has no work to do.
 */
export function laneOf(target: Target | TargetFailure): Lane | undefined {
  return target.kind === 'named' ? laneOfObject(target) : undefined;
}

function laneOfObject({ resource, namespace = '', name, manifest }: NamedTarget): Lane {
  const kind = `${resource.group}/${resource.plural}`;
  const generated = name === '' ? (manifest?.document ?? 0) : 0;
  return {
    group: needsNobody(kind, manifest?.object['type']) ? '' : kind,
    object: `${kind}/${namespace}/${name === '' ? `${manifest?.source ?? ''}#${generated}` : name}`,
    decides: kind === DEFINITIONS,
  };
}

/** A token secret needs its service account. */
function needsNobody(kind: string, type: unknown): boolean {
  return INDEPENDENT.has(kind) && type !== 'kubernetes.io/service-account-token';
}
