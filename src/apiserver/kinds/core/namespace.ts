import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ruleErrors } from '../field-checks.ts';
import { ensureObject, isSet, partOf, stringsIn, textIn } from '../fields.ts';
import { labelName, qualifiedNameRule } from '../value-rules.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
const FINALIZER = 'kubernetes';
const STANDARD_FINALIZERS = [FINALIZER, 'orphan', 'foregroundDeletion'];

function labelWithName(object: KubeObject): void {
  const { metadata } = object;
  if ((metadata.name ?? '') !== '') metadata.labels = { ...metadata.labels, [NAME_LABEL]: metadata.name ?? '' };
}

/** Every namespace begins with the finalizer that empties it when it is deleted. */
function addFinalizer(object: KubeObject): void {
  labelWithName(object);
  const spec = ensureObject(object, 'spec');
  const finalizers = stringsIn(spec, 'finalizers');
  if (!finalizers.includes(FINALIZER)) spec['finalizers'] = [...finalizers, FINALIZER];
}

function validate(object: KubeObject): FieldError[] {
  return stringsIn(partOf(object, 'spec'), 'finalizers').flatMap((name) => {
    const errors = ruleErrors('spec.finalizers', name, qualifiedNameRule);
    if (!name.includes('/') && !STANDARD_FINALIZERS.includes(name)) {
      const detail = 'name is neither a standard finalizer name nor is it fully qualified';
      errors.push(invalidValue('spec.finalizers', name, detail));
    }
    return errors;
  });
}

function validateStatusUpdate(object: KubeObject): FieldError[] {
  const phase = textIn(partOf(object, 'status'), 'phase');
  const deleted = isSet(object.metadata, 'deletionTimestamp');
  if (phase === (deleted ? 'Terminating' : 'Active')) return [];
  const detail = deleted
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  return [invalidValue('status.Phase', phase, detail)];
}

export const namespaceStrategy = defineStrategy({
  resource: 'namespaces',
  initialStatus: () => ({ phase: 'Active' }),
  defaults: labelWithName,
  prepareForCreate: addFinalizer,
  prepareForUpdate(object, old) {
    // Only the finalize subresource changes them.
    ensureObject(object, 'spec')['finalizers'] = stringsIn(partOf(old, 'spec'), 'finalizers');
  },
  validate,
  validateUpdate: () => [],
  validateStatusUpdate,
  validateName: labelName,
  selectableFields: {
    'status.phase': (object) => textIn(partOf(object, 'status'), 'phase'),
  },
});
