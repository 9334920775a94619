import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type RemoteConnection } from '../../src/client/remote/remote-connection.ts';
import { createAuthority, createServerCertificate, type KeyPair } from '../../src/http/certificates.ts';
import type { ApiHandler } from '../../src/apiserver/handler.ts';
import { type HttpServer, listen, type ServerLimits } from '../../src/http/server.ts';

export const TOKEN = 'a-token-for-tests';

/** A server over a stub handler, and how to reach it. */
export interface RunningServer extends AsyncDisposable {
  readonly server: HttpServer;
  readonly authority: KeyPair;
  readonly connection: RemoteConnection;
}

export async function startStub(handler: ApiHandler, limits: Partial<ServerLimits> = {}): Promise<RunningServer> {
  const authority = await createAuthority(new Date());
  const pair = await createServerCertificate(authority, ['127.0.0.1', 'localhost', '::1'], new Date());
  const server = await listen(handler, {
    address: '127.0.0.1',
    port: 0,
    tls: { ...pair, clientCa: authority.cert },
    authentication: { token: TOKEN },
    limits: { stopMilliseconds: 1000, ...limits },
  });
  return {
    server,
    authority,
    connection: {
      server: new URL(server.url),
      address: `127.0.0.1:${server.port}`,
      tls: { ca: authority.cert, insecureSkipVerify: false },
      headers: { authorization: `Bearer ${TOKEN}` },
    },
    [Symbol.asyncDispose]: async () => server.stop(),
  };
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
  return { path: folder, remove: async () => rm(folder, { recursive: true, force: true }) };
}
