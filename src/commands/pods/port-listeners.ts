import net from 'node:net';
import { UserError } from '../../model/user-error.ts';
import type { Streams } from '../context.ts';
import type { ForwardedPort } from './forwarded-ports.ts';

interface ListenAddress {
  readonly address: string;
  /** Whether it may fail when another address of the same name (localhost) does not. */
  readonly optional: boolean;
}

/** `--address`: names localhost or IP addresses. Throws UserError for anything else. */
export function listenAddresses(given: readonly string[]): ListenAddress[] {
  if (given.length === 0) throw new UserError('you must specify at least 1 address');
  const found = new Map<string, ListenAddress>();
  for (const address of given) {
    if (address === 'localhost') {
      for (const each of ['127.0.0.1', '::1']) {
        if (!found.has(each)) found.set(each, { address: each, optional: true });
      }
    } else if (net.isIP(address) > 0) found.set(address, { address, optional: false });
    else throw new UserError(`${address} is not a valid IP`);
  }
  return [...found.values()].toSorted((left, right) => (left.address < right.address ? -1 : 1));
}

/** Told of every connection that comes in. */
export type OnConnection = (socket: net.Socket, port: ForwardedPort) => void;

/**
 * Listens on every port at every address and says so. What cannot be listened on is said too; throws UserError when nothing
 * can. Mirrors client-go's PortForwarder.
 */
export async function listenOnPorts(
  ports: readonly ForwardedPort[],
  addresses: readonly ListenAddress[],
  onConnection: OnConnection,
  streams: Streams,
): Promise<net.Server[]> {
  const servers: net.Server[] = [];
  let any = false;
  for (const port of ports) {
    const opened = await listenOnPort(port, addresses, onConnection, streams);
    servers.push(...opened.servers);
    if (opened.problem === undefined) any = true;
    else streams.err.write(`Unable to listen on port ${port.local}: ${opened.problem}\n`);
  }
  if (any) return servers;
  for (const server of servers) server.close();
  const all = ports.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
  throw new UserError(`unable to listen on any of the requested ports: [${all}]`);
}

async function listenOnPort(
  wanted: ForwardedPort,
  addresses: readonly ListenAddress[],
  onConnection: OnConnection,
  { out }: Streams,
): Promise<{ servers: net.Server[]; problem?: string }> {
  const servers: net.Server[] = [];
  const errors: { optional: boolean; text: string }[] = [];
  let { local } = wanted;
  let optionalOpened = false;
  for (const { address, optional } of addresses) {
    try {
      const server = await listen(address, local);
      local = portOf(server);
      const port = { local, remote: wanted.remote };
      server.on('connection', (socket) => onConnection(socket, port));
      servers.push(server);
      optionalOpened ||= optional;
      out.write(`Forwarding from ${hostAndPort(address, local)} -> ${wanted.remote}\n`);
    } catch (error) {
      errors.push({ optional, text: `unable to create listener: Error ${listenProblem(address, local, error)}` });
    }
  }
  const failed = errors.some(({ optional }) => !optional || !optionalOpened);
  if (!failed) return { servers };
  const texts = errors.map(({ text }) => text).join(' ');
  return { servers, problem: `Listeners failed to create with the following errors: [${texts}]` };
}

async function listen(address: string, port: number): Promise<net.Server> {
  // A client that has sent all may still wait for what comes back.
  const server = net.createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  server.on('error', () => undefined);
  return server;
}

function portOf(server: net.Server): number {
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.port : 0;
}

/** In Go's words. */
function listenProblem(address: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: 'bind: address already in use',
    EADDRNOTAVAIL: 'bind: cannot assign requested address',
    EACCES: 'bind: permission denied',
    EAFNOSUPPORT: 'socket: address family not supported by protocol',
  };
  const text = words[code] ?? (error instanceof Error ? error.message : String(error));
  return `listen tcp${net.isIPv6(address) ? '6' : '4'} ${hostAndPort(address, port)}: ${text}`;
}

function hostAndPort(address: string, port: number): string {
  return net.isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
