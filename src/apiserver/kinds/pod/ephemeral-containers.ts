import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { SubresourceStrategy } from '../../strategy.ts';
import { changesText } from '../changes-text.ts';
import { ensureObject, objectsIn, partOf, textIn } from '../fields.ts';
import { podErrorsOfAny } from './pod-errors.ts';

const FIELD = 'ephemeralContainers';
/** What a write through a subresource leaves of the metadata (metav1.ResetObjectMetaForStatus). */
const KEPT_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** A write of pods/ephemeralcontainers: containers may be added, and nothing else changed. */
export const ephemeralContainers: SubresourceStrategy = {
  prepare(pod, old) {
    const added = partOf(pod, 'spec')[FIELD];
    pod['spec'] = { ...partOf(old, 'spec') };
    pod['status'] = old['status'];
    const spec = ensureObject(pod, 'spec');
    if (added === undefined) delete spec[FIELD];
    else spec[FIELD] = added;
    for (const field of KEPT_METADATA) {
      if (old.metadata[field] === undefined) delete pod.metadata[field];
      else pod.metadata[field] = old.metadata[field];
    }
    const before = old.metadata.generation ?? 0;
    pod.metadata.generation = deepEqual(spec, partOf(old, 'spec')) ? before : before + 1;
  },
  validate(pod, old) {
    if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      return [fieldForbidden('', 'static pods do not support ephemeral containers')];
    }
    return [...podErrorsOfAny(pod), ...changeErrors(pod, old)];
  },
};

function changeErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const now = objectsIn(partOf(pod, 'spec'), FIELD);
  return objectsIn(partOf(old, 'spec'), FIELD).flatMap((before) => {
    const name = textIn(before, 'name');
    const after = now.find((each) => textIn(each, 'name') === name);
    const what = `existing ephemeral containers ${JSON.stringify(name)} may not be`;
    if (after === undefined) return [fieldForbidden(`spec.${FIELD}`, `${what} removed\n`)];
    if (deepEqual(before, after)) return [];
    const changes = changesText('core.EphemeralContainer', before, after);
    return [fieldForbidden(`spec.${FIELD}`, `${what} changed\n${changes}`)];
  });
}
