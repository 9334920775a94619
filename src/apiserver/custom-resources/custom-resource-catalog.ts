import { compareBytes } from '../../model/byte-order.ts';
import type { ObjectStorage, StoredKind } from '../../storage/object-storage.ts';
import { isTime } from '../metadata/validate-metadata.ts';
import type {
  DeleteContent,
  DiscoveredResource,
  Lifecycle,
  ResourceCatalog,
  ServedResource,
} from '../served-resource.ts';
import type { Definition, DefinitionVersion } from './definition/definition.ts';
import type { Definitions } from './definition/definitions.ts';

const GROUP = 'apiextensions.k8s.io';
const PLURAL = 'customresourcedefinitions';

interface CustomResourceCatalogOptions {
  readonly storage: ObjectStorage;
  readonly builtIn: ResourceCatalog;
  readonly now: () => Date;
}

/**
 * The built-in resources, and those that the CustomResourceDefinitions of the store define, found the moment that they are
 * there, whoever wrote them. A request of a built-in resource reads no definition; one of a custom resource reads the one
 * key of its own.
 */
export class CustomResourceCatalog implements ResourceCatalog {
  readonly #options: CustomResourceCatalogOptions;
  readonly #served = new WeakMap<DefinitionVersion, Promise<ServedResource>>();
  #definitions: Promise<Definitions | undefined> | undefined;

  constructor(options: CustomResourceCatalogOptions) {
    this.#options = options;
  }

  async find(group: string, version: string, plural: string): Promise<ServedResource | undefined> {
    const builtIn = await this.#options.builtIn.find(group, version, plural);
    if (builtIn !== undefined) {
      return group === GROUP && plural === PLURAL ? { ...builtIn, lifecycle: this.#lifecycleOfDefinitions() } : builtIn;
    }
    const definition = await this.#definition(group, plural);
    const found = definition?.versions.find((each) => each.name === version && each.served);
    return definition === undefined || found === undefined ? undefined : this.#serve(definition, found);
  }

  async preferred(group: string, plural: string): Promise<ServedResource | undefined> {
    const builtIn = await this.#options.builtIn.preferred(group, plural);
    if (builtIn !== undefined) return this.find(group, builtIn.info.version, plural);
    const definition = await this.#definition(group, plural);
    if (definition === undefined) return undefined;
    const [best] = await servedVersions(definition);
    return best === undefined ? undefined : this.#serve(definition, best);
  }

  async storedKind(group: string, plural: string): Promise<StoredKind | undefined> {
    const builtIn = await this.#options.builtIn.storedKind(group, plural);
    return builtIn ?? (await this.preferred(group, plural))?.stored;
  }

  async all(): Promise<readonly DiscoveredResource[]> {
    const builtIn = await this.#options.builtIn.all();
    const definitions = await this.#load();
    const listed = ((await definitions?.list()) ?? []).filter(({ established }) => established);
    if (listed.length === 0) return builtIn;
    const { customResourceInfo } = await import('./serving/served-custom-resource.ts');
    const { compareVersions } = await import('./serving/compare-versions.ts');
    const custom = listed
      .flatMap((definition) =>
        definition.versions
          .filter(({ served }) => served)
          .map((version): DiscoveredResource => customResourceInfo(definition, version)),
      )
      .sort(
        (a, b) =>
          compareBytes(a.group, b.group) || compareVersions(a.version, b.version) || compareBytes(a.plural, b.plural),
      );
    return inGroupOrder(builtIn, custom);
  }

  async #definition(group: string, plural: string): Promise<Definition | undefined> {
    if (group === '') return undefined;
    const definition = await (await this.#load())?.get(`${plural}.${group}`);
    return definition?.accepted === true ? definition : undefined;
  }

  #serve(definition: Definition, version: DefinitionVersion): Promise<ServedResource> {
    let served = this.#served.get(version);
    if (served === undefined) {
      served = this.#build(definition, version);
      this.#served.set(version, served);
    }
    return served;
  }

  async #build(definition: Definition, version: DefinitionVersion): Promise<ServedResource> {
    const [{ serveCustomResource }, { schemaHas }] = await Promise.all([
      import('./serving/served-custom-resource.ts'),
      import('./schema/schema.ts'),
    ]);
    const { schema } = version;
    const ruled = schema !== undefined && schemaHas(schema, ({ validations }) => validations.length > 0);
    const rules = ruled ? (await import('./cel/compile-rules.ts')).compileRules(schema) : undefined;
    const lifecycle: Lifecycle | undefined = definition.terminating
      ? { settle: async (_name, deleteContent) => this.#finish(definition.name, deleteContent) }
      : undefined;
    return serveCustomResource(definition, version, { rules, lifecycle });
  }

  #lifecycleOfDefinitions(): Lifecycle {
    return {
      markDeleting: async (object) => {
        const { markDefinition } = await import('./definition/mark-definition.ts');
        markDefinition(object, this.#options.now());
      },
      settle: async ({ name }, deleteContent) => {
        const definitions = await this.#load();
        const served = await this.#options.builtIn.preferred(GROUP, PLURAL);
        if (definitions === undefined || served === undefined) return;
        const found = await this.#options.storage.get(served.stored, { namespace: '', name });
        if (found === undefined) await definitions.settleRefused(name.slice(name.indexOf('.') + 1));
        else if (isTime(found.object.metadata.deletionTimestamp)) await this.#finish(name, deleteContent);
        else await definitions.settle(name);
      },
    };
  }

  /** Deletes the objects of a definition that is being deleted, and then the definition; objects may keep it. */
  async #finish(name: string, deleteContent: DeleteContent): Promise<void> {
    const definitions = await this.#load();
    const definition = await definitions?.get(name);
    if (definitions === undefined || definition?.terminating !== true) return;
    const { deleteInstances } = await import('./definition/delete-instances.ts');
    const [version] = await servedVersions(definition, true);
    const served = version === undefined ? undefined : await this.#serve(definition, version);
    const done =
      !definition.accepted || served === undefined
        ? true
        : await deleteInstances(this.#options.storage, served, deleteContent);
    if (!done) {
      await definitions.waitForObjects(name);
      return;
    }
    await definitions.release(name);
    await definitions.settleRefused(definition.group);
  }

  #load(): Promise<Definitions | undefined> {
    this.#definitions ??= this.#open();
    return this.#definitions;
  }

  async #open(): Promise<Definitions | undefined> {
    const served = await this.#options.builtIn.preferred(GROUP, PLURAL);
    if (served === undefined) return undefined;
    const { Definitions } = await import('./definition/definitions.ts');
    const { storage, builtIn: catalog, now } = this.#options;
    return new Definitions({ storage, served, now, catalog });
  }
}

/** The versions of a definition that are served (or stored, too), the preferred one first. */
async function servedVersions(definition: Definition, stored = false): Promise<DefinitionVersion[]> {
  const { compareVersions } = await import('./serving/compare-versions.ts');
  return definition.versions
    .filter((version) => version.served || (stored && version.storage))
    .sort((a, b) => compareVersions(a.name, b.name));
}

/** Custom resources in a group that is built in come after its own, all other groups last. */
function inGroupOrder(
  builtIn: readonly DiscoveredResource[],
  custom: readonly DiscoveredResource[],
): DiscoveredResource[] {
  const groups = [...new Set(builtIn.map(({ group }) => group))];
  const known = new Set(groups);
  const guests = custom.filter(({ group }) => known.has(group));
  const others = custom.filter(({ group }) => !known.has(group));
  if (guests.length === 0) return [...builtIn, ...others];
  const merged = groups.flatMap((group) => [
    ...builtIn.filter((each) => each.group === group),
    ...guests.filter((each) => each.group === group),
  ]);
  return [...merged, ...others];
}
