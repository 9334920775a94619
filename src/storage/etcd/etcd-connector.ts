import { UserError } from '../../model/user-error.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { EtcdClient } from './etcd-client.ts';
import type { EtcdOptions } from './etcd-options.ts';
import type { EtcdTransport } from './etcd-transport.ts';
import { readQuota } from './read-quota.ts';
import { readTlsMaterial, type TlsMaterial } from './tls-material.ts';

const DIAL_TIMEOUT_MS = 2000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Makes clients of an etcd cluster's endpoints. */
export interface EtcdConnector {
  /** The endpoints in the options as they are given, each once. */
  readonly endpoints: readonly string[];
  /** A client of some endpoints, of all those in the options when none are named. Throws UserError. Sends nothing yet. */
  connect(endpoints?: readonly string[]): EtcdClient;
  /** How large the database of a member may become, in bytes; undefined when it does not tell. */
  quotaBytes(endpoint: string): Promise<number | undefined>;
}

/** Reads options and files. Rejects with UserError for options that make no sense and files that cannot be read. */
export async function etcdConnector(options: EtcdOptions): Promise<EtcdConnector> {
  const tls = await readTlsMaterial(options);
  const tlsByDefault = tls.insecureSkipVerify || tls.ca !== undefined || tls.cert !== undefined;
  const parse = (texts: readonly string[]): Map<string, Endpoint> => {
    const byUrl = new Map(texts.map((text) => [parseEndpoint(text, tlsByDefault).url, text]));
    return new Map([...byUrl.values()].map((text) => [text, parseEndpoint(text, tlsByDefault)]));
  };
  const endpoints = parse(options.endpoints);
  const { dialTimeoutMs = DIAL_TIMEOUT_MS, username, password, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const open = await transportOpener(options);
  const openOne = (endpoint: Endpoint): EtcdTransport => {
    try {
      return open(endpoint, tls, dialTimeoutMs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError(`etcd's TLS files cannot be used: ${why}`, { cause: error });
    }
  };
  return {
    endpoints: [...endpoints.keys()],
    async quotaBytes(named) {
      const [endpoint] = parse([named]).values();
      return endpoint === undefined ? undefined : readQuota(endpoint, tls, dialTimeoutMs);
    },
    connect(named) {
      const chosen = named === undefined ? endpoints : parse(named);
      const [first, ...others] = [...chosen.values()].map(openOne);
      if (first === undefined) throw new UserError('no etcd endpoint is given');
      return new EtcdClient({ members: [first, ...others], username, password, requestTimeoutMs });
    },
  };
}

type OpenTransport = (endpoint: Endpoint, tls: TlsMaterial, dialTimeoutMs: number) => EtcdTransport;

/** gRPC and the message codecs are slow to load; the gateway needs neither. */
async function transportOpener({ transport = 'grpc' }: EtcdOptions): Promise<OpenTransport> {
  if (transport === 'http') {
    const { HttpTransport } = await import('./http-transport.ts');
    return (...given) => new HttpTransport(...given);
  }
  const { GrpcTransport } = await import('./grpc-transport.ts');
  return (...given) => new GrpcTransport(...given);
}
