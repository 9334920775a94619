import type { KubeObject } from '../../model/kube-object.ts';
import type { Describing } from './describer.ts';
import { type Description, writeText } from './description.ts';
import { endpointsText, slicesOfService } from './endpoint-addresses.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, mapAt, numberAt, objectsAt, stringsAt, textAt } from './fields.ts';
import { mapText, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

/** v1 Service, with the endpoints of its slices. */
export async function describeService(describing: Describing): Promise<void> {
  const { object, out, source } = describing;
  const slices = await slicesOfService(source, object.metadata.namespace ?? '', object.metadata.name ?? '').catch(
    () => [],
  );
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Selector:', mapText(mapAt(object, 'spec.selector')));
  out.line(0, 'Type:', textAt(object, 'spec.type'));
  writeAddresses(out, object);
  for (const port of objectsAt(object, 'spec.ports')) writePort(out, port, slices);
  writePolicies(out, object);
  await writeEvents(describing);
}

function writeAddresses(out: Description, service: KubeObject): void {
  writeText(out, 'IP Family Policy:', textAt(service, 'spec.ipFamilyPolicy'));
  out.line(0, 'IP Families:', stringsAt(service, 'spec.ipFamilies').join(',') || '<none>');
  out.line(0, 'IP:', textAt(service, 'spec.clusterIP'));
  out.line(0, 'IPs:', stringsAt(service, 'spec.clusterIPs').join(',') || '<none>');
  const external = stringsAt(service, 'spec.externalIPs');
  if (external.length > 0) out.line(0, 'External IPs:', external.join(','));
  writeText(out, 'Desired LoadBalancer IP:', textAt(service, 'spec.loadBalancerIP'));
  writeText(out, 'External Name:', textAt(service, 'spec.externalName'));
  const ingress = objectsAt(service, 'status.loadBalancer.ingress');
  if (ingress.length > 0) out.line(0, 'LoadBalancer Ingress:', ingress.map(ingressText).join(', '));
}

function ingressText(ingress: Fields): string {
  const ip = textAt(ingress, 'ip');
  if (ip === '') return textAt(ingress, 'hostname');
  return has(ingress, 'ipMode') ? `${ip} (${textAt(ingress, 'ipMode')})` : ip;
}

function writePort(out: Description, port: Fields, slices: readonly KubeObject[]): void {
  const own = textAt(port, 'name');
  const name = own || '<unset>';
  const protocol = textAt(port, 'protocol');
  out.line(0, 'Port:', name, `${numberAt(port, 'port')}/${protocol}`);
  out.line(0, 'TargetPort:', `${textAt(port, 'targetPort', '0')}/${protocol}`);
  if (numberAt(port, 'nodePort') !== 0) out.line(0, 'NodePort:', name, `${numberAt(port, 'nodePort')}/${protocol}`);
  out.line(0, 'Endpoints:', endpointsText(slices, own));
}

function writePolicies(out: Description, service: KubeObject): void {
  out.line(0, 'Session Affinity:', textAt(service, 'spec.sessionAffinity'));
  writeText(out, 'External Traffic Policy:', textAt(service, 'spec.externalTrafficPolicy'));
  writeText(out, 'Internal Traffic Policy:', textAt(service, 'spec.internalTrafficPolicy'));
  const healthCheck = numberAt(service, 'spec.healthCheckNodePort');
  if (healthCheck !== 0) out.line(0, 'HealthCheck NodePort:', healthCheck);
  const ranges = stringsAt(service, 'spec.loadBalancerSourceRanges');
  if (ranges.length > 0) out.line(0, 'LoadBalancer Source Ranges:', ranges.join(','));
  writeText(out, 'Traffic Distribution:', textAt(service, 'spec.trafficDistribution'));
}
