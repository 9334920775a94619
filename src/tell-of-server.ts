import os from 'node:os';
import type { BackendOptions } from './backend-options.ts';
import { keyPrefix } from './etcd-flags.ts';
import { StorageError } from './storage/storage-error.ts';
import type { Storage } from './storage/storage.ts';

/** Lets others see that a server is at work on an etcd; the function that it answers ends that. */
export async function tellOfServer(storage: Storage, options: BackendOptions): Promise<() => Promise<void>> {
  const { flags, world } = options;
  const { holdServerKey } = await import('./etcd/live/hold-server-key.ts');
  const text = `kube-lite serve, process ${world.pid ?? 0} on ${os.hostname()}`;
  try {
    return await holdServerKey(storage, keyPrefix(flags, world.env), text);
  } catch (error) {
    if (!(error instanceof StorageError && error.code === 'LiveServer')) throw error;
    options.warn(`this server only reads: ${error.message}`);
    return async () => undefined;
  }
}
