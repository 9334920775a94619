/** What a configuration says of a cluster's etcd. Files are as the host has them. */
export interface FoundEtcd {
  /** Where this was found: the file, or the pod. */
  readonly source: string;
  /** What kind of configuration it is, for people to read. */
  readonly form: string;
  readonly endpoints: readonly string[];
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** `/registry` unless something else is configured. */
  readonly prefix: string;
  /** The API server's EncryptionConfiguration. */
  readonly encryptionConfig?: string | undefined;
  /** What a person should know beside. */
  readonly notes: readonly string[];
}
