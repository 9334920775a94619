import type { Socket } from 'node:net';
import type { ResourceClient } from '../../client/client.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { forwardConnection, portQuery } from './forward-connection.ts';
import { type ForwardedPort, forwardedPorts } from './forwarded-ports.ts';
import { oneObject } from './one-object.ts';
import type { Pod } from './pod.ts';
import { byActivity } from './pod-order.ts';
import { podPath } from './pod-path.ts';
import { podRunningTimeoutFlag, podRunningTimeoutOf, podsOf } from './pods-of.ts';
import { listenAddresses, listenOnPorts } from './port-listeners.ts';

interface PortForwardOptions {
  readonly resource: string;
  readonly ports: readonly string[];
  readonly addresses: readonly string[];
  readonly timeoutMilliseconds: number;
}

/** `port-forward`: ports of this machine that lead to a pod. */
export const portForward: Command = defineCommand<PortForwardOptions>({
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  description:
    'Forward local ports to a pod, named or chosen by a deployment, service or other object. Runs until it is interrupted or the pod cannot be reached. Needs a real cluster.',
  examples: [
    { comment: 'Ports 5000 and 6000 to the same ports of a pod', command: 'kubectl port-forward pod/mypod 5000 6000' },
    { comment: 'To a pod of a deployment', command: 'kubectl port-forward deployment/mydeployment 5000 6000' },
    {
      comment: "To the port that a service's port named https leads to",
      command: 'kubectl port-forward service/myservice 8443:https',
    },
    { comment: 'From all addresses', command: 'kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000' },
    { comment: 'From a port that the system chooses', command: 'kubectl port-forward pod/mypod :5000' },
  ],
  flags: [
    {
      name: 'address',
      type: 'stringList',
      default: 'localhost',
      usage: 'Addresses to listen on: IP addresses, or localhost, which is 127.0.0.1 and ::1 where there is one.',
    },
    podRunningTimeoutFlag('1m0s'),
  ],
  parse: parsePortForward,
  run: runPortForward,
});

function parsePortForward({ args, flags }: Invocation): PortForwardOptions {
  const [resource, ...ports] = args;
  if (resource === undefined || ports.length === 0) {
    throw new UsageError('TYPE/NAME and list of ports are required for port-forward');
  }
  const timeoutMilliseconds = podRunningTimeoutOf(flags, UsageError);
  return { resource, ports, addresses: flags.list('address'), timeoutMilliseconds };
}

async function runPortForward(options: PortForwardOptions, context: Context): Promise<void> {
  const { timeoutMilliseconds } = options;
  const object = await oneObject([options.resource], [], 'expected one resource', context);
  const [pod] = await podsOf(object, { order: byActivity, timeoutMilliseconds, failing: 'cannot attach to' }, context);
  const ports = forwardedPorts(options.ports, object, pod);
  const client = await context.client();
  const path = podPath(pod.metadata.namespace ?? 'default', pod.metadata.name ?? '', 'portforward');
  await requireForwarding(pod, { path, port: ports[0]?.remote ?? 0 }, options, { client, context });
  await forward(ports, { path, addresses: options.addresses, client }, context);
}

/** Opens a stream and closes it, so that a pod that cannot be reached is known before anybody connects. */
async function requireForwarding(
  pod: Pod,
  { path, port }: { readonly path: string; readonly port: number },
  { addresses }: PortForwardOptions,
  { client, context }: { readonly client: ResourceClient; readonly context: Context },
): Promise<void> {
  const real = (await context.backend()) === 'api';
  if (real && pod.status?.phase !== 'Running') {
    const phase = pod.status?.phase ?? '';
    throw new UserError(`unable to forward port because pod is not running. Current status=${phase}`);
  }
  listenAddresses(addresses);
  try {
    const handlers = { onFrame: () => undefined, onClosed: () => undefined };
    const stream = await client.connect({ path, query: portQuery(port), signal: context.signal }, handlers);
    stream.close();
  } catch (error) {
    if (!real || !(error instanceof StatusError)) throw error;
    throw new UserError(`error upgrading connection: ${error.message}`, { cause: error });
  }
}

async function forward(
  ports: readonly ForwardedPort[],
  {
    path,
    addresses,
    client,
  }: { readonly path: string; readonly addresses: readonly string[]; readonly client: ResourceClient },
  context: Context,
): Promise<void> {
  const { out, err } = context.streams;
  const sockets = new Set<Socket>();
  let lose: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    lose = resolve;
  });
  const carry = async (socket: Socket, { local, remote }: ForwardedPort): Promise<void> => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    out.write(`Handling connection for ${local}\n`);
    try {
      await forwardConnection(socket, { path, port: remote, signal: context.signal }, client);
    } catch (error) {
      socket.destroy();
      if (context.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      err.write(`an error occurred forwarding ${local} -> ${remote}: ${why}\n`);
      // As kubectl does: what went wrong once is not tried again.
      lose();
    } finally {
      sockets.delete(socket);
    }
  };
  const onConnection = (socket: Socket, port: ForwardedPort): void => void carry(socket, port);
  const servers = await listenOnPorts(ports, listenAddresses(addresses), onConnection, context.streams);
  try {
    await Promise.race([lost, interrupted(context.signal)]);
  } finally {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  }
  if (!context.signal.aborted) throw new UserError('lost connection to pod');
}

async function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
