import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { MemberNetwork, NetworkEnd } from './member-network.ts';

/** A network of proxies, one before each port of each member, that can lose and delay what passes. */
export interface ProxyNetwork extends MemberNetwork {
  /** Where each member is to be reached by the others. */
  readonly peers: readonly string[];
  /** Where each member is to be reached by its client. */
  readonly clients: readonly string[];
}

interface Link {
  readonly sockets: readonly [Socket, Socket];
  readonly to: number;
  /** Who opened it: a member by its id in hexadecimal, which etcd tells in the first request. */
  from: string;
  swallowed: boolean;
}

const TEST = 'test';
const DELAY_MS = 40;

interface MemberPorts {
  readonly peers: readonly number[];
  readonly clients: readonly number[];
}

/** `idOf` tells a running member's id. */
export async function startProxyNetwork(
  { peers, clients }: MemberPorts,
  idOf: (member: number) => string,
): Promise<ProxyNetwork> {
  const links = new Set<Link>();
  const losses: { readonly from: string; readonly to: string }[] = [];
  let slowed: string | undefined;
  const nameOf = (end: NetworkEnd): string => (end === 'test' ? TEST : idOf(end));
  const open = (client: Socket, link: { to: number; port: number; from: string }): void => {
    const upstream = connect(link.port, '127.0.0.1');
    const opened: Link = { sockets: [client, upstream], to: link.to, from: link.from, swallowed: false };
    links.add(opened);
    const end = (): void => {
      links.delete(opened);
      for (const socket of opened.sockets) socket.destroy();
    };
    for (const socket of opened.sockets) socket.setNoDelay(true).on('error', end).on('close', end);
    const pass = (target: Socket, isAnswer: boolean) => {
      let order = Promise.resolve();
      return (data: Buffer): void => {
        opened.from ||= /^x-server-from: *([0-9a-f]+)/im.exec(data.toString('latin1'))?.[1] ?? '';
        const [from, to] = isAnswer ? [idOf(opened.to), opened.from] : [opened.from, idOf(opened.to)];
        if (losses.some((each) => each.from === from && each.to === to)) opened.swallowed = true;
        if (opened.swallowed) return;
        if (slowed !== from) return void order.then(() => target.write(data));
        const arrives = sleep(DELAY_MS);
        order = order.then(() => arrives).then(() => void target.write(data));
      };
    };
    client.on('data', pass(upstream, false));
    upstream.on('data', pass(client, true));
  };
  const before = (ports: readonly number[], from: string): Server[] =>
    ports.map((port, to) => createServer((client) => open(client, { to, port, from })));
  const servers = { peers: before(peers, ''), clients: before(clients, TEST) };
  const urls = async (listening: readonly Server[]): Promise<string[]> =>
    (await Promise.all(listening.map(listen))).map((port) => `http://127.0.0.1:${port}`);
  return {
    kind: 'proxies',
    peers: await urls(servers.peers),
    clients: await urls(servers.clients),
    async lose(from, to) {
      losses.push({ from: nameOf(from), to: nameOf(to) });
    },
    async slow(member) {
      slowed = idOf(member);
    },
    // What was swallowed is lost with its connection.
    async heal() {
      losses.length = 0;
      slowed = undefined;
      for (const link of links) if (link.swallowed) for (const socket of link.sockets) socket.destroy();
    },
    async stop() {
      for (const { sockets } of links) for (const socket of sockets) socket.destroy();
      const all = [...servers.peers, ...servers.clients];
      await Promise.all(all.map((server) => new Promise((resolve) => server.close(resolve))));
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
