import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import type { ResourceMapper } from './client.ts';
import { discoverResources } from './discovery.ts';
import { matchResource } from './match-resource.ts';
import type { Transport } from './transport.ts';

/** What a mapper asks: the tables that kube-lite carries, and the server. */
export interface ResourceMapperOptions {
  readonly transport: Transport;
  /** The built-in resources, in a server's order of preference, instead of Kubernetes' own. */
  readonly builtIn?: () => readonly ResourceInfo[] | Promise<readonly ResourceInfo[]>;
}

/**
 * A mapper that answers built-in resources from tables and all others from discovery. What discovery said is kept, and
 * asked again once before a resource is called missing: it may have been defined a moment ago.
 */
export function createResourceMapper(options: ResourceMapperOptions): ResourceMapper {
  return new DiscoveringMapper(options);
}

type Search = (resources: readonly ResourceInfo[]) => ResourceInfo | undefined;

class DiscoveringMapper implements ResourceMapper {
  readonly #options: ResourceMapperOptions;
  #builtIn: Promise<readonly ResourceInfo[]> | undefined;
  #discovered: Promise<ResourceInfo[]> | undefined;

  constructor(options: ResourceMapperOptions) {
    this.#options = options;
  }

  async resourceFor(argument: string): Promise<ResourceInfo | undefined> {
    return this.#find((resources) => matchResource(resources, argument));
  }

  async resourceForKind(apiVersion: string, kind: string): Promise<ResourceInfo | undefined> {
    return this.#find((resources) => resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion));
  }

  async resourcesInCategory(category: string): Promise<ResourceInfo[]> {
    const members = (await this.all()).filter(({ categories }) => categories.includes(category));
    const first = new Map(members.toReversed().map((each) => [`${each.plural}.${each.group}`, each]));
    return members.filter((each) => first.get(`${each.plural}.${each.group}`) === each);
  }

  async all(): Promise<ResourceInfo[]> {
    return this.#discover();
  }

  async #find(search: Search): Promise<ResourceInfo | undefined> {
    this.#builtIn ??= Promise.resolve((this.#options.builtIn ?? kubernetesResources)());
    const known = search(await this.#builtIn);
    if (known !== undefined) return known;
    const before = this.#discovered;
    const found = search(await this.#discover());
    if (found !== undefined || before === undefined) return found;
    // Another search may have asked again meanwhile; its answer is fresh enough.
    if (this.#discovered === before) this.#discovered = undefined;
    return search(await this.#discover());
  }

  async #discover(): Promise<ResourceInfo[]> {
    const asked = (this.#discovered ??= discoverResources(this.#options.transport));
    try {
      return await asked;
    } catch (error) {
      if (this.#discovered === asked) this.#discovered = undefined;
      throw error;
    }
  }
}

async function kubernetesResources(): Promise<readonly ResourceInfo[]> {
  const { builtInResources } = await import('../model/schema/built-in-resources.ts');
  return builtInResources();
}
