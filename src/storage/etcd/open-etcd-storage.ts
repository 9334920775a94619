import { readFile } from 'node:fs/promises';
import { UserError } from '../../model/user-error.ts';
import type { Storage } from '../storage.ts';
import { parseEndpoint } from './endpoint.ts';
import type { EtcdOptions } from './etcd-options.ts';
import type { TlsMaterial } from './grpc-transport.ts';

const DIAL_TIMEOUT_MS = 2000;
const REQUEST_TIMEOUT_MS = 10_000;
const WATCH_RESUME_TIMEOUT_MS = 60_000;

/**
 * A Storage on etcd. Nothing is sent yet: whether an endpoint answers shows with the first operation. Rejects with
 * UserError for options that make no sense and files that cannot be read.
 */
export async function openEtcdStorage(options: EtcdOptions): Promise<Storage> {
  const { caFile, certFile, keyFile, insecureSkipVerify = false } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UserError("etcd's client certificate and key must be given together");
  }
  const tls: TlsMaterial = {
    ca: await readPem(caFile, 'CA certificate'),
    cert: await readPem(certFile, 'client certificate'),
    key: await readPem(keyFile, 'client key'),
    insecureSkipVerify,
  };
  const tlsByDefault = insecureSkipVerify || caFile !== undefined || certFile !== undefined;
  const parsed = options.endpoints.map((text) => parseEndpoint(text, tlsByDefault));
  const endpoints = [...new Map(parsed.map((endpoint) => [endpoint.url, endpoint])).values()];
  // gRPC and the message codecs are slow to load.
  const [{ GrpcTransport }, { EtcdClient }, { EtcdStorage }] = await Promise.all([
    import('./grpc-transport.ts'),
    import('./etcd-client.ts'),
    import('./etcd-storage.ts'),
  ]);
  const [first, ...others] = endpoints.map((endpoint) => {
    try {
      return new GrpcTransport(endpoint, tls, options.dialTimeoutMs ?? DIAL_TIMEOUT_MS);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError(`etcd's TLS files cannot be used: ${why}`, { cause: error });
    }
  });
  if (first === undefined) throw new UserError('no etcd endpoint is given');
  const client = new EtcdClient({
    members: [first, ...others],
    username: options.username,
    password: options.password,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  return new EtcdStorage(client, options.watchResumeTimeoutMs ?? WATCH_RESUME_TIMEOUT_MS);
}

async function readPem(path: string | undefined, what: string): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error);
    throw new UserError(`cannot read etcd's ${what} ${path}: ${why}`, { cause: error });
  }
}
