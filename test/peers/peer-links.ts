import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** The connections between the members of an etcd cluster, each through a proxy that can lose and delay what passes. */
export interface PeerLinks {
  /** Where each member is to be reached by the others. */
  readonly advertised: readonly string[];
  /** From now on nothing passes from or to a member, as when its cable is pulled: connections stay, and stay silent. */
  isolate(member: number): void;
  /** From now on everything takes so many milliseconds longer. */
  delay(milliseconds: number): void;
  /** All is well again. What was swallowed is lost with its connection. */
  heal(): void;
  stop(): Promise<void>;
}

interface Link {
  readonly sockets: readonly [Socket, Socket];
  readonly to: number;
  /** The member that opened it, by its id in hexadecimal; etcd tells it in the first request. */
  from: string;
  swallowed: boolean;
}

/** `idOf` tells a running member's id; asked when a member is isolated. */
export async function startPeerLinks(
  listening: readonly number[],
  idOf: (member: number) => string,
): Promise<PeerLinks> {
  const links = new Set<Link>();
  let isolated: { readonly member: number; readonly id: string } | undefined;
  let milliseconds = 0;
  const silent = ({ from, to }: Link): boolean =>
    isolated !== undefined && (to === isolated.member || from === isolated.id);
  const open = (client: Socket, to: number, port: number): void => {
    const upstream = connect(port, '127.0.0.1');
    const link: Link = { sockets: [client, upstream], to, from: '', swallowed: false };
    links.add(link);
    const end = (): void => {
      links.delete(link);
      for (const socket of link.sockets) socket.destroy();
    };
    for (const socket of link.sockets) socket.setNoDelay(true).on('error', end).on('close', end);
    const pass = (target: Socket) => {
      let order = Promise.resolve();
      return (data: Buffer): void => {
        link.from ||= /^x-server-from: *([0-9a-f]+)/im.exec(data.toString('latin1'))?.[1] ?? '';
        if (silent(link)) link.swallowed = true;
        if (link.swallowed) return;
        if (milliseconds === 0) return void order.then(() => target.write(data));
        const arrives = sleep(milliseconds);
        order = order.then(() => arrives).then(() => void target.write(data));
      };
    };
    client.on('data', pass(upstream));
    upstream.on('data', pass(client));
  };
  const servers = listening.map((port, to) => createServer((client) => open(client, to, port)));
  const ports = await Promise.all(servers.map(listen));
  return {
    advertised: ports.map((port) => `http://127.0.0.1:${port}`),
    isolate(member) {
      isolated = { member, id: idOf(member) };
    },
    delay(longer) {
      milliseconds = longer;
    },
    heal() {
      isolated = undefined;
      milliseconds = 0;
      for (const link of links) if (link.swallowed) for (const socket of link.sockets) socket.destroy();
    },
    async stop() {
      for (const { sockets } of links) for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function listen(server: Server): Promise<number> {
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return port;
}
