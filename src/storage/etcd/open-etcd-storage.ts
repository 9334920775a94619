import type { Storage } from '../storage.ts';
import { etcdConnector } from './etcd-connector.ts';
import type { EtcdOptions } from './etcd-options.ts';

const WATCH_RESUME_TIMEOUT_MS = 60_000;

/**
 * A Storage on etcd. Nothing is sent yet: whether an endpoint answers shows with the first operation. Rejects with
 * UserError for options that make no sense and files that cannot be read.
 */
export async function openEtcdStorage(options: EtcdOptions): Promise<Storage> {
  const [connector, { EtcdStorage }] = await Promise.all([etcdConnector(options), import('./etcd-storage.ts')]);
  return new EtcdStorage(connector.connect(), options.watchResumeTimeoutMs ?? WATCH_RESUME_TIMEOUT_MS);
}
