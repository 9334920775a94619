import { type FieldError, fieldForbidden, invalidValue, tooLong } from '../../../model/field-error.ts';
import { labelsErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, entriesIn, objectsIn, partOf, textIn } from '../fields.ts';
import { qualifiedNameRule } from '../value-rules.ts';
import { podSpecErrors } from './pod-spec-errors.ts';
import { containersWithPaths } from './windows-errors.ts';

const MOST_ANNOTATIONS = 256 * 1024;

/** What is wrong with a pod template (ValidatePodTemplateSpec). */
export function podTemplateErrors(template: Fields, path: string): FieldError[] {
  const errors = templateMetadataErrors(template, path);
  const spec = partOf(template, 'spec');
  errors.push(...podSpecErrors(spec, { path: `${path}.spec`, isPod: false, podName: '' }));
  if (objectsIn(spec, 'ephemeralContainers').length > 0) {
    const detail = 'ephemeral containers not allowed in pod template';
    errors.push(fieldForbidden(`${path}.spec.ephemeralContainers`, detail));
  }
  return errors;
}

/** What is wrong with the labels and annotations of a pod template; the paths leave out `metadata`, as upstream's do. */
export function templateMetadataErrors(template: Fields, path: string): FieldError[] {
  const metadata = partOf(template, 'metadata');
  const errors = labelsErrors(metadata, 'labels', `${path}.labels`);
  const annotations = entriesIn(metadata, 'annotations');
  const field = `${path}.annotations`;
  let size = 0;
  for (const [key, value] of annotations) {
    const wrong = ruleErrors(field, key.toLowerCase(), qualifiedNameRule);
    errors.push(...wrong.map((error) => ({ ...error, value: key })));
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > MOST_ANNOTATIONS) errors.push(tooLong(field, MOST_ANNOTATIONS));
  return [...errors, ...podAnnotationErrors(metadata, partOf(template, 'spec'), field)];
}

const MIRROR = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** What is wrong with annotations that mean something for a pod (ValidatePodSpecificAnnotations). */
export function podAnnotationErrors(metadata: Fields, spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const annotations = entriesIn(metadata, 'annotations');
  for (const [key, value] of annotations) {
    if (key === MIRROR && textIn(spec, 'nodeName') === '') {
      errors.push(invalidValue(`${path}[${key}]`, value, 'must set spec.nodeName if mirror pod annotation is set'));
    }
    if (key === DELETION_COST && !isDeletionCost(value)) {
      errors.push(invalidValue(`${path}[${key}]`, value, 'must be a 32bit integer'));
    }
  }
  const names = new Set(containersWithPaths(spec, '').map(({ container }) => textIn(container, 'name')));
  for (const [key, value] of annotations.filter(([each]) => each.startsWith(APP_ARMOR))) {
    const container = key.slice(APP_ARMOR.length);
    if (!names.has(container)) errors.push(invalidValue(`${path}[${key}]`, container, 'container not found'));
    if (!/^($|runtime\/default$|unconfined$|localhost\/)/.test(value)) {
      errors.push(invalidValue(`${path}[${key}]`, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`));
    }
  }
  return errors;
}

/** An int32 without a sign of plus or leading zeros. */
function isDeletionCost(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && BigInt.asIntN(32, BigInt(text)) === BigInt(text);
}
