import { writeContainers } from './containers.ts';
import type { Description } from './description.ts';
import { mapAt, objectsAt, textAt, valueAt } from './fields.ts';
import { writeAnnotations, writeMap } from './metadata-lines.ts';
import { writeTopologySpread, writeWorkload } from './pod-placement.ts';
import { writeTolerations } from './tolerations.ts';
import { writeVolumes } from './volumes.ts';

const SPACE = '  ';

/** A pod template (DescribePodTemplate). */
export function writePodTemplate(out: Description, template: unknown): void {
  out.line(0, 'Pod Template:');
  if (template === undefined) {
    out.write(1, '<unset>');
    return;
  }
  const spec = valueAt(template, 'spec');
  writeMap(out, `${SPACE}Labels`, mapAt(template, 'metadata.labels'));
  const annotations = mapAt(template, 'metadata.annotations');
  if (Object.keys(annotations).length > 0) writeAnnotations(out, `${SPACE}Annotations`, annotations);
  const account = textAt(spec, 'serviceAccountName');
  if (account !== '') out.line(1, 'Service Account:', account);
  const init = objectsAt(spec, 'initContainers');
  if (init.length > 0) writeContainers(out, { title: 'Init Containers', containers: init, space: SPACE });
  writeContainers(out, { title: 'Containers', containers: objectsAt(spec, 'containers'), space: SPACE });
  writeVolumes(out, spec, SPACE);
  writeTopologySpread(out, spec, SPACE);
  const priorityClass = textAt(spec, 'priorityClassName');
  if (priorityClass !== '') out.line(1, 'Priority Class Name:', priorityClass);
  writeMap(out, `${SPACE}Node-Selectors`, mapAt(spec, 'nodeSelector'));
  writeTolerations(out, `${SPACE}Tolerations`, spec);
  writeWorkload(out, spec, SPACE);
}
