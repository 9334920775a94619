import { goText } from '../../model/go-text.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { objectsIn } from '../objects-in.ts';
import { podSpecOf } from '../pod-spec.ts';

/** What the command line says of the service; empty where it says nothing. */
export interface ServiceWishes {
  readonly name: string;
  readonly port: string;
  readonly protocol: string;
  readonly targetPort: string;
  readonly type: string;
  readonly selector: string;
  readonly labels: string;
  readonly clusterIP: string;
  readonly externalIP: string;
  readonly loadBalancerIP: string;
  readonly sessionAffinity: string;
}

const EXPOSABLE = new Set(['ReplicationController', 'Service', 'Pod', 'Deployment.apps', 'ReplicaSet.apps']);
const MOST_NAME_LENGTH = 63;

/** The service that exposes an object. Throws UserError where the object does not say what is needed. Mirrors kubectl's pkg/cmd/expose. */
export function serviceFor(object: KubeObject, wishes: ServiceWishes): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  if (!EXPOSABLE.has(`${kind}${group}`)) throw new UserError(`cannot expose a ${kind}${group}`);
  const selector = wishes.selector === '' ? selectorOf(object) : wishes.selector;
  const ports = portsOf(object, wishes);
  const labels = wishes.labels === '' ? labelText(metadata.labels ?? {}) : wishes.labels;
  if (selector === '') throw new UserError('selector must be specified');
  const parsedSelector = parseLabels(selector);
  const parsedLabels = labels === '' ? undefined : parseLabels(labels);
  const name = wishes.name === '' ? (metadata.name ?? '').slice(0, MOST_NAME_LENGTH) : wishes.name;
  if (name === '') throw new UserError('name must be specified');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(parsedLabels === undefined ? {} : { labels: parsedLabels }) },
    spec: { ports: servicePorts(object, ports, wishes), selector: parsedSelector, ...wishedFields(wishes) },
  };
}

function wishedFields({ type, externalIP, loadBalancerIP, sessionAffinity, clusterIP }: ServiceWishes): JsonObject {
  if (!['', 'None', 'ClientIP'].includes(sessionAffinity)) {
    throw new UserError(`unknown session affinity: ${sessionAffinity}`);
  }
  return {
    ...(externalIP === '' ? {} : { externalIPs: [externalIP] }),
    ...(type === '' ? {} : { type }),
    ...(type === 'LoadBalancer' && loadBalancerIP !== '' ? { loadBalancerIP } : {}),
    ...(sessionAffinity === '' ? {} : { sessionAffinity }),
    ...(clusterIP === '' ? {} : { clusterIP }),
  };
}

/** The labels by which the object's pods are selected, as `a=b,c=d`. */
function selectorOf(object: KubeObject): string {
  try {
    return labelText(selectingLabels(object));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`couldn't retrieve selectors via --selector flag or introspection: ${error.message}`, {
      cause: error,
    });
  }
}

function selectingLabels({ kind, metadata, spec }: KubeObject): JsonObject {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  if (kind === 'Pod') {
    if (Object.keys(metadata.labels ?? {}).length === 0) {
      throw new UserError('the pod has no labels and cannot be exposed');
    }
    return metadata.labels ?? {};
  }
  if (kind === 'Service' && !isJsonObject(selector)) throw new UserError('the service has no pod selector set');
  if (kind === 'Service' || kind === 'ReplicationController') return isJsonObject(selector) ? selector : {};
  const { matchLabels, matchExpressions } = isJsonObject(selector) ? selector : {};
  if (!isJsonObject(matchLabels) || Object.keys(matchLabels).length === 0) {
    throw new UserError(`invalid ${kind.toLowerCase()}: no selectors, therefore cannot be exposed`);
  }
  if (Array.isArray(matchExpressions) && matchExpressions.length > 0) {
    const texts = matchExpressions
      .filter(isJsonObject)
      .map(
        ({ key, operator, values }) =>
          `{Key:${goText(key)} Operator:${goText(operator)} Values:${goText(values ?? [])}}`,
      );
    throw new UserError(`couldn't convert expressions - "[${texts.join(' ')}]" to map-based selector format`);
  }
  return matchLabels;
}

function labelText(labels: JsonObject): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${goText(value)}`)
    .join(',');
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const label of text.split(',')) {
    const [key = '', value, ...more] = label.split('=');
    if (value === undefined || more.length > 0) throw new UserError(`unexpected label spec: ${label}`);
    if (key === '') throw new UserError('unexpected empty label key');
    labels[key] = value;
  }
  return labels;
}

/** The ports that were asked for, or those of the object; each once. */
function portsOf(object: KubeObject, { port, clusterIP }: ServiceWishes): string[] {
  if (port !== '') return port.split(',');
  const ports = [...new Set(portsWithProtocols(object).map(([number]) => number))];
  if (ports.length === 0 && clusterIP !== 'None') {
    throw new UserError("couldn't find port via --port flag or introspection");
  }
  return ports;
}

/** Every port of the object's containers, or of a service, with its protocol. */
function portsWithProtocols(object: KubeObject): [port: string, protocol: string][] {
  const spec = isJsonObject(object['spec']) ? object['spec'] : {};
  const ports =
    object.kind === 'Service'
      ? objectsIn(spec, 'ports')
      : objectsIn(podSpecOf(object), 'containers').flatMap((container) => objectsIn(container, 'ports'));
  const field = object.kind === 'Service' ? 'port' : 'containerPort';
  return ports.map((port) => {
    const protocol = port['protocol'];
    return [goText(port[field] ?? 0), typeof protocol === 'string' && protocol !== '' ? protocol : 'TCP'];
  });
}

function servicePorts(object: KubeObject, ports: readonly string[], wishes: ServiceWishes): JsonObject[] {
  const known = portsWithProtocols(object);
  return ports.flatMap((text, index) => {
    const port = portNumber(text);
    const name = ports.length > 1 ? `port-${index + 1}` : '';
    const protocols = known.filter(([number]) => number === text).map(([, protocol]) => protocol);
    const targetPort = wishes.targetPort === '' ? port : parseIntOrString(wishes.targetPort);
    const make = (portName: string, protocol: string): JsonObject => ({
      ...(portName === '' ? {} : { name: portName }),
      protocol,
      port,
      targetPort,
    });
    if (wishes.protocol !== '') return [make(name, wishes.protocol)];
    if (protocols.length < 2) return [make(name, protocols[0] ?? 'TCP')];
    return protocols.map((protocol) => make(`port-${index + 1}-${protocol.toLowerCase()}`, protocol));
  });
}

function portNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new UserError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function parseIntOrString(text: string): number | string {
  return /^[+-]?\d+$/.test(text) && Math.abs(Number(text)) < 2 ** 31 ? Number(text) : text;
}
