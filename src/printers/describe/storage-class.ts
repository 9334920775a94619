import type { KubeObject } from '../../model/kube-object.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, mapAt, objectsAt, stringsAt, textAt } from './fields.ts';
import { flagText } from './flag-text.ts';
import { mapText, writeList, writeName } from './metadata-lines.ts';

const DEFAULT_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** storage.k8s.io/v1 StorageClass. */
export async function describeStorageClass(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const annotations = mapAt(object, 'metadata.annotations');
  writeName(describing);
  out.line(0, 'IsDefaultClass:', DEFAULT_ANNOTATIONS.some((each) => annotations[each] === 'true') ? 'Yes' : 'No');
  out.line(0, 'Annotations:', mapText(annotations));
  out.line(0, 'Provisioner:', textAt(object, 'provisioner'));
  out.line(0, 'Parameters:', mapText(mapAt(object, 'parameters')));
  out.line(0, 'AllowVolumeExpansion:', flagText(object, 'allowVolumeExpansion'));
  const options = stringsAt(object, 'mountOptions');
  out.write(0, `MountOptions:${options.length === 0 ? '\t<none>' : ''}\n`);
  for (const option of options) out.line(1, option);
  if (has(object, 'reclaimPolicy')) out.line(0, 'ReclaimPolicy:', textAt(object, 'reclaimPolicy'));
  if (has(object, 'volumeBindingMode')) out.line(0, 'VolumeBindingMode:', textAt(object, 'volumeBindingMode'));
  if (has(object, 'allowedTopologies')) writeTopologies(out, object);
  await writeEvents(describing);
}

function writeTopologies(out: Description, storageClass: KubeObject): void {
  const terms = objectsAt(storageClass, 'allowedTopologies');
  out.line(0, 'AllowedTopologies:', terms.length === 0 ? '<none>' : '');
  for (const [index, term] of terms.entries()) {
    const expressions = objectsAt(term, 'matchLabelExpressions').map(expressionText);
    writeList(out, `Term ${index}`, expressions, { level: 1 });
  }
}

function expressionText(expression: Fields): string {
  const values = stringsAt(expression, 'values');
  return `${textAt(expression, 'key')} in${values.length === 0 ? '' : ` [${values.join(', ')}]`}`;
}
