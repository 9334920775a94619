/**
 * Bytes under keys with revisions: the seam between the API server and whatever keeps its data. The meaning of every
 * operation is etcd v3's (see etcd's api/v3rpc and server/storage/mvcc); a driver that differs is wrong.
 * Keys are ordered as bytes. Revisions are integers below 2^53.
 */
export interface Storage {
  /** Reads keys, now or as they were at `revision`. Rejects with Compacted or FutureRevision for a revision out of reach. */
  range(request: RangeRequest): Promise<RangeResult>;

  /**
   * Evaluates the compares and runs `success` or `failure`, all at one moment. Everything that it writes has one new
   * revision; a transaction that writes nothing takes none. It is durable when it resolves. A lost answer rejects with
   * OutcomeUnknown. Rejects with DuplicateKey, TooManyOperations (128 a branch), TooLarge or LeaseNotFound, and writes nothing then.
   */
  txn(request: TxnRequest): Promise<TxnResult>;

  /**
   * Follows a key or a range. The first batch has no events and says at which revision the watch was made; from then on
   * each change is delivered once, in order, and all changes of one revision in one batch. With `startRevision` it begins
   * with the changes from that revision on; when they are compacted, the iterator throws Compacted with `compactRevision`.
   * A cut connection is resumed without loss. Ends without error when the signal aborts.
   */
  watch(request: WatchRequest): AsyncIterable<WatchBatch>;

  /** Forgets what was overwritten before `revision`. Rejects with Compacted or FutureRevision. */
  compact(revision: number): Promise<void>;

  /** Grants a lease of `ttl` seconds; id 0n lets the store choose one. Rejects with LeaseExists. */
  grantLease(ttl: number, id?: bigint): Promise<{ id: bigint; ttl: number }>;

  /** Ends a lease and deletes its keys in one revision. Rejects with LeaseNotFound. */
  revokeLease(id: bigint): Promise<void>;

  /** Starts the lease's time again and tells its length in seconds. Rejects with LeaseNotFound. */
  keepLeaseAlive(id: bigint): Promise<{ ttl: number }>;

  /** Seconds left (-1 when there is no such lease), the seconds granted, and the keys attached. */
  leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }>;

  /** The store's revision and size, and what kind it is. */
  status(): Promise<StorageStatus>;

  /** The header of the last answer, of a batch of a watch too; absent, or undefined, where no server has answered. */
  lastHeader?(): ServerHeader | undefined;

  /** Lets go of connections, files and timers. Watches end. Safe to call twice. */
  close(): Promise<void>;
}

/** What each answer of an etcd server begins with; 64-bit numbers as decimal strings. */
export interface ServerHeader {
  readonly cluster_id: string;
  readonly member_id: string;
  readonly revision: string;
  readonly raft_term: string;
}

/** A key with its value and the revisions of its life. `version` is 1 at creation and grows by 1 a write. Lease 0n is none. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: bigint;
}

/** Which keys: one; from `key` up to but not including `rangeEnd`; or, when `rangeEnd` is the one byte 0, all from `key` on. */
export interface KeyRange {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array;
}

export interface RangeRequest extends KeyRange {
  /** The most keys to return; 0 or absent is all. `count` still counts all. */
  readonly limit?: number;
  /** The revision to read at; 0 or absent is now. */
  readonly revision?: number;
  /** Leaves values empty. */
  readonly keysOnly?: boolean;
  /** Returns the count alone. */
  readonly countOnly?: boolean;
  /** Lets an etcd member answer from what it has, which may be old. */
  readonly serializable?: boolean;
}

export interface RangeResult {
  /** The store's revision when it answered, also for a read at an older one. */
  readonly revision: number;
  /** In key order. */
  readonly kvs: KeyValue[];
  /** All keys in the range, whatever the limit. */
  readonly count: number;
  /** Whether the limit left keys out. */
  readonly more: boolean;
}

/** A condition on a key, or on every key of a range. A missing key has createRevision, modRevision, version and lease 0 and no value. */
export type Compare = KeyRange & { readonly result: '=' | '!=' | '<' | '>' } & (
    | { readonly target: 'version' | 'create' | 'mod'; readonly operand: number }
    | { readonly target: 'lease'; readonly operand: bigint }
    | { readonly target: 'value'; readonly operand: Uint8Array }
  );

export type Operation =
  | ({ readonly type: 'range' } & RangeRequest)
  | {
      readonly type: 'put';
      readonly key: Uint8Array;
      readonly value: Uint8Array;
      readonly lease?: bigint;
      readonly prevKv?: boolean;
    }
  | ({ readonly type: 'delete'; readonly prevKv?: boolean } & KeyRange);

export interface TxnRequest {
  readonly compares: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure?: readonly Operation[];
}

export type OperationResult =
  | ({ readonly type: 'range' } & RangeResult)
  | { readonly type: 'put'; readonly prevKv?: KeyValue }
  | { readonly type: 'delete'; readonly deleted: number; readonly prevKvs: KeyValue[] };

export interface TxnResult {
  /** The store's revision after the transaction. */
  readonly revision: number;
  readonly succeeded: boolean;
  /** One result for each operation of the branch that ran, in its order. */
  readonly results: OperationResult[];
}

export interface WatchRequest extends KeyRange {
  readonly startRevision?: number;
  /** Delivers the value before each change. */
  readonly prevKv?: boolean;
  /** Delivers batches without events now and then, so that the watcher's revision moves on while nothing changes. */
  readonly progress?: boolean;
  readonly signal?: AbortSignal;
}

export interface StorageEvent {
  readonly type: 'put' | 'delete';
  /** A delete has the key and modRevision of the deletion, version 0 and no value. */
  readonly kv: KeyValue;
  readonly prevKv?: KeyValue;
}

export interface WatchBatch {
  /** Everything up to this revision was delivered. */
  readonly revision: number;
  readonly events: readonly StorageEvent[];
}

export interface StorageStatus {
  readonly driver: 'etcd' | 'local';
  /** The etcd server's version, or the local engine's. */
  readonly version: string;
  readonly revision: number;
  readonly sizeBytes: number;
  /** etcd's id of the cluster, in hexadecimal. */
  readonly clusterId?: string;
  /** Endpoint or folder, for messages. */
  readonly location: string;
}
