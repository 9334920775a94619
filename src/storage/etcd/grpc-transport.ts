import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import {
  Channel,
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  connectivityState,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { Host } from 'etcd3/lib/connection-pool.js';
import type { AnswerOf, RequestOf, StreamMethod, StreamMethods, UnaryMethod } from '../etcd-methods.ts';
import type { Endpoint } from './endpoint.ts';
import type { TlsMaterial } from './tls-material.ts';
import {
  CLIENT_CLOSED,
  type CallOptions,
  type EtcdTransport,
  GrpcCode,
  RpcError,
  type RpcStream,
} from './etcd-transport.ts';

/** The name sent to a server that is addressed by number: TLS forbids numbers there, and etcd does not look at it. */
const NAME_FOR_ADDRESSES = 'localhost';

/** kube-apiserver's keepalive; no size limits of our own, as the server has them; retries are ours alone. */
const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
};

/** What grpc-js says when a call failed before anything was sent. */
const NOT_SENT =
  /^(No connection established|Name resolution failed|Channel closed before call started|Stream refused by server)/;

/** The part of a grpc-js stream that is used. */
interface GrpcStream<M extends StreamMethod> extends AsyncIterable<StreamMethods[M][1]> {
  write?(message: StreamMethods[M][0]): void;
  end?(): void;
  cancel(): void;
  on(event: 'error', listener: (error: unknown) => void): void;
}
type UnaryFunction<M extends UnaryMethod> = (
  request: RequestOf<M>,
  metadata: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, answer: AnswerOf<M>) => void,
) => void;
type StreamFunction<M extends StreamMethod> = (metadata: Metadata) => GrpcStream<M>;
/** A call whose one request is made with it. */
type DownloadFunction<M extends StreamMethod> = (request: object, metadata: Metadata) => GrpcStream<M>;

type ServiceOf<Method> = Method extends `${infer Service}/${string}` ? Service : never;

/** An endpoint through etcd3's gRPC clients; none of its fault handling, which repeats writes, is in the way. */
export class GrpcTransport implements EtcdTransport {
  readonly endpoint: string;
  readonly #host: Host;
  readonly #dialTimeoutMs: number;
  readonly #channel: Channel;
  #closed = false;

  constructor(endpoint: Endpoint, tls: TlsMaterial, dialTimeoutMs: number) {
    this.endpoint = endpoint.url;
    this.#dialTimeoutMs = dialTimeoutMs;
    const numeric = isIP(endpoint.host) !== 0;
    const options = endpoint.secure && numeric ? { 'grpc.ssl_target_name_override': NAME_FOR_ADDRESSES } : {};
    const secrets = channelCredentials(endpoint, tls);
    this.#channel = new Channel(endpoint.address, secrets, { ...CHANNEL_OPTIONS, ...options });
    // All services share the one connection.
    this.#host = new Host(endpoint.address, secrets, { channelOverride: this.#channel });
  }

  async unary<M extends UnaryMethod>(method: M, request: RequestOf<M>, options: CallOptions): Promise<AnswerOf<M>> {
    const client = await this.#connect(method, options.deadline);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made at run time: etcd3's message types say what it takes
    const call = functionOf(client, method) as UnaryFunction<M>;
    return new Promise((resolve, reject) => {
      call.call(client, request, metadataOf(options), { deadline: options.deadline }, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(this.#error(error));
      });
    });
  }

  async stream<M extends StreamMethod>(
    method: M,
    options: CallOptions,
  ): Promise<RpcStream<StreamMethods[M][0], StreamMethods[M][1]>> {
    const client = await this.#connect(method, options.deadline);
    const metadata = metadataOf(options);
    const isDownload = method === 'Maintenance/Snapshot';
    // Has a member that lost its leader end the stream, instead of staying silent. A database can be had without one.
    if (!isDownload) metadata.set('hasleader', 'true');
    const open = functionOf(client, method);
    /* oxlint-disable typescript/no-unsafe-type-assertion -- as above */
    const stream = isDownload
      ? (open as DownloadFunction<M>).call(client, {}, metadata)
      : (open as StreamFunction<M>).call(client, metadata);
    /* oxlint-enable typescript/no-unsafe-type-assertion */
    // An error after nobody listens any more must not end the process.
    stream.on('error', () => {});
    await this.#notFailing(stream, options.deadline);
    let closed = false;
    const messages = async function* (this: GrpcTransport): AsyncGenerator<StreamMethods[M][1]> {
      try {
        for await (const message of stream) yield message;
      } catch (error) {
        if (!closed) throw this.#error(error);
      }
    };
    return {
      messages: { [Symbol.asyncIterator]: messages.bind(this) },
      send: (message) => {
        if (!closed) stream.write?.(message);
      },
      close: () => {
        if (closed) return;
        closed = true;
        stream.end?.();
        stream.cancel();
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#channel.close();
  }

  /** The client of a method's service, with a connection or a reason why there is none, which the call then tells. */
  async #connect(method: UnaryMethod | StreamMethod, deadline: number): Promise<Client> {
    if (this.#closed) throw this.#isClosed();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a method's name begins with its service's
    const service = method.slice(0, method.indexOf('/')) as ServiceOf<UnaryMethod | StreamMethod>;
    const client = this.#host.getServiceClient(service);
    const channel = this.#channel;
    const until = Math.min(deadline, Date.now() + this.#dialTimeoutMs);
    for (;;) {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY || state === connectivityState.TRANSIENT_FAILURE) return client;
      if (state === connectivityState.SHUTDOWN) throw this.#isClosed();
      await new Promise<void>((resolve, reject) => {
        channel.watchConnectivityState(state, until, (error?: Error) => {
          if (error === undefined) resolve();
          else reject(this.#closed ? this.#isClosed() : this.#notConnected());
        });
      });
    }
  }

  /** Waits for the error of a stream that was opened while there was no connection: it comes soon. */
  async #notFailing(stream: GrpcStream<StreamMethod>, deadline: number): Promise<void> {
    const channel = this.#channel;
    if (channel.getConnectivityState(false) !== connectivityState.TRANSIENT_FAILURE) return;
    await new Promise<void>((resolve, reject) => {
      stream.on('error', (error) => reject(this.#error(error)));
      channel.watchConnectivityState(connectivityState.TRANSIENT_FAILURE, deadline, () => resolve());
    });
  }

  #notConnected(): RpcError {
    const details = 'no connection within the dial timeout';
    return new RpcError(GrpcCode.unavailable, details, { endpoint: this.endpoint, sent: false });
  }

  #isClosed(): RpcError {
    return new RpcError(GrpcCode.failedPrecondition, CLIENT_CLOSED, { endpoint: this.endpoint, sent: false });
  }

  #error(error: unknown): RpcError {
    const { endpoint } = this;
    if (!isServiceError(error)) {
      return new RpcError(GrpcCode.unknown, String(error), { endpoint, sent: true, cause: error });
    }
    const { code, details } = error;
    const sent = !(code === status.UNAVAILABLE && NOT_SENT.test(details));
    return new RpcError(code, details, { endpoint, sent, cause: error });
  }
}

/** grpc-js makes a service's methods at run time, so its types do not name them. */
function functionOf(client: Client, method: UnaryMethod | StreamMethod): (...args: never[]) => unknown {
  const found: unknown = Reflect.get(client, method.slice(method.indexOf('/') + 1));
  if (!isFunction(found)) throw new TypeError(`etcd3 has no method ${method}`);
  return found;
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && typeof error.code === 'number';
}

function metadataOf({ token }: CallOptions): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('token', token);
  return metadata;
}

function channelCredentials(endpoint: Endpoint, tls: TlsMaterial): ChannelCredentials {
  if (!endpoint.secure) return credentials.createInsecure();
  return credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null, {
    rejectUnauthorized: !tls.insecureSkipVerify,
    checkServerIdentity: (_name, certificate) =>
      tls.insecureSkipVerify ? undefined : checkServerIdentity(endpoint.host, certificate),
  });
}
