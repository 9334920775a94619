import { deepClone } from '../../../model/deep-clone.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, entriesIn, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { changesText } from '../changes-text.ts';
import { rangeErrors } from '../value-rules.ts';
import { imageSpaceErrors } from './container-errors.ts';
import { podSpecErrors } from './pod-spec-errors.ts';
import { tolerationsErrors } from './scheduling-errors.ts';
import { podAnnotationErrors } from './template-errors.ts';

/** What is wrong with a pod, whether it is new or not (validatePodMetadataAndSpec). */
export function podErrorsOfAny(pod: KubeObject): FieldError[] {
  const spec = partOf(pod, 'spec');
  const errors = podAnnotationErrors(pod.metadata, spec, 'metadata.annotations');
  errors.push(...podSpecErrors(spec, { path: 'spec', isPod: true, podName: pod.metadata.name ?? '' }));
  if (textIn(spec, 'serviceAccountName') === '') errors.push(...tokenErrors(spec));
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of objectsIn(spec, list).entries()) {
      errors.push(...imageSpaceErrors(container, `spec.${list}[${index}]`));
    }
  }
  return errors;
}

function tokenErrors(spec: Fields): FieldError[] {
  return objectsIn(spec, 'volumes').flatMap((volume, index) =>
    objectsIn(partOf(volume, 'projected'), 'sources').flatMap((source, i) => {
      if (!isSet(source, 'serviceAccountToken')) return [];
      const field = `spec.volumes[${index}].projected.sources[${i}].serviceAccountToken`;
      return [fieldForbidden(field, 'must not be specified when serviceAccountName is not set')];
    }),
  );
}

/** What is wrong with a new pod (ValidatePodCreate). */
export function podErrors(pod: KubeObject): FieldError[] {
  const spec = partOf(pod, 'spec');
  const errors = podErrorsOfAny(pod);
  if (objectsIn(spec, 'ephemeralContainers').length > 0) {
    errors.push(fieldForbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (textIn(spec, 'nodeName') !== '' && objectsIn(spec, 'schedulingGates').length > 0) {
    errors.push(fieldForbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return errors;
}

const CHANGEABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

const MAX_INT32 = 2 ** 31 - 1;

/** What is wrong with the update of a pod, little of which may change (ValidatePodUpdate). */
export function podUpdateErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const spec = partOf(pod, 'spec');
  const before = partOf(old, 'spec');
  const errors = [...podErrorsOfAny(pod), ...annotationChanges(pod, old)];
  for (const list of ['containers', 'initContainers']) {
    const now = objectsIn(spec, list);
    if (now.length !== objectsIn(before, list).length) {
      return [...errors, fieldForbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
    errors.push(...imageErrors(now, `spec.${list}`));
  }
  const deadline = deadlineErrors(spec, before);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(...tolerationChanges(objectsIn(spec, 'tolerations'), objectsIn(before, 'tolerations')));
  errors.push(...gateChanges(spec, before));
  const rest = withWhatMayChange(spec, before);
  errors.push(...gatedChanges(rest, before));
  if (deepEqual(rest, before)) return errors;
  const detail = `pod updates may not change fields other than ${CHANGEABLE}\n${changesText('core.PodSpec', before, rest)}`;
  return [...errors, fieldForbidden('spec', detail)];
}

function imageErrors(containers: readonly Fields[], path: string): FieldError[] {
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const missing = textIn(container, 'image') === '' ? [required(`${at}.image`)] : [];
    return [...missing, ...imageSpaceErrors(container, at)];
  });
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const MIRROR = 'kubernetes.io/config.mirror';

function annotationChanges(pod: KubeObject, old: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const now = new Map(entriesIn(pod.metadata, 'annotations'));
  const before = new Map(entriesIn(old.metadata, 'annotations'));
  const forbid = (key: string, verb: string) => {
    const field = `metadata.annotations[${key}]`;
    if (key.startsWith(APP_ARMOR)) errors.push(fieldForbidden(field, `may not ${verb} AppArmor annotations`));
    if (key === MIRROR) errors.push(fieldForbidden(field, `may not ${verb} mirror pod annotation`));
  };
  for (const [key, value] of before) if (now.get(key) !== value) forbid(key, 'remove or update');
  for (const key of now.keys()) if (!before.has(key)) forbid(key, 'add');
  return errors;
}

/** A deadline may be set, or come nearer. */
function deadlineErrors(spec: Fields, before: Fields): { errors: FieldError[]; stop: boolean } {
  const field = 'spec.activeDeadlineSeconds';
  const now = numberIn(spec, 'activeDeadlineSeconds');
  const had = numberIn(before, 'activeDeadlineSeconds');
  if (now === undefined) {
    if (had === undefined) return { errors: [], stop: false };
    const detail = 'must not update from a positive integer to nil value';
    return { errors: [invalidValue(field, null, detail)], stop: false };
  }
  const outside = rangeErrors(now, 0, MAX_INT32).map((text) => invalidValue(field, now, text));
  if (outside.length > 0) return { errors: outside, stop: true };
  if (had === undefined || now <= had) return { errors: [], stop: false };
  return { errors: [invalidValue(field, now, 'must be less than or equal to previous value')], stop: true };
}

function tolerationChanges(now: readonly Fields[], before: readonly Fields[]): FieldError[] {
  const field = 'spec.tolerations';
  const kept = before.every((old) =>
    now.some((toleration) => deepEqual({ ...old, tolerationSeconds: toleration['tolerationSeconds'] }, toleration)),
  );
  if (!kept) return [fieldForbidden(field, 'existing toleration can not be modified except its tolerationSeconds')];
  return tolerationsErrors(now, field);
}

function gateChanges(spec: Fields, before: Fields): FieldError[] {
  const had = new Set(objectsIn(before, 'schedulingGates').map((gate) => textIn(gate, 'name')));
  return objectsIn(spec, 'schedulingGates').flatMap((gate, index) => {
    const name = textIn(gate, 'name');
    if (had.has(name)) return [];
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [fieldForbidden(`spec.schedulingGates[${index}].name`, detail)];
  });
}

/** The new spec with what may change as it was: what differs then may not. */
function withWhatMayChange(spec: Fields, before: Fields): Fields {
  const rest = deepClone(spec);
  for (const list of ['containers', 'initContainers']) {
    const old = objectsIn(before, list);
    for (const [index, container] of objectsIn(rest, list).entries()) take(container, old[index] ?? {}, 'image');
  }
  for (const key of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) take(rest, before, key);
  if ((numberIn(before, 'terminationGracePeriodSeconds') ?? 0) < 0 && rest['terminationGracePeriodSeconds'] === 1) {
    take(rest, before, 'terminationGracePeriodSeconds');
  }
  return rest;
}

function take(part: Fields, from: Fields, key: string): void {
  if (from[key] === undefined) delete part[key];
  else part[key] = from[key];
}

/** A pod that waits for its gates may still be told where to go: nodeSelector and node affinity may be narrowed. */
function gatedChanges(rest: Fields, before: Fields): FieldError[] {
  if (objectsIn(before, 'schedulingGates').length === 0) return [];
  const errors: FieldError[] = [];
  const now = new Map(entriesIn(rest, 'nodeSelector'));
  if (entriesIn(before, 'nodeSelector').some(([key, value]) => now.get(key) !== value)) {
    const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalidValue('spec.nodeSelector', rest['nodeSelector'] ?? null, detail));
  }
  take(rest, before, 'nodeSelector');
  const affinity = objectIn(rest, 'affinity');
  const hadAffinity = objectIn(before, 'affinity');
  if (
    hadAffinity === undefined &&
    affinity !== undefined &&
    Object.keys(affinity).every((key) => key === 'nodeAffinity')
  ) {
    delete rest['affinity'];
  }
  return errors;
}
