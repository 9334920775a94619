import { goQuote } from '../../model/go-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Container, Pod } from './pod.ts';

/** A port here and the pod's port that it leads to. */
export interface ForwardedPort {
  /** 0 lets the system choose. */
  readonly local: number;
  readonly remote: number;
}

interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

/**
 * The ports that `[LOCAL:]REMOTE` arguments mean for a pod, reached by a service or by anything else. Throws UserError for
 * what is no port, and for a port that only speaks UDP. Mirrors kubectl's pkg/cmd/portforward and client-go's parsePorts.
 */
export function forwardedPorts(args: readonly string[], object: KubeObject, pod: Pod): ForwardedPort[] {
  if (object.kind === 'Service' && object.apiVersion === 'v1') {
    const spec = (object['spec'] ?? {}) as { ports?: ServicePort[]; clusterIP?: string };
    return servicePorts(
      args,
      { name: object.metadata.name ?? '', ports: spec.ports ?? [], clusterIP: spec.clusterIP },
      pod,
    ).map(parsed);
  }
  const ports = portsOf(pod.spec.containers);
  checkUdp(
    args,
    ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
    (name) => podPort(pod, name),
  );
  return args
    .map((arg) => {
      const { local, remote } = split(arg);
      if (remote === '') throw new UserError('remote port cannot be empty');
      const number = isNumber(remote) ? remote : String(podPort(pod, remote));
      return local === remote ? number : `${local}:${number}`;
    })
    .map(parsed);
}

interface Service {
  readonly name: string;
  readonly ports: readonly ServicePort[];
  readonly clusterIP: string | undefined;
}

function servicePorts(args: readonly string[], service: Service, pod: Pod): string[] {
  const named = (name: string): number => {
    const found = service.ports.find((each) => each.name === name);
    if (found !== undefined) return found.port;
    throw new UserError(`Service '${service.name}' does not have a named port '${name}'`);
  };
  checkUdp(args, service.ports, named);
  return args.map((arg) => {
    const { local, remote } = split(arg);
    const port = isNumber(remote) ? Number(remote) : named(remote);
    const here = local === remote ? String(port) : local;
    const there = String(targetOf(service, port, pod));
    return here === there ? there : `${here}:${there}`;
  });
}

/** The container's port behind a service's. */
function targetOf(service: Service, port: number, pod: Pod): number {
  const found = service.ports.find((each) => each.port === port);
  if (found === undefined) throw new UserError(`Service ${service.name} does not have a service port ${port}`);
  if (service.clusterIP === 'None') return port;
  const { targetPort = 0 } = found;
  if (typeof targetPort === 'string') return podPort(pod, targetPort);
  return targetPort === 0 ? found.port : targetPort;
}

function podPort(pod: Pod, name: string): number {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const found = portsOf(containers).find((each) => each.name === name);
  if (found !== undefined) return found.containerPort;
  throw new UserError(`Pod '${pod.metadata.name ?? ''}' does not have a named port '${name}'`);
}

function portsOf(containers: readonly Container[]): ContainerPort[] {
  return containers.flatMap(({ ports }) => (Array.isArray(ports) ? (ports as unknown as ContainerPort[]) : []));
}

function checkUdp(
  args: readonly string[],
  ports: readonly { readonly port: number; readonly protocol?: string | undefined }[],
  named: (name: string) => number,
): void {
  const speaking = (wanted: string): Set<number> =>
    new Set(ports.filter(({ protocol = 'TCP' }) => protocol === wanted).map(({ port }) => port));
  const [udp, tcp] = [speaking('UDP'), speaking('TCP')];
  for (const arg of args) {
    const { remote } = split(arg);
    // An empty one is refused later, with a better word.
    const port = isNumber(remote) ? Number(remote) : named(remote);
    if (udp.has(port) && !tcp.has(port)) throw new UserError(`UDP protocol is not supported for ${remote}`);
  }
}

function split(arg: string): { local: string; remote: string } {
  const parts = arg.split(':');
  const [local = '', remote = ''] = parts;
  return parts.length === 2 ? { local, remote } : { local, remote: local };
}

function isNumber(text: string): boolean {
  return /^[-+]?\d+$/.test(text);
}

function parsed(text: string): ForwardedPort {
  const parts = text.split(':');
  const [first = '', second] = parts;
  const local = portNumber(second !== undefined && first === '' ? '0' : first, 'local');
  const remote = portNumber(second ?? first, 'remote');
  if (remote === 0) throw new UserError('remote port must be > 0');
  return { local, remote };
}

function portNumber(text: string, side: string): number {
  const problem = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > 65_535 ? 'value out of range' : undefined;
  if (problem === undefined) return Number(text);
  throw new UserError(`error parsing ${side} port '${text}': strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
}
