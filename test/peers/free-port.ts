import { createServer } from 'node:net';

/**
 * A loopback port that nobody listens on, below the range that the system hands out to outgoing connections. Test processes
 * of one run choose from ranges of their own, so that none takes another's between its choice and its use.
 */
export async function freePort(): Promise<number> {
  const share = Number(process.env['VITEST_POOL_ID'] ?? 0) % 4;
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + share * 3000 + Math.floor(Math.random() * 3000);
    if (await canListen(port)) return port;
  }
  throw new Error('found no free port between 20000 and 32000');
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
