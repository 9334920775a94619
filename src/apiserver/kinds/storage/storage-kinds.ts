import { type FieldError, fieldForbidden, invalidValue, required, tooLong } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors, choiceErrors, ruleErrors } from '../field-checks.ts';
import { ensureObject, entriesIn, fillAbsent, partOf, stringsIn, textIn } from '../fields.ts';
import { addFinalizer } from '../finalizer.ts';
import { qualifiedNameRule } from '../value-rules.ts';
import { attachmentErrors, attachmentStatusErrors, attachmentUpdateErrors } from './attachment-errors.ts';
import { csiDriverErrors, csiDriverUpdateErrors } from './csi-driver-errors.ts';
import { csiNodeErrors, csiNodeUpdateErrors } from './csi-node-errors.ts';
import { capacityErrors, capacityUpdateErrors } from './storage-capacity-errors.ts';

export const csiDriverStrategy = defineStrategy({
  resource: 'csidrivers.storage.k8s.io',
  defaults(object) {
    const spec = ensureObject(object, 'spec');
    fillAbsent(spec, 'attachRequired', true);
    fillAbsent(spec, 'podInfoOnMount', false);
    fillAbsent(spec, 'storageCapacity', false);
    fillAbsent(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
    if (stringsIn(spec, 'volumeLifecycleModes').length === 0) spec['volumeLifecycleModes'] = ['Persistent'];
    fillAbsent(spec, 'requiresRepublish', false);
    fillAbsent(spec, 'seLinuxMount', false);
  },
  validate: csiDriverErrors,
  validateUpdate: csiDriverUpdateErrors,
  allowUnconditionalUpdate: false,
});

function storageClassErrors(object: KubeObject): FieldError[] {
  return [
    ...driverErrors(object, 'provisioner'),
    ...parameterErrors(object),
    ...choiceErrors('reclaimPolicy', textIn(object, 'reclaimPolicy'), ['Delete', 'Retain']),
    ...choiceErrors('volumeBindingMode', textIn(object, 'volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']),
  ];
}

/** The driver that a class is of (validateProvisioner). */
function driverErrors(object: KubeObject, field: string): FieldError[] {
  const driver = textIn(object, field);
  return driver === '' ? [required(field, '')] : ruleErrors(field, driver.toLowerCase(), qualifiedNameRule);
}

const MOST_PARAMETERS = 512;
const MOST_PARAMETER_BYTES = 256 * 1024;

/** What a class hands to its driver (validateParameters). */
function parameterErrors(object: KubeObject): FieldError[] {
  const entries = entriesIn(object, 'parameters');
  if (entries.length > MOST_PARAMETERS) return [tooLong('parameters', MOST_PARAMETERS)];
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  const errors = entries
    .filter(([name]) => name === '')
    .map(([name]) => invalidValue('parameters', name, 'field can not be empty.'));
  return bytes > MOST_PARAMETER_BYTES ? [...errors, tooLong('parameters', MOST_PARAMETER_BYTES)] : errors;
}

export const storageClassStrategy = defineStrategy({
  resource: 'storageclasses.storage.k8s.io',
  defaults(object) {
    fillAbsent(object, 'reclaimPolicy', 'Delete');
    fillAbsent(object, 'volumeBindingMode', 'Immediate');
  },
  validate: storageClassErrors,
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (!deepEqual(partOf(object, 'parameters'), partOf(old, 'parameters'))) {
      errors.push(fieldForbidden('parameters', 'updates to parameters are forbidden.'));
    }
    if (textIn(object, 'provisioner') !== textIn(old, 'provisioner')) {
      errors.push(fieldForbidden('provisioner', 'updates to provisioner are forbidden.'));
    }
    if (object['reclaimPolicy'] !== old['reclaimPolicy']) {
      errors.push(fieldForbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
    }
    return [...errors, ...changedErrors('volumeBindingMode', object['volumeBindingMode'], old['volumeBindingMode'])];
  },
});

export const volumeAttachmentStrategy = defineStrategy({
  resource: 'volumeattachments.storage.k8s.io',
  initialStatus: () => ({ attached: false }),
  validate: attachmentErrors,
  validateUpdate: attachmentUpdateErrors,
  validateStatusUpdate: attachmentStatusErrors,
  allowUnconditionalUpdate: false,
});

export const csiNodeStrategy = defineStrategy({
  resource: 'csinodes.storage.k8s.io',
  validate: csiNodeErrors,
  validateUpdate: csiNodeUpdateErrors,
  allowUnconditionalUpdate: false,
});

export const csiStorageCapacityStrategy = defineStrategy({
  resource: 'csistoragecapacities.storage.k8s.io',
  validate: capacityErrors,
  validateUpdate: capacityUpdateErrors,
  allowUnconditionalUpdate: false,
});

function attributesClassErrors(object: KubeObject): FieldError[] {
  const errors = [...driverErrors(object, 'driverName'), ...parameterErrors(object)];
  if (entriesIn(object, 'parameters').length > 0) return errors;
  return [...errors, required('parameters', 'must contain at least one key/value pair')];
}

export const volumeAttributesClassStrategy = defineStrategy({
  resource: 'volumeattributesclasses.storage.k8s.io',
  prepareForCreate: (object) => addFinalizer(object, 'kubernetes.io/vac-protection'),
  validate: attributesClassErrors,
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (textIn(object, 'driverName') !== textIn(old, 'driverName')) {
      errors.push(fieldForbidden('driverName', 'updates to driverName are forbidden.'));
    }
    if (!deepEqual(partOf(object, 'parameters'), partOf(old, 'parameters'))) {
      errors.push(fieldForbidden('parameters', 'updates to parameters are forbidden.'));
    }
    return [...errors, ...attributesClassErrors(object)];
  },
});
