import { type FieldError, invalidValue } from '../../model/field-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden } from '../../model/status-errors.ts';
import { type Fields, partOf, textIn } from '../kinds/fields.ts';
import { BASELINE_CHECKS } from './baseline-checks.ts';
import { podParts, type SecurityCheck } from './pod-parts.ts';
import { RESTRICTED_CHECKS } from './restricted-checks.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

const LABEL = 'pod-security.kubernetes.io/';
const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];

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
  const [enforced, warned] = [levelIn(labels, 'enforce'), levelIn(labels, warnMode(labels))];
  if (path === undefined || (enforced === 'privileged' && warned === 'privileged')) return [];
  const spec = partOf(object, ...path);
  const violations = isPod ? violationsOf(spec, enforced) : [];
  if (violations.length > 0) {
    const why = `violates PodSecurity ${JSON.stringify(policyText(labels, 'enforce'))}: ${violations.join(', ')}`;
    throw forbidden({ group: '', resource: 'pods' }, object.metadata.name ?? '', why);
  }
  const warnings = violationsOf(spec, warned);
  if (warnings.length === 0) return [];
  return [`would violate PodSecurity ${JSON.stringify(policyText(labels, warnMode(labels)))}: ${warnings.join(', ')}`];
}

/** What is enforced is warned of too, where nothing else is said. */
function warnMode(labels: Readonly<Record<string, string>>): 'warn' | 'enforce' {
  return labels[`${LABEL}warn`] === undefined ? 'enforce' : 'warn';
}

/**
 * PodSecurity for a changed object: as for a new one, but pods are only looked at when an image is another one, or a container
 * was added.
 */
export function checkChangedPodSecurity(
  resource: string,
  object: KubeObject,
  old: KubeObject,
  labels: Readonly<Record<string, string>>,
): string[] {
  return resource === 'pods' && !isSignificant(object, old) ? [] : checkPodSecurity(resource, object, labels);
}

function isSignificant(pod: KubeObject, old: KubeObject): boolean {
  const images = (each: KubeObject): string[] =>
    podParts(partOf(each, 'spec')).containers.map(({ name, container }) => `${name}=${textIn(container, 'image')}`);
  const before = new Set(images(old));
  return images(pod).some((image) => !before.has(image));
}

/** What is wrong with the labels that say which levels hold in a namespace. */
export function levelErrors(labels: Readonly<Record<string, string>>): FieldError[] {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const level = labels[`${LABEL}${mode}`];
    const version = labels[`${LABEL}${mode}-version`];
    const field = (suffix: string): string => `metadata.labels[${LABEL}${mode}${suffix}]`;
    return [
      ...(level === undefined || LEVELS.includes(level)
        ? []
        : [invalidValue(field(''), level, `must be one of ${LEVELS.join(', ')}`)]),
      ...(version === undefined || version === 'latest' || /^v1\.(?:0|[1-9]\d{0,3})$/.test(version)
        ? []
        : [invalidValue(field('-version'), version, 'must be "latest" or "v1.x"')]),
    ];
  });
}

/** Whether a namespace is held to more than before, so that the pods in it are to be looked at. */
export function isStricter(
  labels: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): boolean {
  const [now, then] = [levelIn(labels, 'enforce'), levelIn(before, 'enforce')];
  if (now === 'privileged' || policyText(labels, 'enforce') === policyText(before, 'enforce')) return false;
  const version = (all: Readonly<Record<string, string>>): string => all[`${LABEL}enforce-version`] ?? 'latest';
  return version(labels) !== version(before) || LEVELS.indexOf(now) > LEVELS.indexOf(then);
}

/** What is warned of when a namespace is held to more: which of its pods would not be let in now. */
export function relabelWarnings(namespace: KubeObject, pods: readonly KubeObject[]): string[] {
  const { name = '', labels = {} } = namespace.metadata;
  const found = new Map<string, string[]>();
  for (const pod of pods) {
    const reasons = brokenChecks(partOf(pod, 'spec'), levelIn(labels, 'enforce')).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const text = reasons.join(', ');
    found.set(text, [...(found.get(text) ?? []), pod.metadata.name ?? '']);
  }
  if (found.size === 0) return [];
  const policy = JSON.stringify(policyText(labels, 'enforce'));
  const head = `existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level ${policy}`;
  const lines = [...found].map(([reason, names]) => `${podsText(names.sort())}: ${reason}`);
  return [head, ...lines.sort()];
}

function podsText([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first} (and ${String(others.length)} other pod${others.length === 1 ? '' : 's'})`;
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
  return brokenChecks(spec, level).map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`));
}

/** The rules of a level that a pod breaks. */
function brokenChecks(spec: Fields, level: Level): { reason: string; detail: string }[] {
  if (level === 'privileged') return [];
  const parts = podParts(spec);
  const overridden = level === 'baseline' ? [] : RESTRICTED_CHECKS.flatMap(({ overrides = [] }) => overrides);
  const checks: SecurityCheck[] = [
    ...BASELINE_CHECKS.filter(({ id }) => !overridden.includes(id)),
    ...(level === 'baseline' ? [] : RESTRICTED_CHECKS),
  ];
  return checks.flatMap(({ reason, violation }) => {
    const detail = violation(parts);
    return detail === undefined ? [] : [{ reason, detail }];
  });
}
