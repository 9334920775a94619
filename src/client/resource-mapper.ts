import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { UserError } from '../model/user-error.ts';
import type { ResourceMapper } from './client.ts';
import { discoverResources } from './discovery.ts';
import type { DiscoveryCache } from './discovery-cache.ts';
import { matchResource } from './match-resource.ts';
import type { Transport } from './transport.ts';

/** What a mapper asks: the tables that kube-lite carries, and the server. */
export interface ResourceMapperOptions {
  readonly transport: Transport;
  /** The built-in resources, in a server's order of preference, instead of Kubernetes' own. */
  readonly builtIn?: () => readonly ResourceInfo[] | Promise<readonly ResourceInfo[]>;
  /** What processes before this one learned of the server; absent: nothing is remembered. */
  readonly cache?: DiscoveryCache;
}

/** A mapper whose answers may come from a process before this one. */
export interface RememberingMapper extends ResourceMapper {
  /** A request has shown that the server serves this resource. */
  confirm(resource: ResourceInfo): void;
  /**
   * What the same question answers now, when a resource was only remembered and the server does not know its path;
   * undefined when it was not remembered. Throws UserError when there is no such resource any more.
   */
  lookAgain(resource: ResourceInfo): Promise<ResourceInfo | undefined>;
}

/**
 * A mapper that answers built-in resources from tables and all others from discovery. What discovery said is kept, and
 * asked again once before a resource is called missing: it may have been defined a moment ago. What a cache remembers is
 * believed only for a resource that is found in it; a category, and all that there is, are always asked for.
 */
export function createResourceMapper(options: ResourceMapperOptions): RememberingMapper {
  return new DiscoveringMapper(options);
}

interface Question {
  readonly search: (resources: readonly ResourceInfo[]) => ResourceInfo | undefined;
  /** What a person is told when nothing answers it. */
  readonly unanswered: string;
}

class DiscoveringMapper implements RememberingMapper {
  readonly #options: ResourceMapperOptions;
  /** What was found in the cache, and that no request has confirmed yet. */
  readonly #unconfirmed = new Map<ResourceInfo, Question>();
  #remembered: Promise<readonly ResourceInfo[] | undefined> | undefined;
  #builtIn: Promise<readonly ResourceInfo[]> | undefined;
  #discovered: Promise<ResourceInfo[]> | undefined;

  constructor(options: ResourceMapperOptions) {
    this.#options = options;
  }

  async resourceFor(argument: string): Promise<ResourceInfo | undefined> {
    return this.#find({
      search: (resources) => matchResource(resources, argument),
      unanswered: `the server doesn't have a resource type ${JSON.stringify(argument.split('.')[0])}`,
    });
  }

  async resourceForKind(apiVersion: string, kind: string): Promise<ResourceInfo | undefined> {
    return this.#find({
      search: (resources) => resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion),
      unanswered: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
    });
  }

  async resourcesInCategory(category: string): Promise<ResourceInfo[]> {
    const members = (await this.all()).filter(({ categories }) => categories.includes(category));
    const first = new Map(members.toReversed().map((each) => [`${each.plural}.${each.group}`, each]));
    return members.filter((each) => first.get(`${each.plural}.${each.group}`) === each);
  }

  async all({ cached = false }: { cached?: boolean } = {}): Promise<ResourceInfo[]> {
    const remembered = cached ? await this.#rememberedResources() : undefined;
    return remembered === undefined ? this.#discover() : [...remembered];
  }

  confirm(resource: ResourceInfo): void {
    this.#unconfirmed.delete(resource);
  }

  async lookAgain(resource: ResourceInfo): Promise<ResourceInfo | undefined> {
    const question = this.#unconfirmed.get(resource);
    if (question === undefined) return undefined;
    const found = question.search(await this.#discover());
    if (found === undefined) throw new UserError(question.unanswered);
    return found;
  }

  async #find(question: Question): Promise<ResourceInfo | undefined> {
    const { search } = question;
    this.#builtIn ??= Promise.resolve((this.#options.builtIn ?? kubernetesResources)());
    const known = search(await this.#builtIn);
    if (known !== undefined) return known;
    const remembered = search((await this.#rememberedResources()) ?? []);
    if (remembered !== undefined) {
      this.#unconfirmed.set(remembered, question);
      return remembered;
    }
    const before = this.#discovered;
    const found = search(await this.#discover());
    if (found !== undefined || before === undefined) return found;
    // Another search may have asked again meanwhile; its answer is fresh enough.
    if (this.#discovered === before) this.#discovered = undefined;
    return search(await this.#discover());
  }

  /** What the cache says, as long as the server itself was not asked. */
  async #rememberedResources(): Promise<readonly ResourceInfo[] | undefined> {
    if (this.#discovered !== undefined) return undefined;
    this.#remembered ??= this.#options.cache?.read();
    return this.#remembered;
  }

  async #ask(): Promise<ResourceInfo[]> {
    const { transport, cache } = this.#options;
    const { resources, isComplete } = await discoverResources(transport);
    if (isComplete) await cache?.write(resources);
    return resources;
  }

  async #discover(): Promise<ResourceInfo[]> {
    const asked = (this.#discovered ??= this.#ask());
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
