import type { ResourceClient } from '../client/client.ts';
import type { EtcdServer } from '../etcd/etcd-server.ts';
import type { Storage } from '../storage/storage.ts';
import type { StoreCare } from '../storage/store-care.ts';
import type { ValueTransformer } from '../storage/value-transformer.ts';

/** Text out: standard output or standard error. */
export interface OutputStream {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
}

/** Standard input; read at most once. */
export interface InputStream {
  readAll(): Promise<Buffer>;
  /** The next line without its end; empty at the end of input. */
  readLine(): Promise<string>;
  readonly isTerminal: boolean;
  /** The input as it comes, without an end in time; absent where input is there at once. */
  chunks?(): AsyncIterable<Uint8Array>;
  /** What can be done with a terminal; absent when the input is none. */
  readonly terminal?: Terminal;
}

/** A person's terminal. */
export interface Terminal {
  /** Raw: keys are handed on one by one, and mean nothing here (no interrupt either). */
  setRaw(raw: boolean): void;
  size(): { readonly columns: number; readonly rows: number };
  onResize(listener: () => void): void;
}

export interface Streams {
  readonly in: InputStream;
  readonly out: OutputStream;
  readonly err: OutputStream;
}

/** Which of the three places objects are in. */
export type BackendKind = 'api' | 'etcd' | 'local';

/** What a running `serve` tells about itself. */
export interface ServerHandle {
  readonly url: string;
  readonly kubeconfigPath: string;
  /** Lets requests that run finish, then closes the store. */
  stop(): Promise<void>;
  /** Resolves when the server has stopped. */
  readonly stopped: Promise<void>;
}

export interface ServeOptions {
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where to write the kubeconfig; absent: beside certificates and token. */
  readonly kubeconfigPath: string | undefined;
  /** Whether a kubeconfig that kube-lite did not write may be replaced. */
  readonly replaceKubeconfig: boolean;
  /** Where certificates and token are kept; absent: in kube-lite's own data folder. */
  readonly folder: string | undefined;
  /** Absent: the one kept in the folder, made at the first start. */
  readonly token: string | undefined;
  /** What users may do: what roles in the store allow them, or everything. */
  readonly authorizationMode: 'RBAC' | 'AlwaysAllow';
  /** Whether what a cluster's controllers keep in every namespace is there. */
  readonly controllers: boolean;
  /** Whether the admission plug-in ServiceAccount is on. */
  readonly serviceAccounts: boolean;
}

/** What `proxy` serves, and where. */
export interface ProxyWishes {
  /** Regular expressions, separated by commas; absent: everything passes. */
  readonly filter:
    | {
        readonly acceptPaths: string;
        readonly rejectPaths: string;
        readonly acceptHosts: string;
        readonly rejectMethods: string;
      }
    | undefined;
  /** Prefixes end with a slash. */
  readonly apiPrefix: string;
  readonly www: { readonly folder: string; readonly prefix: string } | undefined;
  readonly listen: { readonly address: string; readonly port: number } | { readonly socket: string };
}

/** A store whose past is looked at. */
export type PastPlace =
  /** The store that the command works on anyway. */
  | { readonly type: 'own' }
  /** A snapshot, or the database of a member that is stopped. */
  | { readonly type: 'snapshot'; readonly file: string }
  | { readonly type: 'etcd'; readonly endpoints: readonly string[] }
  /** A local store. */
  | { readonly type: 'folder'; readonly folder: string };

/** A past that is open. It is only read. */
export interface Past {
  readonly storage: Storage;
  readonly values: ValueTransformer;
  /** For people to read. */
  readonly location: string;
  /** The objects as they were at a revision, in the versions that an API server answers with. */
  clientAt(revision: number): Promise<ResourceClient>;
  close(): Promise<void>;
}

/** How to reach an etcd that no flag says. */
export interface EtcdReach {
  readonly endpoints: readonly string[];
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/**
 * Everything that a command may use of the world outside. Members that cost something are functions and do their work at
 * the first call: help, completion and client dry runs open no store and no connection.
 */
export interface Context {
  /** What the program was started as: `kube-lite`, `kubectl`, `kubectl lite`. */
  readonly programName: string;
  /** The command as typed, with the program's name: `kubectl create configmap`. */
  readonly commandPath: string;
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  /** Aborts at the first interrupt. */
  readonly signal: AbortSignal;
  now(): Date;
  /** Prints `Warning: TEXT` on standard error, each text once. */
  warn(text: string): void;
  /** The namespace to work in: flag, then kubeconfig's context, then `default`. `explicit` when the flag was given. */
  namespace(): Promise<{ readonly name: string; readonly explicit: boolean }>;
  backend(): Promise<BackendKind>;
  /** Where the objects are, for people to read: the server's URL, etcd's endpoints, or the store's folder. */
  address(): Promise<string>;
  /** The command that words name, as it is typed (`kubectl create`), whatever stands behind it; undefined when it is none. */
  commandNamed(words: readonly string[]): Promise<string | undefined>;
  client(): Promise<ResourceClient>;
  /** The same for the objects as they were at a revision of the store, read-only. Throws a UserError on the `api` backend. */
  clientAt(revision: number): Promise<ResourceClient>;
  /** The store itself. Throws a UserError on the `api` backend. */
  storage(): Promise<Storage>;
  /** The files of the local store. Throws a UserError on another backend. */
  storeCare(): Promise<StoreCare>;
  /** How values in it are encrypted at rest. Throws a UserError when the configuration cannot be used. */
  values(): Promise<ValueTransformer>;
  /** How the encryption configuration says that values are encrypted, whatever the backend; undefined without one. */
  configuredValues(): Promise<ValueTransformer | undefined>;
  /** Opens a store in which something of the past is looked for; whoever opens it closes it. */
  past(place: PastPlace): Promise<Past>;
  /** The etcd cluster itself, as its administrators see it; 127.0.0.1:2379 when nothing says where it is. `reach` says it. */
  etcdServer(reach?: EtcdReach): Promise<EtcdServer>;
  /** The prefix of all keys, `/registry` unless `--etcd-prefix` says otherwise. */
  readonly keyPrefix: string;
  /** Puts the `local` or `etcd` backend behind the Kubernetes HTTP API. Throws a UserError on the `api` backend. */
  serve(options: ServeOptions): Promise<ServerHandle>;
  /** Serves the API of any backend over plain HTTP. Throws RegexpError for a bad filter, UserError when it cannot listen. */
  proxy(wishes: ProxyWishes): Promise<{ readonly address: string; stop(): Promise<void> }>;
}
