import path from 'node:path';
import { actingUser } from './acting-user.ts';
import { cacheFolder } from './cache-folder.ts';
import type { BackendOptions } from './backend-options.ts';
import { chooseBackend, type BackendChoice, localFolder } from './choose-backend.ts';
import type { ResourceClient } from './client/client.ts';
import type { DiscoveryCache } from './client/discovery-cache.ts';
import type { NamespacedConnection } from './client/remote/kubeconfig.ts';
import type { RequestLog } from './client/request-log.ts';
import type { Transport } from './client/transport.ts';
import { kubeLiteVersion } from './model/version.ts';
import type { ApiHandler, ApiHandlerOptions } from './apiserver/handler.ts';
import type {
  BackendKind,
  EtcdReach,
  Past,
  PastPlace,
  ProxyWishes,
  ServeOptions,
  ServerHandle,
} from './commands/context.ts';
import { preferredPlugins } from './preferred-plugins.ts';
import { encryptionConfigFile, etcdOptions, etcdSnapshot, keyPrefix } from './etcd-flags.ts';
import type { EtcdServer } from './etcd/etcd-server.ts';
import { UserError } from './model/user-error.ts';
import { wrapTransport } from './wrap-transport.ts';
import type { Storage } from './storage/storage.ts';
import type { StoreCare } from './storage/store-care.ts';
import type { ValueTransformer } from './storage/value-transformer.ts';

/**
 * The composition root: decides where the objects are and opens what is needed for that, each thing once and only when it
 * is asked for.
 */
export class Backend {
  readonly #options: BackendOptions;
  #choice: Promise<BackendChoice> | undefined;
  #storage: Promise<Storage> | undefined;
  #isServer = false;
  #values: Promise<ValueTransformer> | undefined;
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
    return this.#clientOf(await this.#transport());
  }

  async clientAt(revision: number): Promise<ResourceClient> {
    if ((await this.kind()) === 'api') {
      throw new UserError(
        'the past of a store is read from the store itself: choose one with --etcd-endpoints, --etcd-snapshot or --data-dir',
      );
    }
    const [storage, { PinnedStorage }] = await Promise.all([this.storage(), import('./etcd/past/pinned-storage.ts')]);
    const handle = await this.#createHandler(await PinnedStorage.open(storage, revision));
    const acting = actingUser(this.#options.flags);
    return this.#clientOf((request) => handle({ ...request, ...acting }));
  }

  async #clientOf(transport: Transport): Promise<ResourceClient> {
    const [{ createResourceClient }, { createResourceMapper }] = await Promise.all([
      import('./client/resource-client.ts'),
      import('./client/resource-mapper.ts'),
    ]);
    const cache = await this.#discoveryCache();
    return createResourceClient({
      transport,
      mapper: createResourceMapper({ transport, ...(cache === undefined ? {} : { cache }) }),
      warn: (text) => this.#options.warn(text),
    });
  }

  /** What is remembered of a server. A store is asked itself: its definitions are as near as any memory of them. */
  async #discoveryCache(): Promise<DiscoveryCache | undefined> {
    const { flags, world } = this.#options;
    if ((await this.kind()) !== 'api') return undefined;
    const folder = cacheFolder(flags, world.env, world.homeFolder);
    if (folder === undefined) return undefined;
    const [{ fileDiscoveryCache }, { server }] = await Promise.all([
      import('./client/remote/file-discovery-cache.ts'),
      this.#remoteConnection(),
    ]);
    return fileDiscoveryCache({ folder, server, now: () => world.now() });
  }

  async storage(): Promise<Storage> {
    if ((await this.kind()) === 'api') {
      throw new UserError(
        'this command works on a store itself: choose one with --etcd-endpoints or --data-dir (the api backend only speaks to an API server)',
      );
    }
    this.#storage ??= this.#chosen().then(async (choice) =>
      (await import('./open-store.ts')).openStore(choice, this.#options, {
        isServer: this.#isServer,
        values: () => this.values(),
      }),
    );
    return this.#storage;
  }

  async storeCare(): Promise<StoreCare> {
    const { flags, world } = this.#options;
    const kind = await this.kind();
    if (kind !== 'local') {
      throw new UserError(
        `this command works on the files of the local store, and the backend is ${kind}: give --data-dir`,
      );
    }
    const { openStoreCare } = await import('./storage/local/open-store-care.ts');
    return openStoreCare(localFolder(flags, world.env, world.homeFolder));
  }

  /** How values are encrypted at rest. Rejects with UserError when the configuration file cannot be used. */
  values(): Promise<ValueTransformer> {
    this.#values ??= this.#openValues();
    return this.#values;
  }

  async configuredValues(): Promise<ValueTransformer | undefined> {
    const { flags, world } = this.#options;
    const file = encryptionConfigFile(flags, world.env);
    if (file === undefined) return undefined;
    const { openConfiguredValues } = await import('./storage/encryption/open-configured-values.ts');
    return openConfiguredValues(file, keyPrefix(flags, world.env));
  }

  /** Opens where something of the past is looked for; see Context. */
  async past(place: PastPlace): Promise<Past> {
    const { flags, world } = this.#options;
    const { openPast } = await import('./open-past.ts');
    return openPast(place, {
      own: () => this.storage(),
      ownValues: () => this.values(),
      etcd: async (endpoints) => {
        const { openEtcdStorage } = await import('./storage/etcd/open-etcd-storage.ts');
        return openEtcdStorage({ ...etcdOptions(flags, world.env, endpoints), endpoints });
      },
      folder: async (folder) => (await import('./storage/local/open-local-storage.ts')).openLocalStorage(folder),
      configuredValues: () => this.configuredValues(),
      prefix: keyPrefix(flags, world.env),
      now: () => world.now(),
      warn: (text) => this.#options.warn(text),
    });
  }

  async etcdServer(reach?: EtcdReach): Promise<EtcdServer> {
    if (reach !== undefined) {
      const { openEtcdServer } = await import('./storage/etcd/open-etcd-server.ts');
      return openEtcdServer(reach);
    }
    const { flags, world } = this.#options;
    if (flags.given('backend') !== undefined && flags.given('backend') !== 'etcd') {
      throw new UserError(
        `this command administers an etcd server, and cannot use --backend=${flags.given('backend')}`,
      );
    }
    const { openEtcdServer } = await import('./storage/etcd/open-etcd-server.ts');
    return openEtcdServer(etcdOptions(flags, world.env, ['127.0.0.1:2379']));
  }

  async serve(options: ServeOptions): Promise<ServerHandle> {
    this.#isServer = true;
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
      serviceAccounts: options.serviceAccounts,
      usage: world.usage,
      certificateAuthority: options.controllers ? () => server.certificateAuthority : undefined,
      certificateSigner: options.controllers ? () => server.certificateSigner : undefined,
      isOwnToken: (token) => server.isOwnToken(token),
    });
    const ended = await this.#toldOfServer(storage);
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
      onStopped: async () => {
        await ended();
        await storage.close();
      },
    }).catch(async (error: unknown) => {
      await ended();
      throw error;
    });
    return server;
  }

  async #toldOfServer(storage: Storage): Promise<() => Promise<void>> {
    const { flags, world } = this.#options;
    const isEtcd = (await this.kind()) === 'etcd' && etcdSnapshot(flags, world.env) === undefined;
    if (!isEtcd) return async () => undefined;
    const { tellOfServer } = await import('./tell-of-server.ts');
    return tellOfServer(storage, this.#options);
  }

  async proxy({ filter, ...wishes }: ProxyWishes): Promise<{ readonly address: string; stop(): Promise<void> }> {
    const [{ startProxy }, { ProxyFilter }] = await Promise.all([
      import('./http/proxy-server.ts'),
      import('./http/proxy-filter.ts'),
    ]);
    const chosen = filter === undefined ? undefined : new ProxyFilter(filter);
    return startProxy({ ...wishes, filter: chosen, handler: await this.#transport() });
  }

  async #transport(): Promise<Transport> {
    const log = await this.#requestLog();
    const open = await this.#openTransport(log);
    const { connect } = open;
    const wrapped = await wrapTransport(open, log, this.#options);
    return Object.assign(wrapped, connect === undefined ? {} : { connect });
  }

  async #requestLog(): Promise<RequestLog | undefined> {
    const { flags, world } = this.#options;
    const level = flags.int('v');
    if (level < 1) return undefined;
    const { openRequestLog } = await import('./open-request-log.ts');
    return openRequestLog(world, level, (await this.kind()) === 'api' ? await this.address() : '');
  }

  async #openTransport(log: RequestLog | undefined): Promise<Transport> {
    if ((await this.kind()) !== 'api') {
      const handle = (await this.#standIn()) ?? (await this.#apiHandler());
      // Over HTTPS the transport says the same: what writes without naming a field manager has this one everywhere.
      const acting = actingUser(this.#options.flags);
      const agent = { 'user-agent': `kube-lite/${kubeLiteVersion}` };
      return (request) => {
        const headers = { ...agent, ...request.headers };
        log?.headers(request, headers);
        return handle({ ...request, headers, ...acting });
      };
    }
    const [{ openRemoteTransport }, connection] = await Promise.all([
      import('./client/remote/remote-transport.ts'),
      this.#remoteConnection(),
    ]);
    return openRemoteTransport(connection, log);
  }

  /** What answers in place of a local store that was never made, to a command that stores nothing. */
  async #standIn(): Promise<Transport | undefined> {
    const { flags, world, storesNothing } = this.#options;
    const { kind, byDefault } = await this.#chosen();
    if (storesNothing !== true || kind !== 'local') return undefined;
    const folder = localFolder(flags, world.env, world.homeFolder);
    const [{ wasNeverMade }, { standInTransport }] = await Promise.all([
      import('./storage/local/was-never-made.ts'),
      import('./stand-in-transport.ts'),
    ]);
    if (!wasNeverMade(folder)) return undefined;
    return standInTransport({
      standIn: async () => {
        if (byDefault) world.streams.err.write(`There is no local store in ${folder}; no cluster is configured.\n`);
        const { openMemoryStorage } = await import('./storage/local/open-memory-storage.ts');
        return this.#createHandler(await openMemoryStorage(folder));
      },
      real: () => this.#apiHandler(),
    });
  }

  #apiHandler(): Promise<ApiHandler> {
    this.#handler ??= this.#createHandler();
    return this.#handler;
  }

  async #createHandler(of?: Storage): Promise<ApiHandler> {
    const [options, { createApiHandler }] = await Promise.all([
      this.#handlerOptions(of),
      import('./apiserver/handler.ts'),
    ]);
    return createApiHandler(options);
  }

  async #handlerOptions(
    of?: Storage,
  ): Promise<Pick<ApiHandlerOptions, 'storage' | 'callWebhook' | 'requestedSubject'> & { now: () => Date }> {
    const [storage, values, { ObjectStorage }, { protobufCodec }, { withExpiringEvents }] = await Promise.all([
      of ?? this.storage(),
      this.values(),
      import('./storage/object-storage.ts'),
      import('./model/protobuf/protobuf-codec.ts'),
      import('./storage/expiring-events.ts'),
    ]);
    const prefix = keyPrefix(this.#options.flags, this.#options.world.env);
    const expiring = withExpiringEvents({ storage, prefix, now: () => performance.now() / 1000 });
    return {
      storage: new ObjectStorage({ storage: expiring, values, prefix, protobuf: protobufCodec }),
      now: () => this.#options.world.now(),
      callWebhook: async (call) => (await import('./http/call-webhook.ts')).callWebhook(call),
      requestedSubject: async (text) => (await import('./http/certificate-request.ts')).readRequestedSubject(text),
    };
  }

  async #openValues(): Promise<ValueTransformer> {
    const configured = (await this.kind()) === 'etcd' ? await this.configuredValues() : undefined;
    return configured ?? (await import('./storage/value-transformer.ts')).plainValues;
  }

  #chosen(): Promise<BackendChoice> {
    const { flags, world } = this.#options;
    this.#choice ??= chooseBackend(
      flags,
      world.env,
      async () => {
        const { hasKubeconfig } = await import('./client/remote/kubeconfig.ts');
        return hasKubeconfig(flags, world.env, world.homeFolder);
      },
      this.#options.likeEtcdctl,
    );
    return this.#choice;
  }

  #remoteConnection(): Promise<NamespacedConnection> {
    this.#connection ??= this.#loadConnection();
    return this.#connection;
  }

  async #loadConnection(): Promise<NamespacedConnection> {
    const { loadConnection } = await import('./client/remote/kubeconfig.ts');
    const { flags, world } = this.#options;
    const pluginRefusal = await preferredPlugins(flags, world);
    return loadConnection(flags, world.env, world.homeFolder, pluginRefusal === undefined ? {} : { pluginRefusal });
  }
}
