import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A TCP proxy on loopback that can lose what passes through it. */
export interface CuttingProxy {
  /** As an etcd endpoint, without TLS. */
  readonly endpoint: string;
  readonly port: number;
  /** Connections made so far. */
  readonly connections: number;
  /** Cuts each of the next `times` connections once it has carried so many bytes of answers. Resolves when all are cut. */
  cutAfter(bytes: number, times: number): Promise<void>;
  /** From now on requests pass and answers do not, until `cut`. */
  loseAnswers(): void;
  /** The same from what a client sends on for which that holds. */
  loseAnswersFrom(matches: (sent: Buffer) => boolean): void;
  /** From now on requests do not pass, until `cut`. */
  loseRequests(): void;
  /** Cuts all connections; new ones are whole again. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const port = await freePort();
  let connections = 0;
  let losing: 'answers' | 'requests' | undefined;
  let losesFrom: ((sent: Buffer) => boolean) | undefined;
  let limit = { bytes: 0, times: 0, done: (): void => {} };
  const cut = (): void => {
    losing = undefined;
    losesFrom = undefined;
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(target, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    let carried = 0;
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (data) => {
      if (losesFrom?.(data) === true) losing = 'answers';
      if (losing !== 'requests') upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (losing === 'answers') return;
      client.write(data);
      carried += data.length;
      if (limit.times === 0 || carried < limit.bytes) return;
      limit.times -= 1;
      end();
      if (limit.times === 0) limit.done();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    async cutAfter(bytes, times) {
      await new Promise<void>((resolve) => {
        limit = { bytes, times, done: resolve };
      });
    },
    loseAnswers() {
      losing = 'answers';
    },
    loseAnswersFrom(matches) {
      losesFrom = matches;
    },
    loseRequests() {
      losing = 'requests';
    },
    cut,
    async stop() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
