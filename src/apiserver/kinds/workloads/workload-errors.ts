import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { negativeErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, partOf, textIn, textMapIn } from '../fields.ts';
import { selectorIsEmpty, selectorMatches } from '../label-selector.ts';
import { podTemplateErrors } from '../pod/template-errors.ts';

/** A selector that must be there and select something. `told` is how upstream names the kind when it is empty. */
export function requiredSelectorErrors(spec: Fields, told: string): FieldError[] {
  const selector = objectIn(spec, 'selector');
  if (selector === undefined) return [required('spec.selector')];
  const errors = selectorErrors(selector, 'spec.selector');
  if (selectorIsEmpty(selector)) errors.push(invalidValue('spec.selector', selector, told));
  return errors;
}

/** Labels of a template that its selector does not select. */
export function mismatchErrors(spec: Fields): FieldError[] {
  const metadata = partOf(spec, 'template', 'metadata');
  const labels = textMapIn(metadata, 'labels');
  if (selectorMatches(objectIn(spec, 'selector'), labels)) return [];
  const value = isSet(metadata, 'labels') ? labels : null;
  return [invalidValue('spec.template.metadata.labels', value, '`selector` does not match template `labels`')];
}

/** A restart policy or deadline that pods which are always replaced may not have. `kind` is as the message names it. */
export function alwaysRunningErrors(spec: Fields, kind: string): FieldError[] {
  const pod = partOf(spec, 'template', 'spec');
  const path = 'spec.template.spec';
  const errors: FieldError[] = [];
  const policy = textIn(pod, 'restartPolicy');
  if (policy !== 'Always') errors.push(notSupported(`${path}.restartPolicy`, policy, ['Always']));
  if (isSet(pod, 'activeDeadlineSeconds')) {
    const detail = `activeDeadlineSeconds in ${kind} is not Supported`;
    errors.push(fieldForbidden(`${path}.activeDeadlineSeconds`, detail));
  }
  return errors;
}

/** The template of a Deployment or ReplicaSet (ValidatePodTemplateSpecForReplicaSet). */
export function replicaTemplateErrors(spec: Fields): FieldError[] {
  const selector = objectIn(spec, 'selector');
  const selects = selector !== undefined && !selectorIsEmpty(selector);
  return [
    ...(selects ? mismatchErrors(spec) : []),
    ...podTemplateErrors(partOf(spec, 'template'), 'spec.template'),
    ...alwaysRunningErrors(spec, 'ReplicaSet'),
  ];
}

/** Counts of a status: none negative, none greater than what it is part of, and no collision count that falls. */
export function countErrors(
  object: KubeObject,
  old: KubeObject,
  counts: { readonly all: readonly string[]; readonly parts: readonly string[]; readonly ready: string },
): FieldError[] {
  const status = partOf(object, 'status');
  const errors = [...counts.all, 'collisionCount', 'observedGeneration'].flatMap((key) =>
    negativeErrors(status, key, 'status'),
  );
  const count = (key: string) => numberIn(status, key) ?? 0;
  for (const key of counts.parts) {
    if (count(key) <= count('replicas')) continue;
    errors.push(invalidValue(`status.${key}`, count(key), 'cannot be greater than status.replicas'));
  }
  if (counts.parts.includes('availableReplicas') && count('availableReplicas') > count('readyReplicas')) {
    const detail = `cannot be greater than ${counts.ready}`;
    errors.push(invalidValue('status.availableReplicas', count('availableReplicas'), detail));
  }
  if ((numberIn(partOf(old, 'status'), 'collisionCount') ?? 0) > count('collisionCount')) {
    errors.push(invalidValue('status.collisionCount', count('collisionCount'), 'cannot be decremented'));
  }
  return errors;
}
