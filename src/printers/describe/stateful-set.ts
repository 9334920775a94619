import type { KubeObject } from '../../model/kube-object.ts';
import { storageClassOf } from './claim-lines.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { has, mapAt, numberAt, objectAt, objectsAt, stringsAt, textAt } from './fields.ts';
import { listText, writeLabelsAndAnnotations, writeMap, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { quantityText } from './quantity-text.ts';
import { timeText } from './times.ts';
import { podPhasesText, selectorAt } from './workload-pods.ts';

const ROLLING = 'spec.updateStrategy.rollingUpdate';
const INDENT = '  ';

/** apps/v1 StatefulSet. */
export async function describeStatefulSet(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const selector = selectorAt(object, 'spec.selector');
  const pods = await podPhasesText(describing, selector);
  writeNames(describing);
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  out.line(0, 'Selector:', selector);
  writeLabelsAndAnnotations(describing);
  out.line(
    0,
    'Replicas:',
    `${numberAt(object, 'spec.replicas')} desired | ${numberAt(object, 'status.replicas')} total`,
  );
  out.line(0, 'Update Strategy:', textAt(object, 'spec.updateStrategy.type'));
  if (has(object, `${ROLLING}.partition`)) {
    out.line(1, 'Partition:', numberAt(object, `${ROLLING}.partition`));
    const unavailable = textAt(object, `${ROLLING}.maxUnavailable`);
    if (unavailable !== '') out.line(1, 'MaxUnavailable:', unavailable);
  }
  out.line(0, 'Pods Status:', pods);
  writePodTemplate(out, objectAt(object, 'spec.template'));
  writeClaimTemplates(out, object);
  await writeEvents(describing);
}

function writeClaimTemplates(out: Description, set: KubeObject): void {
  const templates = objectsAt(set, 'spec.volumeClaimTemplates');
  out.write(0, `Volume Claims:${templates.length === 0 ? '\t<none>' : ''}\n`);
  for (const template of templates) {
    out.line(1, 'Name:', textAt(template, 'metadata.name'));
    out.line(1, 'StorageClass:', storageClassOf(template));
    writeMap(out, 'Labels', mapAt(template, 'metadata.labels'), INDENT);
    writeMap(out, 'Annotations', mapAt(template, 'metadata.annotations'), INDENT);
    const size = mapAt(template, 'spec.resources.requests')['storage'];
    out.line(1, 'Capacity:', size === undefined ? '<default>' : quantityText(size));
    out.line(1, 'Access Modes:', listText(stringsAt(template, 'spec.accessModes')));
  }
}
