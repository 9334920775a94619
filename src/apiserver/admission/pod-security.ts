import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden } from '../../model/status-errors.ts';
import { type Fields, partOf } from '../kinds/fields.ts';
import { BASELINE_CHECKS } from './baseline-checks.ts';
import { podParts, type SecurityCheck } from './pod-parts.ts';
import { RESTRICTED_CHECKS } from './restricted-checks.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

const LABEL = 'pod-security.kubernetes.io/';

/** Where the workloads have the template of their pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  replicationcontrollers: ['spec', 'template', 'spec'],
  podtemplates: ['template', 'spec'],
  'daemonsets.apps': ['spec', 'template', 'spec'],
  'deployments.apps': ['spec', 'template', 'spec'],
  'replicasets.apps': ['spec', 'template', 'spec'],
  'statefulsets.apps': ['spec', 'template', 'spec'],
  'cronjobs.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  'jobs.batch': ['spec', 'template', 'spec'],
};

/**
 * The admission plug-in PodSecurity: throws Forbidden for a pod that violates the level which its namespace enforces, and
 * answers what to warn of for the level that it warns of; of workloads it only warns. The newest version of the levels holds,
 * whatever version the namespace names.
 */
export function checkPodSecurity(
  resource: string,
  object: KubeObject,
  labels: Readonly<Record<string, string>>,
): string[] {
  const isPod = resource === 'pods';
  const path = isPod ? ['spec'] : TEMPLATES[resource];
  const [enforced, warned] = [levelIn(labels, 'enforce'), levelIn(labels, 'warn')];
  if (path === undefined || (enforced === 'privileged' && warned === 'privileged')) return [];
  const spec = partOf(object, ...path);
  const violations = isPod ? violationsOf(spec, enforced) : [];
  if (violations.length > 0) {
    const why = `violates PodSecurity ${JSON.stringify(policyText(labels, 'enforce'))}: ${violations.join(', ')}`;
    throw forbidden({ group: '', resource: 'pods' }, object.metadata.name ?? '', why);
  }
  const warnings = violationsOf(spec, warned);
  if (warnings.length === 0) return [];
  return [`would violate PodSecurity ${JSON.stringify(policyText(labels, 'warn'))}: ${warnings.join(', ')}`];
}

/** A level that is not known is the strictest. */
function levelIn(labels: Readonly<Record<string, string>>, mode: string): Level {
  const level = labels[`${LABEL}${mode}`] ?? 'privileged';
  return level === 'privileged' || level === 'baseline' ? level : 'restricted';
}

function policyText(labels: Readonly<Record<string, string>>, mode: string): string {
  return `${levelIn(labels, mode)}:${labels[`${LABEL}${mode}-version`] ?? 'latest'}`;
}

function violationsOf(spec: Fields, level: Level): string[] {
  if (level === 'privileged') return [];
  const parts = podParts(spec);
  const overridden = level === 'baseline' ? [] : RESTRICTED_CHECKS.flatMap(({ overrides = [] }) => overrides);
  const checks: SecurityCheck[] = [
    ...BASELINE_CHECKS.filter(({ id }) => !overridden.includes(id)),
    ...(level === 'baseline' ? [] : RESTRICTED_CHECKS),
  ];
  return checks.flatMap(({ reason, violation }) => {
    const detail = violation(parts);
    if (detail === undefined) return [];
    return [detail === '' ? reason : `${reason} (${detail})`];
  });
}
