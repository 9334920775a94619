import type { KubeObject } from '../../model/kube-object.ts';
import { accessModesText, storageClassOf } from './claim-lines.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, mapAt, objectsAt, stringsAt, textAt, valueAt } from './fields.ts';
import { listText, writeLabelsAndAnnotations, writeList, writeName } from './metadata-lines.ts';
import { quantityText } from './quantity-text.ts';
import { ageText } from './times.ts';
import { persistentVolumeSources } from './volume-sources.ts';
import { writeVolumeSource } from './volumes.ts';

/** v1 PersistentVolume. */
export async function describePersistentVolume(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Finalizers:', listText(object.metadata.finalizers ?? []));
  out.line(0, 'StorageClass:', storageClassOf(object));
  out.line(0, 'Status:', volumePhaseText(describing));
  const claim = has(object, 'spec.claimRef')
    ? `${textAt(object, 'spec.claimRef.namespace')}/${textAt(object, 'spec.claimRef.name')}`
    : '';
  out.line(0, 'Claim:', claim);
  out.line(0, 'Reclaim Policy:', textAt(object, 'spec.persistentVolumeReclaimPolicy'));
  out.line(0, 'Access Modes:', accessModesText(stringsAt(object, 'spec.accessModes')));
  if (has(object, 'spec.volumeMode')) out.line(0, 'VolumeMode:', textAt(object, 'spec.volumeMode'));
  out.line(0, 'Capacity:', quantityText(mapAt(object, 'spec.capacity')['storage']));
  writeNodeAffinity(out, object);
  out.line(0, 'Message:', textAt(object, 'status.message'));
  out.line(0, 'Source:');
  writeVolumeSource(out, valueAt(object, 'spec'), persistentVolumeSources);
  await writeEvents(describing);
}

/** The phase of a volume or a claim, or how long it has been terminating. */
export function volumePhaseText({ object, now }: Describing): string {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp ? `Terminating (lasts ${ageText(deletionTimestamp, now)})` : textAt(object, 'status.phase');
}

function writeNodeAffinity(out: Description, volume: KubeObject): void {
  const required = has(volume, 'spec.nodeAffinity.required');
  out.line(0, 'Node Affinity:', required ? '' : '<none>');
  if (!required) return;
  const terms = objectsAt(volume, 'spec.nodeAffinity.required.nodeSelectorTerms');
  out.line(1, 'Required Terms:', terms.length === 0 ? '<none>' : '');
  for (const [index, term] of terms.entries()) {
    const expressions = objectsAt(term, 'matchExpressions').map(expressionText);
    writeList(out, `Term ${index}`, expressions, { level: 2 });
  }
}

function expressionText(expression: Fields): string {
  const values = stringsAt(expression, 'values');
  const test = `${textAt(expression, 'key')} ${textAt(expression, 'operator').toLowerCase()}`;
  return values.length === 0 ? test : `${test} [${values.join(', ')}]`;
}
