/** What authenticates a request, found at the time of the request. */
export interface Credentials {
  /** The value of the `authorization` header. */
  readonly authorization?: string;
  /** A client certificate and its key, PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** How a real API server is reached, after kubeconfig, flags and environment were put together. */
export interface RemoteConnection {
  /** Scheme, host and port, and a path before all API paths where the server has one. */
  readonly server: URL;
  /** Host and port as they were written, for error texts. */
  readonly address: string;
  readonly tls: {
    /** PEM; absent: the certificate authorities that Node.js trusts. */
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly serverName?: string;
    readonly insecureSkipVerify: boolean;
  };
  /** Sent with every request: authorization, impersonation. Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /**
   * Credentials from a plugin or a file that changes. Asked once and then kept, and asked again with `refresh` when the
   * server answered 401.
   */
  readonly credentials?: (refresh: boolean) => Promise<Credentials>;
  /** An HTTP proxy that is asked to CONNECT (https) or to forward (http). */
  readonly proxy?: URL;
  /** How long one request may take, its body included; absent: no limit. A watch just ends then. */
  readonly timeoutMilliseconds?: number;
  /** Ask for answers that are not compressed. */
  readonly disableCompression?: boolean;
}
