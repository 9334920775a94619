import type { KubeObject } from '../../../model/kube-object.ts';
import { StatusError } from '../../../model/status.ts';
import type { ObjectStorage } from '../../../storage/object-storage.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { partOf } from '../../kinds/fields.ts';
import { trackFields } from '../../managed-fields/track-fields.ts';
import type { ResourceCatalog, ServedResource } from '../../served-resource.ts';
import { acceptNames, takenNames } from './accept-names.ts';
import { isConditionTrue, setCondition } from './conditions.ts';
import { type Definition, readDefinition } from './definition.ts';
import { namesIn, namesJson } from './definition-names.ts';

/** The finalizer that keeps a definition until its objects are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';
/** Who writes the status of a definition. */
const MANAGER = 'kube-apiserver';

interface DefinitionsOptions {
  readonly storage: ObjectStorage;
  /** CustomResourceDefinitions themselves, in v1. */
  readonly served: ServedResource;
  readonly now: () => Date;
  readonly catalog: ResourceCatalog;
}

/** The CustomResourceDefinitions of a store, and what the controllers of a cluster do about them. */
export class Definitions {
  readonly #options: DefinitionsOptions;
  readonly #read = new Map<string, { revision: number; definition: Definition }>();

  constructor(options: DefinitionsOptions) {
    this.#options = options;
  }

  /** The definition as it is now: one read of one key. What nobody has settled yet is settled first. */
  async get(name: string): Promise<Definition | undefined> {
    const { storage, served } = this.#options;
    const found = await storage.get(served.stored, { namespace: '', name });
    if (found === undefined) {
      this.#read.delete(name);
      return undefined;
    }
    const known = this.#read.get(name);
    if (known?.revision === found.revision) return known.definition;
    const definition = readDefinition(served.fromStored(found.object));
    if (!definition.settled && !definition.terminating) return this.#settleForRead(name, definition);
    this.#read.set(name, { revision: found.revision, definition });
    return definition;
  }

  /** All definitions, by name. */
  async list(): Promise<Definition[]> {
    return (await this.#objects()).map(readDefinition);
  }

  /**
   * Accepts the names of a definition and establishes it, as the naming and establishing controllers of a cluster do; writes
   * nothing when there is nothing to say. A name that another definition of the group has stays with that.
   */
  async settle(name: string): Promise<void> {
    const { storage, served } = this.#options;
    const others = (await this.#objects()).filter((each) => each.metadata.name !== name);
    try {
      await storage.update(
        served.stored,
        { namespace: '', name },
        {
          update: async (current) => {
            if (current === undefined) return { type: 'delete', object: gone(name) };
            return { type: 'write', object: served.toStored(await this.#settled(served.fromStored(current), others)) };
          },
        },
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  }

  /** Looks again at definitions of a group whose names were refused, as a name has become free. */
  async settleRefused(group: string): Promise<void> {
    for (const object of await this.#objects()) {
      const definition = readDefinition(object);
      if (definition.group !== group || definition.terminating) continue;
      if (!isConditionTrue(object, 'NamesAccepted')) await this.settle(definition.name);
    }
  }

  /** Says that the objects of a definition that is being deleted are being deleted. */
  async waitForObjects(name: string): Promise<void> {
    await this.#change(name, (object) => {
      this.#terminating(object, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
      return 'write';
    });
  }

  /** Lets a definition go whose objects are gone; another's finalizer may still keep it. */
  async release(name: string): Promise<void> {
    await this.#change(name, (object) => {
      const left = (object.metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
      if (left.length === 0) return 'delete';
      object.metadata.finalizers = left;
      this.#terminating(object, 'False', 'InstanceDeletionCompleted', 'removed all instances');
      return 'write';
    });
  }

  #terminating(object: KubeObject, status: 'True' | 'False', reason: string, message: string): void {
    setCondition(object, { type: 'Terminating', status, reason, message }, this.#options.now());
  }

  /** Changes a definition that is being deleted; does nothing to any other. */
  async #change(name: string, change: (object: KubeObject) => 'write' | 'delete'): Promise<void> {
    const { storage, served } = this.#options;
    await storage.update(
      served.stored,
      { namespace: '', name },
      {
        update: async (current) => {
          if (current === undefined) return { type: 'delete', object: gone(name) };
          const old = served.fromStored(current);
          const object = served.fromStored(structuredClone(current));
          if (typeof old.metadata.deletionTimestamp !== 'string') return { type: 'write', object: current };
          const type = change(object);
          if (type === 'write') await this.#track(object, old);
          return { type, object: served.toStored(object) };
        },
      },
    );
  }

  async #settled(old: KubeObject, others: readonly KubeObject[]): Promise<KubeObject> {
    const { now } = this.#options;
    const object = structuredClone(old);
    const { group } = readDefinition(old);
    const rivals = others.filter((each) => readDefinition(each).group === group);
    const accepted = rivals.map((each) => namesIn(partOf(each, 'status', 'acceptedNames')));
    const requested = namesIn(partOf(old, 'spec', 'names'));
    const before = namesIn(partOf(old, 'status', 'acceptedNames'));
    const { names, condition } = acceptNames(requested, before, takenNames(accepted));
    object['status'] = { ...partOf(old, 'status'), acceptedNames: namesJson(names) };
    setCondition(object, condition, now());
    if (!isConditionTrue(old, 'Established')) {
      const good = condition.status === 'True';
      const message = good ? 'the initial names have been accepted' : 'not all names are accepted';
      const reason = good ? 'InitialNamesAccepted' : 'NotAccepted';
      setCondition(object, { type: 'Established', status: good ? 'True' : 'False', reason, message }, now());
    }
    await this.#track(object, old);
    return object;
  }

  async #track(object: KubeObject, old: KubeObject): Promise<void> {
    const { served, now, catalog } = this.#options;
    await trackFields({ server: { now, catalog }, served, object, old, manager: MANAGER, subresource: 'status' });
  }

  async #objects(): Promise<KubeObject[]> {
    const { storage, served } = this.#options;
    const { objects } = await storage.list(served.stored, '');
    return objects.map((object) => served.fromStored(object));
  }

  /** A store that may not be written to is shown as it is. */
  async #settleForRead(name: string, unsettled: Definition): Promise<Definition | undefined> {
    try {
      await this.settle(name);
    } catch (error) {
      const cause = error instanceof StatusError ? error.cause : error;
      if (!(cause instanceof StorageError)) throw error;
      return unsettled;
    }
    const { storage, served } = this.#options;
    const found = await storage.get(served.stored, { namespace: '', name });
    return found === undefined ? undefined : readDefinition(served.fromStored(found.object));
  }
}

function gone(name: string): KubeObject {
  return { apiVersion: 'apiextensions.k8s.io/v1beta1', kind: 'CustomResourceDefinition', metadata: { name } };
}
