import type { AnswerOf, RequestOf, StreamMethods, UnaryMethod } from '../storage/etcd-methods.ts';

export type { AnswerOf };

/**
 * An etcd cluster as its administrators see it: the calls of the Cluster, Maintenance, Auth and Lease services. Every call
 * ends within the request timeout and rejects with StorageError.
 */
export interface EtcdServer {
  /** The endpoints that calls go to, as they were given. */
  readonly endpoints: readonly string[];
  /** The longest that one call may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Asks any member; asks again, or another one, when one fails. */
  read<M extends UnaryMethod>(method: M, request: RequestOf<M>): Promise<AnswerOf<M>>;
  /**
   * Has a member change something. It is asked again only when it certainly did nothing; rejects with OutcomeUnknown when
   * the answer was lost. Some calls take long: `timeoutMs` is for them.
   */
  change<M extends UnaryMethod>(method: M, request: RequestOf<M>, timeoutMs?: number): Promise<AnswerOf<M>>;
  /** The same for one endpoint alone, which need not be among `endpoints`. */
  at(endpoint: string): EtcdServer;
  /** The database of a member as it is, and its SHA-256 behind it, piece by piece, ending early when the signal aborts. Fails when a piece does not come in time. */
  snapshot(signal: AbortSignal): AsyncIterable<StreamMethods['Maintenance/Snapshot'][1]>;
  /** Renews a lease once; TTL 0 when there is no such lease. */
  keepAlive(id: bigint): Promise<StreamMethods['Lease/LeaseKeepAlive'][1]>;
  /** How large the first endpoint's database may become, in bytes, as its metrics tell; undefined when they do not. */
  quotaBytes(): Promise<number | undefined>;
  /** Lets go of all connections, those of `at` as well. */
  close(): void;
}
