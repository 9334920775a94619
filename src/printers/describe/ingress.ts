import { compareBytes } from '../../model/byte-order.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { endpointsText, slicesOfService } from './endpoint-addresses.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, mapAt, numberAt, objectsAt, stringsAt, textAt, valueAt } from './fields.ts';
import { writeAnnotations, writeMap, writeName } from './metadata-lines.ts';

/** networking.k8s.io/v1 Ingress, with the endpoints behind its services. */
export async function describeIngress(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeMap(out, 'Labels', mapAt(object, 'metadata.labels'));
  out.line(0, 'Namespace:', object.metadata.namespace ?? '');
  out.line(0, 'Address:', addressText(object));
  out.line(0, 'Ingress Class:', textAt(object, 'spec.ingressClassName', '<none>'));
  const backend = valueAt(object, 'spec.defaultBackend');
  const otherwise = backend === undefined ? '<default>' : await backendText(describing, backend);
  out.line(0, 'Default backend:', otherwise);
  writeTls(out, object);
  out.write(0, 'Rules:\n  Host\tPath\tBackends\n');
  out.line(1, '----', '----', '--------');
  const rules = objectsAt(object, 'spec.rules').filter((rule) => has(rule, 'http'));
  if (rules.length === 0) out.line(1, '*', '*', otherwise);
  for (const rule of rules) await writeRule(describing, rule);
  writeAnnotations(out, 'Annotations', mapAt(object, 'metadata.annotations'));
  await writeEvents(describing);
}

function addressText(ingress: KubeObject): string {
  const addresses = objectsAt(ingress, 'status.loadBalancer.ingress').map(
    (each) => textAt(each, 'ip') || textAt(each, 'hostname'),
  );
  return [...new Set(addresses.filter((address) => address !== ''))].sort(compareBytes).join(',');
}

function writeTls(out: Description, ingress: KubeObject): void {
  const entries = objectsAt(ingress, 'spec.tls');
  if (entries.length > 0) out.line(0, 'TLS:');
  for (const entry of entries) {
    const hosts = stringsAt(entry, 'hosts').join(',');
    const secret = textAt(entry, 'secretName');
    out.line(1, secret === '' ? `SNI routes ${hosts}` : `${secret} terminates ${hosts}`);
  }
}

async function writeRule(describing: Describing, rule: Fields): Promise<void> {
  const { out } = describing;
  out.line(1, textAt(rule, 'host') || '*', '');
  for (const path of objectsAt(rule, 'http.paths')) {
    out.line(2, '', `${textAt(path, 'path')} `, await backendText(describing, valueAt(path, 'backend')));
  }
}

async function backendText({ object, source }: Describing, backend: unknown): Promise<string> {
  if (has(backend, 'resource')) {
    const at = (field: string, none = ''): string => textAt(backend, `resource.${field}`, none);
    return `APIGroup: ${at('apiGroup', '<none>')}, Kind: ${at('kind')}, Name: ${at('name')}`;
  }
  if (!has(backend, 'service')) return '';
  const name = textAt(backend, 'service.name');
  const portName = textAt(backend, 'service.port.name');
  const number = numberAt(backend, 'service.port.number');
  const service = `${name}:${number === 0 ? portName : number}`;
  const namespace = object.metadata.namespace ?? '';
  try {
    const slices = await slicesOfService(source, namespace, name);
    const ports = objectsAt(await source.get({ apiVersion: 'v1', kind: 'Service', namespace }, name), 'spec.ports');
    const meant = ports.filter((port) =>
      number !== 0 && number === numberAt(port, 'port') ? true : portName !== '' && portName === textAt(port, 'name'),
    );
    return `${service} (${endpointsText(slices, textAt(meant.at(-1), 'name'))})`;
  } catch (error) {
    return `${service} (<error: ${error instanceof Error ? error.message : String(error)}>)`;
  }
}
