import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { PassThrough } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import type { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import { kubeLiteVersion } from '../../model/version.ts';
import { StatusError } from '../../model/status.ts';
import type { ChannelHandlers, ChannelRequest, ChannelStream } from '../channel-stream.ts';
import { genericStatusError } from '../generic-status.ts';
import { asStatus } from '../send-request.ts';
import { connectionError } from './network-error.ts';
import { ProxyTunnelAgent } from './proxy-tunnel.ts';
import type { RemoteConnection } from './remote-connection.ts';

/** The one protocol with a word for the end of a channel. */
const CLOSING_PROTOCOL = 'v5.channel.k8s.io';
/** The channel whose frames name a channel that has ended. */
const CLOSE_CHANNEL = 255;
/** How much of a refusal is read. */
const LONGEST_REFUSAL = 1 << 20;

/** What is used of the WebSocket that client-node opens (of the package ws). */
interface Socket {
  readonly protocol: string;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null;
  on(event: 'unexpected-response', listener: (request: ClientRequest, response: IncomingMessage) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  send(data: Uint8Array, done: (error?: Error) => void): void;
  close(): void;
  terminate(): void;
}

/** What client-node hands on to the WebSocket, besides TLS. */
type SocketOptions = https.RequestOptions & {
  finishRequest?: (request: ClientRequest, socket: Socket) => void;
};

/** Opens a WebSocket of channels through @kubernetes/client-node, which knows the protocols; see Connect. */
export async function openChannels(
  connection: RemoteConnection,
  request: ChannelRequest,
  handlers: ChannelHandlers,
): Promise<ChannelStream> {
  request.signal?.throwIfAborted();
  // The module alone loads in a tenth of the time of the whole package.
  const library = await import('@kubernetes/client-node/dist/web-socket-handler.js');
  let refreshed = connection.credentials === undefined;
  for (;;) {
    const options = await socketOptions(connection, refreshed && connection.credentials !== undefined);
    try {
      return await new Opening(connection, request, handlers).open(library.WebSocketHandler, options);
    } catch (error) {
      if (refreshed || !(error instanceof StatusError) || error.code !== 401) throw error;
      refreshed = true;
    }
  }
}

async function socketOptions(connection: RemoteConnection, refresh: boolean): Promise<SocketOptions> {
  const { tls, proxy, server } = connection;
  const { authorization, ...pair } = (await connection.credentials?.(refresh)) ?? {};
  const secure = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
    ...pair,
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecureSkipVerify,
  };
  const headers = {
    'user-agent': `kube-lite/${kubeLiteVersion}`,
    ...connection.headers,
    ...(authorization === undefined ? {} : { authorization }),
  };
  if (server.protocol !== 'https:') return { headers, agent: new http.Agent() };
  return {
    headers,
    ...secure,
    agent: proxy === undefined ? new https.Agent(secure) : new ProxyTunnelAgent(proxy, secure),
  };
}

/** One attempt to open a stream. */
class Opening {
  readonly #connection: RemoteConnection;
  readonly #request: ChannelRequest;
  readonly #handlers: ChannelHandlers;
  #socket: Socket | undefined;
  #failure: Error | undefined;

  constructor(connection: RemoteConnection, request: ChannelRequest, handlers: ChannelHandlers) {
    this.#connection = connection;
    this.#request = request;
    this.#handlers = handlers;
  }

  async open(Handler: typeof WebSocketHandler, options: SocketOptions): Promise<ChannelStream> {
    const { path, query, signal } = this.#request;
    const text = query?.toString() ?? '';
    const refused = new Promise<never>((_resolve, reject) => {
      options.finishRequest = (request, socket) => {
        this.#socket = socket;
        socket.on('unexpected-response', (_request, response) => {
          void this.#refusal(response).then(reject, reject);
        });
        socket.on('error', (error) => {
          this.#failure = error;
          reject(this.#connectionError(error, false));
        });
        request.end();
      };
    });
    refused.catch(() => undefined);
    const handler = new Handler(configOf(this.#connection, options), undefined, {
      // Where client-node writes of its own accord; what arrives is handled below.
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    });
    const abort = (): void => this.#socket?.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const opened = handler.connect(text === '' ? path : `${path}?${text}`, null, (channel, data) => {
        if (channel !== CLOSE_CHANNEL) this.#handlers.onFrame(channel, data);
        return true;
      });
      opened.catch(() => undefined);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- client-node's types name a package without types
      const socket = (await Promise.race([opened, refused])) as unknown as Socket;
      return this.#streamOf(socket);
    } catch (error) {
      signal?.removeEventListener('abort', abort);
      signal?.throwIfAborted();
      throw error;
    }
  }

  #streamOf(socket: Socket): ChannelStream {
    socket.onclose = ({ code, reason }) => {
      const broken = this.#failure ?? (code === 1000 || code === 1005 ? undefined : closeError(code, reason));
      this.#handlers.onClosed(broken);
    };
    const send = async (data: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      });
    return {
      send: (channel, data) => send(Buffer.concat([Buffer.from([channel]), data])),
      end: async (channel) => {
        if (socket.protocol === CLOSING_PROTOCOL) await send(Buffer.from([CLOSE_CHANNEL, channel]));
      },
      close: () => socket.close(),
    };
  }

  /** The server's answer to what should have become a stream. */
  async #refusal(response: IncomingMessage): Promise<Error> {
    const { statusCode: code = 0 } = response;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > LONGEST_REFUSAL) break;
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const status = asStatus(parsed(text), code);
    if (status !== undefined) return new StatusError(status);
    return genericStatusError({ code, method: 'GET', serverMessage: text.trim() === '' ? 'unknown' : text.trim() });
  }

  #connectionError(error: Error, sent: boolean): Error {
    const { server, address } = this.#connection;
    return connectionError(error, { server, address, sent });
  }
}

/** What client-node asks its configuration for, when the connection was worked out already. */
function configOf(connection: RemoteConnection, options: SocketOptions): KubeConfig {
  const server = connection.server.href.replace(/\/+$/, '');
  const config = {
    getCurrentCluster: () => ({ server }),
    applyToHTTPSOptions: async (given: object) => void Object.assign(given, options),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two methods are all that WebSocketHandler calls
  return config as unknown as KubeConfig;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Mirrors the text of gorilla/websocket's CloseError. */
function closeError(code: number, reason: string): Error {
  const name = code === 1006 ? ' (abnormal closure)' : code === 1011 ? ' (internal server error)' : '';
  return new Error(
    `websocket: close ${code}${name}${reason === '' ? (code === 1006 ? ': unexpected EOF' : '') : `: ${reason}`}`,
  );
}
