import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { Garbage } from './garbage.ts';
import type { OpenApiDocuments } from './openapi/openapi-documents.ts';
import type { Randomness } from './randomness.ts';
import type { ResourceCatalog } from './served-resource.ts';
import type { StrategyContext } from './strategy.ts';

/** What every request of one server shares. */
export interface ApiServer {
  readonly storage: ObjectStorage;
  readonly catalog: ResourceCatalog;
  readonly now: () => Date;
  readonly randomness: Randomness;
  readonly bootstrap: Bootstrap;
  readonly openApi: OpenApiDocuments;
  readonly garbage: Garbage;
}

/** The rest of the cluster as a kind's strategy sees it. */
export function strategyContext({ storage, catalog, now }: ApiServer): StrategyContext {
  const find = async (name: string) => {
    const dot = name.indexOf('.');
    const [plural, group] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
    return catalog.preferred(group, plural);
  };
  return {
    now,
    async get(resource, namespace, name): Promise<KubeObject | undefined> {
      const served = await find(resource);
      if (served === undefined) return undefined;
      const found = await storage.get(served.stored, { namespace, name });
      return found === undefined ? undefined : served.fromStored(found.object);
    },
    async list(resource, namespace): Promise<KubeObject[]> {
      const served = await find(resource);
      if (served === undefined) return [];
      const { objects } = await storage.list(served.stored, namespace);
      return objects.map((object) => served.fromStored(object));
    },
  };
}

/** A moment as metadata has it: RFC 3339 in UTC, whole seconds. */
export function timestamp(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
