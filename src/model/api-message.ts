/** The methods of the Kubernetes REST API. */
export type ApiMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Who asks, as authentication found it (Kubernetes' user.Info). */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/**
 * One request of the Kubernetes REST API, before it is bytes. In one process it is handed over as it is; on the wire the
 * body becomes JSON text.
 */
export interface ApiRequest {
  readonly method: ApiMethod;
  /** The path with escaped segments, without query: `/api/v1/namespaces/default/pods/x`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Names in lower case. A PATCH says its kind in `content-type`; a table is asked for in `accept`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A plain JSON value that the receiver may keep and change. */
  readonly body?: unknown;
  /** Set by whoever authenticated the request; absent in process, where the caller may do everything. */
  readonly user?: UserInfo;
  /** Who acts in the name of `user`, where that is somebody else. */
  readonly impersonator?: UserInfo;
  readonly signal?: AbortSignal;
  /** Asks for the body of a success as it arrives (`chunks`), where the answer comes over a network. */
  readonly stream?: boolean;
}

/** An event of a watch. The object is a KubeObject, a Table, a Status (ERROR) or a bookmark's bare metadata. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

/** The answer to an ApiRequest. Failures of the API are answers too (a Status body with its code), never exceptions. */
export interface ApiResponse {
  readonly status: number;
  /** Names in lower case. `warning` holds one RFC 7234 warning a line. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * A plain JSON value or RawJson, or text or bytes (Uint8Array) when `content-type` is not JSON. Absent when `events` is
   * there, and when there is nothing to say (304).
   */
  readonly body?: unknown;
  /** A watch: ends when the server ends it, or throws when the connection breaks. */
  readonly events?: AsyncIterable<WatchEvent>;
  /** The body of a success in pieces, when the request asked for a stream; `body` is then absent. */
  readonly chunks?: AsyncIterable<Uint8Array>;
  /** In one process: the error behind a failure Status (a StorageError with its hint …). Never on the wire. */
  readonly cause?: unknown;
}
