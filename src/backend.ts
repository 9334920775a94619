import path from 'node:path';
import { chooseBackend, type BackendChoice, localFolder } from './choose-backend.ts';
import type { ResourceClient } from './client/client.ts';
import type { NamespacedConnection } from './client/remote/kubeconfig.ts';
import type { Transport } from './client/transport.ts';
import { kubeLiteVersion } from './model/version.ts';
import type { ApiHandler } from './apiserver/handler.ts';
import type { BackendKind, ServeOptions, ServerHandle } from './commands/context.ts';
import type { FlagValues } from './commands/flag-values.ts';
import { etcdOptions, etcdSnapshot, keyPrefix } from './etcd-flags.ts';
import { UserError } from './model/user-error.ts';
import type { World } from './world.ts';
import type { ObjectStorage } from './storage/object-storage.ts';
import type { Storage } from './storage/storage.ts';

export interface BackendOptions {
  readonly flags: FlagValues;
  readonly world: World;
  warn(text: string): void;
}

/**
 * The composition root: decides where the objects are and opens what is needed for that, each thing once and only when it
 * is asked for.
 */
export class Backend {
  readonly #options: BackendOptions;
  #choice: Promise<BackendChoice> | undefined;
  #storage: Promise<Storage> | undefined;
  #handler: Promise<ApiHandler> | undefined;
  #connection: Promise<NamespacedConnection> | undefined;

  constructor(options: BackendOptions) {
    this.#options = options;
  }

  /** Rejects with UserError when flags contradict each other. */
  async kind(): Promise<BackendKind> {
    return (await this.#chosen()).kind;
  }

  /** Where the objects are, for people to read. */
  async address(): Promise<string> {
    const { flags, world } = this.#options;
    switch (await this.kind()) {
      case 'api':
        return (await this.#remoteConnection()).server.href.replace(/\/$/, '');
      case 'etcd':
        return etcdSnapshot(flags, world.env) ?? etcdOptions(flags, world.env).endpoints.join(',');
      case 'local':
        return localFolder(flags, world.env, world.homeFolder);
    }
  }

  async namespace(): Promise<{ name: string; explicit: boolean }> {
    const given = this.#options.flags.given('namespace');
    if (given) return { name: given, explicit: true };
    if ((await this.kind()) !== 'api') return { name: 'default', explicit: false };
    const { namespace } = await this.#remoteConnection();
    return { name: namespace ?? 'default', explicit: false };
  }

  async client(): Promise<ResourceClient> {
    const [{ createResourceClient }, { createResourceMapper }, transport] = await Promise.all([
      import('./client/resource-client.ts'),
      import('./client/resource-mapper.ts'),
      this.#transport(),
    ]);
    return createResourceClient({
      transport,
      mapper: createResourceMapper({ transport }),
      warn: (text) => this.#options.warn(text),
    });
  }

  async storage(): Promise<Storage> {
    if ((await this.kind()) === 'api') {
      throw new UserError(
        'this command works on a store itself: choose one with --etcd-endpoints or --data-dir (the api backend only speaks to an API server)',
      );
    }
    this.#storage ??= this.#openStorage();
    return this.#storage;
  }

  async serve(options: ServeOptions): Promise<ServerHandle> {
    const [storage, { startServer }, { loadTokenSigner }, { servingHandler }] = await Promise.all([
      this.storage(),
      import('./http/serve.ts'),
      import('./http/token-signer.ts'),
      import('./serving-handler.ts'),
    ]);
    const { flags, world } = this.#options;
    const folder = options.folder ?? path.join(localFolder(flags, world.env, world.homeFolder), 'serve');
    const { handler, tokenUser } = servingHandler({
      ...(await this.#handlerOptions()),
      signer: await loadTokenSigner(folder),
      authorizationMode: options.authorizationMode,
      usage: world.usage,
      isOwnToken: (token) => server.isOwnToken(token),
    });
    const server = await startServer({
      handler,
      tokenUser,
      address: options.address,
      port: options.port,
      folder,
      kubeconfigPath: options.kubeconfigPath ?? path.join(folder, 'kubeconfig'),
      replaceKubeconfig: options.replaceKubeconfig,
      ...(options.token === undefined ? {} : { token: options.token }),
      now: world.now(),
      onStopped: () => storage.close(),
    });
    return server;
  }

  async #transport(): Promise<Transport> {
    if ((await this.kind()) !== 'api') {
      const handle = await this.#apiHandler();
      // Over HTTPS the transport says the same: what writes without naming a field manager has this one everywhere.
      const agent = { 'user-agent': `kube-lite/${kubeLiteVersion}` };
      return (request) => handle({ ...request, headers: { ...agent, ...request.headers } });
    }
    const [{ openRemoteTransport }, connection] = await Promise.all([
      import('./client/remote/remote-transport.ts'),
      this.#remoteConnection(),
    ]);
    return openRemoteTransport(connection);
  }

  #apiHandler(): Promise<ApiHandler> {
    this.#handler ??= this.#createHandler();
    return this.#handler;
  }

  async #createHandler(): Promise<ApiHandler> {
    const [options, { createApiHandler }] = await Promise.all([
      this.#handlerOptions(),
      import('./apiserver/handler.ts'),
    ]);
    return createApiHandler(options);
  }

  async #handlerOptions(): Promise<{ storage: ObjectStorage; now: () => Date }> {
    const [storage, { ObjectStorage }, { protobufCodec }] = await Promise.all([
      this.storage(),
      import('./storage/object-storage.ts'),
      import('./model/protobuf/protobuf-codec.ts'),
    ]);
    const prefix = keyPrefix(this.#options.flags, this.#options.world.env);
    return {
      storage: new ObjectStorage({ storage, prefix, protobuf: protobufCodec }),
      now: () => this.#options.world.now(),
    };
  }

  async #openStorage(): Promise<Storage> {
    const { flags, world } = this.#options;
    const choice = await this.#chosen();
    if (choice.kind === 'etcd') {
      const snapshot = etcdSnapshot(flags, world.env);
      if (snapshot !== undefined) {
        const { openDatabaseStorage } = await import('./etcd/database/open-database-storage.ts');
        return openDatabaseStorage(snapshot, (text) => this.#options.warn(text));
      }
      const { openEtcdStorage } = await import('./storage/etcd/open-etcd-storage.ts');
      return openEtcdStorage(etcdOptions(flags, world.env));
    }
    const folder = localFolder(flags, world.env, world.homeFolder);
    if (choice.byDefault) {
      world.streams.err.write(`Using the local store in ${path.normalize(folder)}; no cluster is configured.\n`);
    }
    const { openLocalStorage } = await import('./storage/local/open-local-storage.ts');
    return openLocalStorage(folder);
  }

  #chosen(): Promise<BackendChoice> {
    const { flags, world } = this.#options;
    this.#choice ??= chooseBackend(flags, world.env, async () => {
      const { hasKubeconfig } = await import('./client/remote/kubeconfig.ts');
      return hasKubeconfig(flags, world.env, world.homeFolder);
    });
    return this.#choice;
  }

  #remoteConnection(): Promise<NamespacedConnection> {
    this.#connection ??= this.#loadConnection();
    return this.#connection;
  }

  async #loadConnection(): Promise<NamespacedConnection> {
    const { loadConnection } = await import('./client/remote/kubeconfig.ts');
    return loadConnection(this.#options.flags, this.#options.world.env, this.#options.world.homeFolder);
  }
}
