import type { Describing } from './describer.ts';
import { findEvents, subjectOf, writeEventTable } from './events.ts';
import { mapAt, sortedEntries } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

/** v1 ConfigMap. Rejects when the server does not list events. */
export async function describeConfigMap(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.write(0, '\nData\n====\n');
  for (const [key, value] of sortedEntries(mapAt(object, 'data'))) out.write(0, `${key}:\n----\n${value}\n\n`);
  out.write(0, '\nBinaryData\n====\n');
  for (const [key, value] of sortedEntries(mapAt(object, 'binaryData'))) {
    out.write(0, `${key}: ${Buffer.from(value, 'base64').length} bytes\n`);
  }
  out.write(0, '\n');
  if (describing.showEvents) {
    writeEventTable(out, await findEvents(describing.source, subjectOf(object)), describing.now);
  }
}
