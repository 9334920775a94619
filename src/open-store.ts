import path from 'node:path';
import type { BackendOptions } from './backend-options.ts';
import { type BackendChoice, localFolder } from './choose-backend.ts';
import { etcdOptions, etcdSnapshot, keyPrefix } from './etcd-flags.ts';
import type { Storage } from './storage/storage.ts';
import type { ValueTransformer } from './storage/value-transformer.ts';

/** How a store is used, beside what the flags say of it. */
export interface StoreUse {
  /** It serves others, which an etcd's guard tells from a command's own use. */
  readonly isServer: boolean;
  readonly values: () => Promise<ValueTransformer>;
}

/** Opens the store that was chosen: the folder of a local one, an etcd, or a snapshot in an etcd's place. */
export async function openStore(choice: BackendChoice, options: BackendOptions, use: StoreUse): Promise<Storage> {
  const { flags, world } = options;
  if (choice.kind === 'etcd') {
    const snapshot = etcdSnapshot(flags, world.env);
    if (snapshot === undefined) return openEtcd(options, use);
    const { openDatabaseStorage } = await import('./etcd/database/open-database-storage.ts');
    return openDatabaseStorage(snapshot, (text) => options.warn(text));
  }
  const folder = localFolder(flags, world.env, world.homeFolder);
  if (choice.byDefault) {
    world.streams.err.write(`Using the local store in ${path.normalize(folder)}; no cluster is configured.\n`);
  }
  const { openLocalStorage } = await import('./storage/local/open-local-storage.ts');
  return openLocalStorage(folder);
}

async function openEtcd(options: BackendOptions, { isServer, values }: StoreUse): Promise<Storage> {
  const { flags, world } = options;
  const [{ openEtcdStorage }, { openGuardedStorage }] = await Promise.all([
    import('./storage/etcd/open-etcd-storage.ts'),
    import('./etcd/live/open-guarded-storage.ts'),
  ]);
  return openGuardedStorage({
    storage: await openEtcdStorage(etcdOptions(flags, world.env)),
    prefix: keyPrefix(flags, world.env),
    values,
    now: () => world.now(),
    forceLive: flags.bool('force-live'),
    isServer,
    env: world.env,
    homeFolder: world.homeFolder,
    warn: (text) => options.warn(text),
  });
}
