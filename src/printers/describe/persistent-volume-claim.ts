import { compareBytes } from '../../model/byte-order.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { storageClassOf, writeClaimSize } from './claim-lines.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { objectsAt, textAt, valueAt } from './fields.ts';
import { listText, writeLabelsAndAnnotations, writeList, writeNames } from './metadata-lines.ts';
import { volumePhaseText } from './persistent-volume.ts';
import { timeText } from './times.ts';

/** v1 PersistentVolumeClaim, with the pods that use it. */
export async function describePersistentVolumeClaim(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const users = await usersOf(describing);
  writeNames(describing);
  out.line(0, 'StorageClass:', storageClassOf(object));
  out.line(0, 'Status:', volumePhaseText(describing));
  out.line(0, 'Volume:', textAt(object, 'spec.volumeName'));
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Finalizers:', listText(object.metadata.finalizers ?? []));
  writeClaimSize(out, object);
  writeList(out, 'Used By', users);
  writeClaimConditions(out, object);
  await writeEvents(describing);
}

/** The names of the pods that mount the claim, once for each of their volumes, and of pods that own it. */
async function usersOf({ object, source }: Describing): Promise<string[]> {
  const namespace = object.metadata.namespace ?? '';
  const pods = await source.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const owners = new Set(
    (object.metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Pod').map(({ uid }) => uid),
  );
  const names = pods.flatMap((pod) => {
    const volumes = objectsAt(pod, 'spec.volumes');
    const mounts = volumes.filter(
      (volume) => textAt(volume, 'persistentVolumeClaim.claimName') === object.metadata.name,
    );
    const count = mounts.length === 0 && owners.has(pod.metadata.uid ?? '') ? 1 : mounts.length;
    return Array.from({ length: count }, () => pod.metadata.name ?? '');
  });
  return names.sort(compareBytes);
}

function writeClaimConditions(out: Description, claim: KubeObject): void {
  const conditions = objectsAt(claim, 'status.conditions');
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message');
  out.line(1, '----', '------', '-----------------', '------------------', '------', '-------');
  for (const each of conditions) {
    const times = ['lastProbeTime', 'lastTransitionTime'].map((field) => `${timeText(valueAt(each, field))} `);
    const status = [`${textAt(each, 'type')} `, `${textAt(each, 'status')} `];
    out.line(1, ...status, ...times, `${textAt(each, 'reason')} `, textAt(each, 'message'));
  }
}
