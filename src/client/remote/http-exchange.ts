import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { connectionError, NetworkTimeout } from './network-error.ts';
import { proxyAuthorization, ProxyTunnelAgent } from './proxy-tunnel.ts';
import type { Credentials, RemoteConnection } from './remote-connection.ts';
import type { RequestLifetime } from './request-lifetime.ts';

/** Go's http.DefaultTransport. */
const DIAL_TIMEOUT = 30_000;
const TLS_HANDSHAKE_TIMEOUT = 10_000;
/** More than these requests at once to one server wait for a free connection. */
const MOST_SOCKETS = 64;

/** A request as it goes out. */
interface OutgoingRequest {
  readonly method: string;
  /** Path and query below the server's own path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
  readonly credentials: Credentials;
}

/** One HTTP request; resolves when the answer's head is there. */
export type Exchange = (request: OutgoingRequest, lifetime: RequestLifetime) => Promise<http.IncomingMessage>;

type Sender = (request: OutgoingRequest, signal: AbortSignal) => http.ClientRequest;

/**
 * An Exchange that keeps its connections. Rejects with ConnectionError, and with the caller's reason when it was aborted.
 * A read whose kept connection turns out to be closed is sent again, as Go's net/http does.
 */
export function createExchange(connection: RemoteConnection): Exchange {
  const connected = new WeakSet<http.ClientRequest>();
  const send = sender(connection, connected);
  return async (request, lifetime) => {
    for (;;) {
      const attempt = send(request, lifetime.signal);
      try {
        return await answerOf(attempt);
      } catch (error) {
        if (lifetime.aborted) throw lifetime.signal.reason;
        if (isStale(attempt, request.method, error)) continue;
        throw connectionError(lifetime.timedOut ? lifetime.signal.reason : error, {
          server: connection.server,
          address: connection.address,
          sent: attempt.reusedSocket || connected.has(attempt),
          ...(connection.tls.serverName === undefined ? {} : { serverName: connection.tls.serverName }),
        });
      }
    }
  };
}

function isStale(attempt: http.ClientRequest, method: string, error: unknown): boolean {
  const read = method === 'GET' || method === 'HEAD';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return read && attempt.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

async function answerOf(attempt: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    attempt.once('response', resolve);
    // Errors after the answer's head reach whoever reads the body.
    attempt.on('error', reject);
  });
}

function sender(connection: RemoteConnection, connected: WeakSet<http.ClientRequest>): Sender {
  const { server, tls, proxy } = connection;
  const secure = server.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: MOST_SOCKETS, scheduling: 'lifo' as const };
  const tlsOptions = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecureSkipVerify,
  };
  const agent = secure ? secureAgent(proxy, { ...agentOptions, ...tlsOptions }) : new http.Agent(agentOptions);
  const forward = !secure && proxy !== undefined ? proxy : undefined;
  const target = forward ?? server;
  const base = (forward === undefined ? '' : server.origin) + server.pathname.replace(/\/+$/, '');
  return (request, signal) => {
    const options = {
      method: request.method,
      hostname: target.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: target.port || (secure ? 443 : 80),
      path: base + request.path,
      headers: {
        ...(forward === undefined ? {} : { host: server.host, ...proxyAuthorization(forward) }),
        ...request.headers,
        // Node sends the body of a DELETE without its length, which ends as a second, broken request.
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
      },
      agent,
      signal,
      ...(request.credentials.cert === undefined
        ? {}
        : { cert: request.credentials.cert, key: request.credentials.key }),
    };
    const sent = (secure ? https : http).request(options);
    sent.once('socket', (socket: Socket) => {
      limitDialing(socket, sent, secure);
      // A kept connection will not say again that it is up.
      if (!sent.reusedSocket) socket.once(secure ? 'secureConnect' : 'connect', () => connected.add(sent));
    });
    sent.end(request.body);
    return sent;
  };
}

function secureAgent(proxy: URL | undefined, options: https.AgentOptions): https.Agent {
  return proxy === undefined ? new https.Agent(options) : new ProxyTunnelAgent(proxy, options);
}

function limitDialing(socket: Socket, request: http.ClientRequest, secure: boolean): void {
  if (!socket.connecting) return;
  const fail = (code: NetworkTimeout['code']) => (): void => {
    request.destroy(new NetworkTimeout(code));
  };
  let timer = setTimeout(fail('DIAL_TIMEOUT'), DIAL_TIMEOUT);
  socket.once('connect', () => {
    clearTimeout(timer);
    if (!secure) return;
    timer = setTimeout(fail('TLS_TIMEOUT'), TLS_HANDSHAKE_TIMEOUT);
    socket.once('secureConnect', () => clearTimeout(timer));
  });
  socket.once('close', () => clearTimeout(timer));
}
