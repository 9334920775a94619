import { randomInt } from 'node:crypto';
import { invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { internalError, invalid } from '../../../model/status-errors.ts';
import type { StatusError } from '../../../model/status.ts';
import type { StrategyContext } from '../../strategy.ts';
import { type Fields, numberIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { fillFamilies } from './ip-families.ts';
import { needsHealthCheckPort, needsNodePorts, nodePortOf } from './service-state.ts';

/** The range of cluster addresses when nothing is said: 10.0.0.0/24, the first of which is the API server's own. */
const NETWORK = '10.0.0.';
const FIRST_HOST = 2;
const FIRST_RANDOM_HOST = 17;
const LAST_HOST = 254;

const FIRST_PORT = 30_000;
const FIRST_RANDOM_PORT = 30_086;
const LAST_PORT = 32_767;

function refusal(service: KubeObject, field: string, value: unknown, detail: string): StatusError {
  return invalid('Service', '', service.metadata.name ?? '', [invalidValue(field, value, detail)]);
}

/** What other services have of what is only there once. */
class Taken {
  readonly addresses = new Set<string>();
  readonly ports = new Set<number>();

  constructor(services: readonly KubeObject[], self: KubeObject) {
    for (const service of services) {
      const { name, namespace } = service.metadata;
      if (name === self.metadata.name && namespace === self.metadata.namespace) continue;
      const spec = partOf(service, 'spec');
      for (const address of stringsIn(spec, 'clusterIPs')) if (address !== 'None') this.addresses.add(address);
      for (const port of objectsIn(spec, 'ports')) if (nodePortOf(port) > 0) this.ports.add(nodePortOf(port));
      const healthCheck = numberIn(spec, 'healthCheckNodePort') ?? 0;
      if (healthCheck > 0) this.ports.add(healthCheck);
    }
  }
}

/**
 * Gives a service what it needs of addresses and node ports, or checks those that it asks for (the registry's Allocators).
 * Two servers that allocate at the same time can give out one address twice: that is found by nobody.
 */
export async function allocate(
  service: KubeObject,
  old: KubeObject | undefined,
  context: StrategyContext,
): Promise<void> {
  const errors = fillFamilies(service, old);
  if (errors.length > 0) throw invalid('Service', '', service.metadata.name ?? '', errors);
  const spec = partOf(service, 'spec');
  const needsAddress = wantsAddress(spec, old);
  const ports = ['NodePort', 'LoadBalancer'].includes(textIn(spec, 'type'));
  if (!needsAddress && !ports) return;
  const taken = new Taken(await context.list('services', ''), service);
  if (needsAddress) allocateAddress(service, spec, taken);
  if (ports) allocateNodePorts(service, spec, taken);
  if (needsHealthCheckPort(spec)) allocateHealthCheckPort(service, spec, taken);
}

function wantsAddress(spec: Fields, old: KubeObject | undefined): boolean {
  if (!['ClusterIP', 'NodePort', 'LoadBalancer'].includes(textIn(spec, 'type'))) return false;
  if (textIn(spec, 'clusterIP') === 'None') return false;
  if (old === undefined) return true;
  return textIn(partOf(old, 'spec'), 'type') === 'ExternalName';
}

function allocateAddress(service: KubeObject, spec: Fields, taken: Taken): void {
  const wanted = stringsIn(spec, 'clusterIPs');
  const [first] = wanted;
  if (first === undefined || first === '') {
    const host = pick([FIRST_RANDOM_HOST, LAST_HOST], [FIRST_HOST, LAST_HOST], (each) =>
      taken.addresses.has(`${NETWORK}${each}`),
    );
    if (host === undefined) throw internalError('failed to allocate a serviceIP: range is full');
    spec['clusterIP'] = `${NETWORK}${host}`;
    spec['clusterIPs'] = [`${NETWORK}${host}`];
    return;
  }
  const refuse = (why: string) => refusal(service, 'spec.clusterIPs', wanted, `failed to allocate IP ${first}: ${why}`);
  if (!first.startsWith(NETWORK)) throw refuse('the provided network does not match the current range');
  const host = Number(first.slice(NETWORK.length));
  if (host === 0 || host === LAST_HOST + 1) {
    throw refuse(`the provided IP (${first}) is not in the valid range. The range of valid IPs is ${NETWORK}0/24`);
  }
  if (taken.addresses.has(first)) throw refuse('provided IP is already allocated');
}

function allocateNodePorts(service: KubeObject, spec: Fields, taken: Taken): void {
  const ports = objectsIn(spec, 'ports');
  // Ports of one number share a node port, one for each protocol.
  const byPort = new Map<number, number>();
  for (const port of ports) {
    const number = numberIn(port, 'port') ?? 0;
    if (nodePortOf(port) > 0 && !byPort.has(number)) byPort.set(number, nodePortOf(port));
  }
  const mine = new Set<number>();
  for (const [index, port] of ports.entries()) {
    const number = numberIn(port, 'port') ?? 0;
    if (nodePortOf(port) === 0 && !needsNodePorts(spec)) continue;
    if (nodePortOf(port) === 0) {
      const chosen = byPort.get(number) ?? freePort(taken, mine);
      port['nodePort'] = chosen;
      byPort.set(number, chosen);
    }
    const asked = nodePortOf(port);
    const field = `spec.ports[${index}].nodePort`;
    if (!mine.has(asked)) checkPort(asked, taken, (why) => refusal(service, field, asked, why));
    mine.add(asked);
  }
}

function checkPort(port: number, taken: Taken, refuse: (why: string) => StatusError): void {
  if (port < FIRST_PORT || port > LAST_PORT) {
    throw refuse(`provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`);
  }
  if (taken.ports.has(port)) throw refuse('provided port is already allocated');
}

function freePort(taken: Taken, mine: ReadonlySet<number>): number {
  const isTaken = (port: number) => taken.ports.has(port) || mine.has(port);
  const port = pick([FIRST_RANDOM_PORT, LAST_PORT], [FIRST_PORT, LAST_PORT], isTaken);
  if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
  return port;
}

function allocateHealthCheckPort(service: KubeObject, spec: Fields, taken: Taken): void {
  const asked = numberIn(spec, 'healthCheckNodePort') ?? 0;
  const mine = new Set(objectsIn(spec, 'ports').map(nodePortOf));
  if (asked === 0) {
    spec['healthCheckNodePort'] = freePort(taken, mine);
    return;
  }
  checkPort(asked, taken, (why) => internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`));
  if (service.metadata.name !== undefined) mine.add(asked);
}

type Range = readonly [first: number, last: number];

/** A free number by chance from the upper band, which is not asked for by hand; from all when that is full. */
function pick(band: Range, all: Range, isTaken: (number: number) => boolean): number | undefined {
  return pickFrom(band, isTaken) ?? pickFrom(all, isTaken);
}

function pickFrom([first, last]: Range, isTaken: (number: number) => boolean): number | undefined {
  const size = last - first + 1;
  const start = randomInt(size);
  for (let offset = 0; offset < size; offset++) {
    const number = first + ((start + offset) % size);
    if (!isTaken(number)) return number;
  }
  return undefined;
}
