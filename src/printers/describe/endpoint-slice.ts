import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, objectsAt, stringsAt, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

const UNSET = '<unset>';

/** discovery.k8s.io/v1 EndpointSlice. */
export async function describeEndpointSlice(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'AddressType:', textAt(object, 'addressType'));
  const ports = objectsAt(object, 'ports');
  out.line(0, ports.length === 0 ? `Ports: ${UNSET}` : 'Ports:');
  if (ports.length > 0) {
    out.line(1, 'Name', 'Port', 'Protocol');
    out.line(1, '----', '----', '--------');
  }
  for (const port of ports) {
    out.line(1, textAt(port, 'name') || UNSET, textAt(port, 'port', UNSET), textAt(port, 'protocol'));
  }
  const endpoints = objectsAt(object, 'endpoints');
  out.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:');
  for (const endpoint of endpoints) writeEndpoint(out, endpoint);
  await writeEvents(describing);
}

function writeEndpoint(out: Description, endpoint: Fields): void {
  out.line(1, '- Addresses:', stringsAt(endpoint, 'addresses').join(', ') || '<none>');
  out.line(2, 'Conditions:');
  out.line(3, 'Ready:', textAt(endpoint, 'conditions.ready', UNSET));
  out.line(2, 'Hostname:', textAt(endpoint, 'hostname', UNSET));
  if (has(endpoint, 'targetRef')) {
    out.line(2, 'TargetRef:', `${textAt(endpoint, 'targetRef.kind')}/${textAt(endpoint, 'targetRef.name')}`);
  }
  out.line(2, 'NodeName:', textAt(endpoint, 'nodeName', UNSET));
  out.line(2, 'Zone:', textAt(endpoint, 'zone', UNSET));
}
