import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { mapAt, textAt } from './fields.ts';
import { mapText, writeName } from './metadata-lines.ts';

/** storage.k8s.io/v1 VolumeAttributesClass. */
export async function describeVolumeAttributesClass(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  out.line(0, 'Annotations:', mapText(mapAt(object, 'metadata.annotations')));
  out.line(0, 'DriverName:', textAt(object, 'driverName'));
  out.line(0, 'Parameters:', mapText(mapAt(object, 'parameters')));
  await writeEvents(describing);
}
