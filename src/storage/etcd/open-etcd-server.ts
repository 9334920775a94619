import { UserError } from '../../model/user-error.ts';
import { EtcdAdministration } from './etcd-administration.ts';
import { etcdConnector } from './etcd-connector.ts';
import type { EtcdOptions } from './etcd-options.ts';

/** etcdctl's. */
const COMMAND_TIMEOUT_MS = 5000;

/**
 * What administers an etcd cluster. Nothing is sent yet. Rejects with UserError for options that make no sense, files that
 * cannot be read, and the JSON gateway, which is for keys.
 */
export async function openEtcdServer(options: EtcdOptions): Promise<EtcdAdministration> {
  if (options.transport === 'http') {
    throw new UserError('this command speaks gRPC: --etcd-transport=http is for reading and writing keys');
  }
  return new EtcdAdministration(
    await etcdConnector({ ...options, requestTimeoutMs: options.requestTimeoutMs ?? COMMAND_TIMEOUT_MS }),
  );
}
