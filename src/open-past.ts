import type { ResourceClient } from './client/client.ts';
import type { Past, PastPlace } from './commands/context.ts';
import type { Storage } from './storage/storage.ts';
import type { ValueTransformer } from './storage/value-transformer.ts';

/** What the backend gives for opening a past. */
export interface PastParts {
  /** The store that the backend itself is on. Rejects with UserError on the `api` backend. */
  own(): Promise<Storage>;
  /** How values in that one are encrypted. */
  ownValues(): Promise<ValueTransformer>;
  /** A running etcd, with the backend's certificates and user. */
  etcd(endpoints: readonly string[]): Promise<Storage>;
  /** The local store in a folder. */
  folder(folder: string): Promise<Storage>;
  /** How the encryption configuration says that values are encrypted. */
  configuredValues(): Promise<ValueTransformer | undefined>;
  readonly prefix: string;
  now(): Date;
  warn(text: string): void;
}

/** Opens the store in which something of the past is looked for; it is only read. */
export async function openPast(place: PastPlace, parts: PastParts): Promise<Past> {
  const storage = await openStorage(place, parts);
  const { location } = await storage.status();
  const values = await valuesOf(place, parts);
  return {
    storage,
    location,
    values,
    clientAt: (revision) => clientAt({ storage, values, parts }, revision),
    async close() {
      if (place.type !== 'own') await storage.close();
    },
  };
}

async function openStorage(place: PastPlace, parts: PastParts): Promise<Storage> {
  switch (place.type) {
    case 'own':
      return parts.own();
    case 'etcd':
      return parts.etcd(place.endpoints);
    case 'folder':
      return parts.folder(place.folder);
    case 'snapshot': {
      const { openDatabaseStorage } = await import('./etcd/database/open-database-storage.ts');
      return openDatabaseStorage(place.file, (text) => parts.warn(text));
    }
  }
}

async function valuesOf(place: PastPlace, parts: PastParts): Promise<ValueTransformer> {
  if (place.type === 'own') return parts.ownValues();
  const configured = place.type === 'folder' ? undefined : await parts.configuredValues();
  return configured ?? (await import('./storage/value-transformer.ts')).plainValues;
}

async function clientAt(
  { storage, values, parts }: { storage: Storage; values: ValueTransformer; parts: PastParts },
  revision: number,
): Promise<ResourceClient> {
  const [
    { PinnedStorage },
    { createApiHandler },
    { ObjectStorage },
    { createResourceClient },
    { createResourceMapper },
  ] = await Promise.all([
    import('./etcd/past/pinned-storage.ts'),
    import('./apiserver/handler.ts'),
    import('./storage/object-storage.ts'),
    import('./client/resource-client.ts'),
    import('./client/resource-mapper.ts'),
  ]);
  const pinned = await PinnedStorage.open(storage, revision);
  const transport = createApiHandler({
    storage: new ObjectStorage({ storage: pinned, values, prefix: parts.prefix }),
    now: () => parts.now(),
    callWebhook: async (call) => (await import('./http/call-webhook.ts')).callWebhook(call),
  });
  return createResourceClient({
    transport,
    mapper: createResourceMapper({ transport }),
    warn: (text) => parts.warn(text),
  });
}
