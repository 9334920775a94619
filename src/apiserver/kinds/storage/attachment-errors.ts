import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, required, tooLong } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { ruleErrors } from '../field-checks.ts';
import { entriesIn, isSet, objectIn, partOf, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';
import { driverNameErrors } from './driver-name-errors.ts';

const MOST_METADATA_BYTES = 256 * 1024;
const MOST_MESSAGE_BYTES = 1024;
const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

/** What is wrong with a new VolumeAttachment (ValidateVolumeAttachment and what version 1 adds to it). */
export function attachmentErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const volume = textIn(partOf(spec, 'source'), 'persistentVolumeName');
  return [
    ...commonErrors(object),
    ...driverNameErrors(textIn(spec, 'attacher'), 'spec.attacher'),
    ...(isSet(partOf(spec, 'source'), 'persistentVolumeName')
      ? ruleErrors('spec.source.persistentVolumeName', volume, subdomainRule)
      : []),
  ];
}

/** What is wrong with a change of a VolumeAttachment: nothing of it changes. */
export function attachmentUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = commonErrors(object);
  if (deepEqual(object['spec'], old['spec'])) return errors;
  const spec = partOf(object, 'spec');
  const source = partOf(spec, 'source');
  const value = {
    Attacher: textIn(spec, 'attacher'),
    Source: {
      PersistentVolumeName: source['persistentVolumeName'] ?? null,
      InlineVolumeSpec: source['inlineVolumeSpec'] ?? null,
    },
    NodeName: textIn(spec, 'nodeName'),
  };
  return [...errors, invalidValue('spec', value, 'field is immutable')];
}

/** What is wrong with what is said of an attachment; upstream checks it on every write. */
export function attachmentStatusErrors(object: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  const errors: FieldError[] = [];
  const metadata = entriesIn(status, 'attachmentMetadata');
  const bytes = metadata.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > MOST_METADATA_BYTES) errors.push(tooLong('status.attachmentMetadata', MOST_METADATA_BYTES));
  for (const key of ['attachError', 'detachError']) {
    const message = textIn(partOf(status, key), 'message');
    if (Buffer.byteLength(message) <= MOST_MESSAGE_BYTES) continue;
    errors.push(tooLong(`status.${key}.message`, MOST_METADATA_BYTES));
  }
  return errors;
}

function commonErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const source = partOf(spec, 'source');
  const named = isSet(source, 'persistentVolumeName');
  const inline = objectIn(source, 'inlineVolumeSpec') !== undefined;
  const errors = textIn(spec, 'attacher') === '' ? [required('spec.attacher')] : [];
  if (!named && !inline) errors.push(required('spec.source', ONE_SOURCE));
  else if (named && inline) errors.push(fieldForbidden('spec.source', ONE_SOURCE));
  else if (named && textIn(source, 'persistentVolumeName') === '') {
    errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  }
  errors.push(...ruleErrors('spec.nodeName', textIn(spec, 'nodeName'), subdomainRule));
  return [...errors, ...attachmentStatusErrors(object)];
}
