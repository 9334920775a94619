/** How to reach an etcd, as etcdctl's global flags say it. */
export interface EtcdOptions {
  /** `http://host:port`, `https://host:port`, or `host:port`, which is https when a TLS file is given. At least one. */
  readonly endpoints: readonly string[];
  /** PEM file with the authorities that may sign the servers' certificates; the system's when absent. */
  readonly caFile?: string | undefined;
  /** PEM file with the client's certificate; needs `keyFile`. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Takes any server certificate. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** User and password of etcd's own authentication. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** gRPC, or etcd's JSON gateway over HTTP; gRPC when absent. */
  readonly transport?: 'grpc' | 'http' | undefined;
  /** The longest that one endpoint may take to accept a connection; 2000 when absent. */
  readonly dialTimeoutMs?: number | undefined;
  /** The longest that an operation may take, retries included; 10000 when absent. */
  readonly requestTimeoutMs?: number | undefined;
  /** How long a watch tries to resume after a cut before it fails; 60000 when absent. */
  readonly watchResumeTimeoutMs?: number | undefined;
}
