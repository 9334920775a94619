import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

type SocketCallback = (error: Error | null, socket?: Duplex) => void;

/** Where a tunnel goes, as node:https asks its agent for a socket. */
type TunnelOptions = tls.ConnectionOptions & { host?: string; port?: number | string };

/** An https.Agent whose connections go through an HTTP proxy's CONNECT. */
export class ProxyTunnelAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  /** Called by node:http for every new socket. */
  override createConnection(options: TunnelOptions, callback: SocketCallback): undefined {
    const target = `${options.host ?? 'localhost'}:${options.port ?? 443}`;
    const { request } = this.#proxy.protocol === 'https:' ? https : http;
    const connect = request(this.#proxy, {
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyAuthorization(this.#proxy) },
      agent: false,
    });
    connect.once('connect', (response, socket) => {
      if (response.statusCode === 200) return callback(null, tls.connect({ ...options, socket }));
      socket.destroy();
      return callback(new Error(response.statusMessage ?? `proxy answered ${response.statusCode ?? 0}`));
    });
    connect.once('response', (response) => {
      response.destroy();
      callback(new Error(response.statusMessage ?? `proxy answered ${response.statusCode ?? 0}`));
    });
    connect.once('error', (error) => callback(new Error(`proxyconnect tcp: ${error.message}`, { cause: error })));
    connect.end();
    return undefined;
  }
}

/** The `proxy-authorization` header for a proxy whose URL names a user. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
