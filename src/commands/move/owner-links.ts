import type { ResourceClient } from '../../client/client.ts';
import type { KubeObject, OwnerReference } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { isNotFound } from '../failures.ts';

/** An object whose owner references name uids that exist, and those of its owners that do not. */
export interface Linked {
  readonly object: KubeObject;
  readonly missing: readonly OwnerReference[];
}

/**
 * Gives owner references the uids of owners that are there, by kind and name: an object that comes from another place, or
 * was made anew, has another uid than before. Each owner is asked for once.
 */
export class OwnerLinks {
  readonly #client: ResourceClient;
  readonly #signal: AbortSignal;
  readonly #uids = new Map<string, Promise<string | undefined>>();

  constructor(client: ResourceClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** The object with references that hold; `missing` are left out of it. Rejects when the server cannot say. */
  async link(object: KubeObject): Promise<Linked> {
    const references = object.metadata.ownerReferences;
    if (references === undefined || references.length === 0) return { object, missing: [] };
    const found = await Promise.all(
      references.map(async (reference) => ({ reference, uid: await this.#uid(reference, object.metadata.namespace) })),
    );
    const ownerReferences = found.flatMap(({ reference, uid }) => (uid === undefined ? [] : [{ ...reference, uid }]));
    const missing = found.filter(({ uid }) => uid === undefined).map(({ reference }) => reference);
    const { ownerReferences: _old, ...metadata } = object.metadata;
    const linked = ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences };
    return { object: { ...object, metadata: linked }, missing };
  }

  async #uid(reference: OwnerReference, namespace: string | undefined): Promise<string | undefined> {
    const { group } = groupVersionOf(reference.apiVersion);
    const key = [group, reference.kind, namespace ?? '', reference.name].join('\n');
    let uid = this.#uids.get(key);
    if (uid === undefined) {
      uid = this.#find(reference, namespace);
      this.#uids.set(key, uid);
    }
    const found = await uid;
    // It may be created yet.
    if (found === undefined) this.#uids.delete(key);
    return found;
  }

  async #find({ apiVersion, kind, name }: OwnerReference, namespace: string | undefined): Promise<string | undefined> {
    const resource = await this.#client.mapper.resourceForKind(apiVersion, kind);
    if (resource === undefined || (resource.namespaced && namespace === undefined)) return undefined;
    const scope = { resource, ...(resource.namespaced && namespace !== undefined ? { namespace } : {}) };
    try {
      const { metadata } = await this.#client.get(scope, name, { signal: this.#signal });
      // One that is being deleted takes its dependents along.
      return metadata.deletionTimestamp === undefined ? metadata.uid : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
