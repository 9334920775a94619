import { deepClone } from '../../../model/deep-clone.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { SubresourceStrategy } from '../../strategy.ts';
import { changesText } from '../changes-text.ts';
import { ensureObject, type Fields, isSet, objectsIn, partOf, textIn } from '../fields.ts';
import { qosClassOf } from './pod-amounts.ts';
import { podErrorsOfAny } from './pod-errors.ts';

/** What a resize can change of a container. */
const RESIZED = ['resources', 'resizePolicy'];
const LISTS = ['containers', 'initContainers'];
const AMOUNTS = ['limits', 'requests'];
const MUTABLE = ['cpu', 'memory'];

/** A write of pods/resize: the processor time and memory of containers, and nothing else (podResizeStrategy). */
export const resize: SubresourceStrategy = {
  prepare(pod, old) {
    const wanted = partOf(pod, 'spec');
    const spec: Fields = deepClone(partOf(old, 'spec'));
    for (const list of LISTS) takeSizes(objectsIn(spec, list), objectsIn(wanted, list));
    pod['spec'] = spec;
    pod['status'] = old['status'];
    const { resourceVersion, managedFields } = pod.metadata;
    pod.metadata = { ...old.metadata };
    if (resourceVersion !== undefined) pod.metadata.resourceVersion = resourceVersion;
    if (managedFields !== undefined) pod.metadata.managedFields = managedFields;
    const before = old.metadata.generation ?? 0;
    pod.metadata.generation = deepEqual(spec, partOf(old, 'spec')) ? before : before + 1;
  },
  validate(pod, old) {
    if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      return [fieldForbidden('', 'static pods cannot be resized')];
    }
    if (textIn(partOf(old, 'spec', 'os'), 'name') === 'windows') {
      return [fieldForbidden('', 'windows pods cannot be resized')];
    }
    return [...podErrorsOfAny(pod), ...classErrors(pod, old), ...supportErrors(old), ...changeErrors(pod, old)];
  },
};

/** Takes over the sizes of containers that have the same name. */
function takeSizes(containers: readonly Fields[], wanted: readonly Fields[]): void {
  for (const container of containers) {
    const named = wanted.find((each) => textIn(each, 'name') === textIn(container, 'name'));
    if (named === undefined) continue;
    for (const field of RESIZED) {
      if (isSet(named, field)) container[field] = named[field];
      else delete container[field];
    }
    ensureObject(container, 'resources');
  }
}

function classErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const before = textIn(partOf(old, 'status'), 'qosClass') || qosClassOf(partOf(old, 'spec'));
  if (before === qosClassOf(partOf(pod, 'spec'))) return [];
  return [invalidValue('spec', before, 'Pod QOS Class may not change as a result of resizing')];
}

/** A kubelet that can resize tells of the resources of what runs. */
function supportErrors(old: KubeObject): FieldError[] {
  const running = objectsIn(partOf(old, 'status'), 'containerStatuses').find((each) =>
    isSet(partOf(each, 'state'), 'running'),
  );
  if (running === undefined || isSet(running, 'resources')) return [];
  return [fieldForbidden('spec', 'Pod running on node without support for resize')];
}

function changeErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const same = deepClone(partOf(pod, 'spec'));
  for (const list of LISTS) {
    const before = objectsIn(partOf(old, 'spec'), list);
    for (const [index, container] of objectsIn(same, list).entries()) {
      const path = `spec.${list}[${index}].resources`;
      const own = before[index] ?? {};
      errors.push(...removalErrors(container, own, path));
      restoreSizes(container, own);
    }
  }
  if (deepEqual(same, partOf(old, 'spec'))) return errors;
  const changes = changesText('core.PodSpec', partOf(old, 'spec'), same);
  return [...errors, fieldForbidden('spec', `only cpu and memory resources are mutable\n${changes}`)];
}

/** What is asked for or limited stays so. */
function removalErrors(container: Fields, before: Fields, path: string): FieldError[] {
  return AMOUNTS.flatMap((amounts) => {
    const now = partOf(container, 'resources', amounts);
    const gone = MUTABLE.some((each) => isSet(partOf(before, 'resources', amounts), each) && !isSet(now, each));
    return gone ? [fieldForbidden(`${path}.${amounts}`, `resource ${amounts} cannot be removed`)] : [];
  });
}

/** Puts back what may change, so that all else can be compared. */
function restoreSizes(container: Fields, before: Fields): void {
  if (isSet(before, 'resizePolicy')) container['resizePolicy'] = before['resizePolicy'];
  else delete container['resizePolicy'];
  const resources: Fields = { ...partOf(container, 'resources') };
  for (const amounts of AMOUNTS) {
    const restored: Fields = { ...partOf(resources, amounts) };
    const old = partOf(before, 'resources', amounts);
    for (const each of MUTABLE) {
      if (isSet(old, each)) restored[each] = old[each];
      else delete restored[each];
    }
    if (Object.keys(restored).length > 0) resources[amounts] = restored;
    else delete resources[amounts];
  }
  container['resources'] = resources;
}
