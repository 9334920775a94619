import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { type Fields, numberAt, objectsAt, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

/** v1 Endpoints. */
export async function describeEndpoints(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Subsets:');
  for (const subset of objectsAt(object, 'subsets')) writeSubset(out, subset);
  await writeEvents(describing);
}

function writeSubset(out: Description, subset: Fields): void {
  const addresses = (field: string): string =>
    objectsAt(subset, field)
      .map((address) => textAt(address, 'ip'))
      .join(',') || '<none>';
  out.line(1, 'Addresses:', addresses('addresses'));
  out.line(1, 'NotReadyAddresses:', addresses('notReadyAddresses'));
  const ports = objectsAt(subset, 'ports');
  if (ports.length > 0) {
    out.line(1, 'Ports:');
    out.line(2, 'Name', 'Port', 'Protocol');
    out.line(2, '----', '----', '--------');
  }
  for (const port of ports) {
    out.line(2, textAt(port, 'name') || '<unset>', numberAt(port, 'port'), textAt(port, 'protocol'));
  }
  out.write(0, '\n');
}
