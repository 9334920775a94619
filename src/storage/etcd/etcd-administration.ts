import type { AnswerOf, RequestOf, StreamMethods, UnaryMethod } from '../etcd-methods.ts';
import { CallFailure } from './call-failure.ts';
import type { CallKind, EtcdClient } from './etcd-client.ts';
import type { EtcdConnector } from './etcd-connector.ts';
import { GrpcCode, RpcError } from './etcd-transport.ts';
import { renewLease } from './keep-alive.ts';
import { toStorageError } from './rpc-failures.ts';

/** The calls that administer a cluster, to some of its endpoints: `EtcdServer` of src/etcd over gRPC. */
export class EtcdAdministration {
  readonly endpoints: readonly string[];
  readonly #connector: EtcdConnector;
  readonly #client: EtcdClient;
  readonly #others = new Map<string, EtcdAdministration>();

  constructor(connector: EtcdConnector, endpoints: readonly string[] = connector.endpoints) {
    this.#connector = connector;
    this.endpoints = endpoints;
    this.#client = connector.connect(endpoints);
  }

  get requestTimeoutMs(): number {
    return this.#client.requestTimeoutMs;
  }

  async read<M extends UnaryMethod>(method: M, request: RequestOf<M>): Promise<AnswerOf<M>> {
    return this.#call(method, request, { kind: 'read', deadline: this.#client.newDeadline() });
  }

  async change<M extends UnaryMethod>(
    method: M,
    request: RequestOf<M>,
    timeoutMs: number = this.requestTimeoutMs,
  ): Promise<AnswerOf<M>> {
    return this.#call(method, request, { kind: 'write', deadline: Date.now() + timeoutMs });
  }

  at(endpoint: string): EtcdAdministration {
    const known = this.#others.get(endpoint) ?? new EtcdAdministration(this.#connector, [endpoint]);
    this.#others.set(endpoint, known);
    return known;
  }

  async *snapshot(signal: AbortSignal): AsyncGenerator<StreamMethods['Maintenance/Snapshot'][1], void, undefined> {
    if (signal.aborted) return;
    const stream = await this.#translated(this.#client.open('Maintenance/Snapshot', this.#client.newDeadline()));
    let silent = false;
    const stop = (): void => {
      silent = true;
      stream.close();
    };
    let timer = setTimeout(stop, this.requestTimeoutMs);
    const interrupt = (): void => stream.close();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      for await (const message of stream.messages) {
        clearTimeout(timer);
        yield message;
        timer = setTimeout(stop, this.requestTimeoutMs);
      }
      if (!silent || signal.aborted) return;
      const endpoint = this.#client.endpoints[0] ?? '';
      throw new RpcError(GrpcCode.deadlineExceeded, 'the snapshot stopped coming', { endpoint, sent: true });
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof RpcError ? toStorageError(new CallFailure(error)) : error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      clearTimeout(timer);
      stream.close();
    }
  }

  async keepAlive(id: bigint): Promise<StreamMethods['Lease/LeaseKeepAlive'][1]> {
    return this.#translated(renewLease(this.#client, id));
  }

  async quotaBytes(): Promise<number | undefined> {
    const [endpoint] = this.endpoints;
    return endpoint === undefined ? undefined : this.#connector.quotaBytes(endpoint);
  }

  close(): void {
    this.#client.close();
    for (const each of this.#others.values()) each.close();
  }

  async #call<M extends UnaryMethod>(
    method: M,
    request: RequestOf<M>,
    options: { kind: CallKind; deadline: number },
  ): Promise<AnswerOf<M>> {
    return this.#translated(this.#client.call(method, request, options));
  }

  async #translated<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw error instanceof CallFailure ? toStorageError(error) : error;
    }
  }
}
