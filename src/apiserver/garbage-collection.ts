import type { KubeObject, OwnerReference } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ApiServer } from './api-server.ts';
import { deleteObject } from './delete-object.ts';
import { FOREGROUND, ORPHAN } from './deletion-finalizers.ts';
import { DependentsIndex } from './dependents-index.ts';
import type { Garbage, OwnerChange } from './garbage.ts';
import { inParallel } from './in-parallel.ts';
import { isTime } from './metadata/validate-metadata.ts';
import { type FoundObject, objectAt, ownedPaths, ownerOf } from './owner-lookup.ts';
import type { WriteOptions } from './request-options.ts';
import { updateObject } from './update-object.ts';

/** How many dependents are looked at at once. */
const AT_ONCE = 16;
/** By whom the garbage collector's changes are made. */
const WRITE_OPTIONS: WriteOptions = {
  dryRun: false,
  fieldValidation: 'Ignore',
  fieldManager: 'kube-controller-manager',
  force: false,
};

type Policy = 'Background' | 'Foreground' | 'Orphan';

/**
 * The garbage collector of a cluster (kube-controller-manager's garbagecollector), at once: when a request is answered, what
 * it made garbage is gone. Objects whose owners were never there stay: nothing tells of them, and whoever writes them knows.
 */
export class GarbageCollection implements Garbage {
  readonly #server: ApiServer;
  readonly #index: DependentsIndex;
  /** The newest revision at which something was changed here. */
  #latest = 0;

  constructor(server: ApiServer) {
    this.#server = server;
    this.#index = new DependentsIndex({ storage: server.storage, paths: () => ownedPaths(server) });
  }

  async removed({ served, object, revision }: OwnerChange): Promise<void> {
    if (served.info.plural === 'events') return;
    this.#latest = Math.max(this.#latest, revision);
    await this.#eachDependent(object, revision, async (key) => this.#collect(key));
    for (const reference of object.metadata.ownerReferences ?? []) {
      if (reference.blockOwnerDeletion === true) await this.#release(reference, object.metadata.namespace ?? '');
    }
  }

  async marked({ object, revision }: OwnerChange): Promise<void> {
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) await this.#orphan(object, revision);
    else if (finalizers.includes(FOREGROUND)) await this.#deleteDependents(object, revision);
  }

  /** Takes the references to an owner from all its dependents, and then the finalizer that waited for it. */
  async #orphan(owner: KubeObject, revision: number): Promise<void> {
    const { uid = '' } = owner.metadata;
    await this.#eachDependent(owner, revision, async (key) => {
      const dependent = await objectAt(this.#server, key);
      if (dependent !== undefined) await this.#removeReferences(dependent, [uid]);
    });
    await this.#removeFinalizer(owner, ORPHAN);
  }

  /** Deletes the dependents of an owner that waits for them, and lets it go when none is left that it waits for. */
  async #deleteDependents(owner: KubeObject, revision: number): Promise<void> {
    await this.#eachDependent(owner, revision, async (key) => this.#collect(key));
    await this.#finishForeground(owner);
  }

  async #finishForeground(owner: KubeObject): Promise<void> {
    const left = await this.#dependents(owner, this.#latest);
    if (!left.some(({ blocks }) => blocks)) await this.#removeFinalizer(owner, FOREGROUND);
  }

  /** Lets the owner of an object go that is no more, if it waited for that. */
  async #release(reference: OwnerReference, namespace: string): Promise<void> {
    const owner = await ownerOf(this.#server, reference, namespace);
    if (typeof owner === 'object' && isDeletingDependents(owner.object)) await this.#finishForeground(owner.object);
  }

  /** What attemptToDeleteItem does: deletes an object when none of its owners is left, or forgets those that are not. */
  async #collect(key: string): Promise<void> {
    for (;;) {
      const found = await objectAt(this.#server, key);
      if (found === undefined || isTime(found.object.metadata.deletionTimestamp)) return;
      try {
        await this.#collectOnce(found);
        return;
      } catch (error) {
        // Somebody changed the object, and perhaps its owners: it is looked at again.
        if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error;
      }
    }
  }

  async #collectOnce(found: FoundObject): Promise<void> {
    const { metadata } = found.object;
    const references = metadata.ownerReferences ?? [];
    const { absent, waiting, solid } = await this.#classify(references, metadata.namespace ?? '');
    if (solid.length > 0) return this.#removeReferences(found, [...absent, ...waiting]);
    if (references.length === 0) return;
    if (waiting.length > 0 && (await this.#hasDependents(found))) return this.#delete(found, 'Foreground');
    const finalizers = metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) return this.#delete(found, 'Orphan');
    return this.#delete(found, finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background');
  }

  /** The uids of owners that are gone, of those that wait for their dependents to go, and of those that stay. */
  async #classify(
    references: readonly OwnerReference[],
    namespace: string,
  ): Promise<{ absent: string[]; waiting: string[]; solid: string[] }> {
    const result = { absent: [] as string[], waiting: [] as string[], solid: [] as string[] };
    for (const reference of references) {
      const owner = await ownerOf(this.#server, reference, namespace);
      if (owner === 'absent') result.absent.push(reference.uid);
      else if (owner === 'unknown' || !isDeletingDependents(owner.object)) result.solid.push(reference.uid);
      else result.waiting.push(reference.uid);
    }
    return result;
  }

  /** Whether an object has dependents. When one of them waits for it in turn, its owners are not to wait for it any more. */
  async #hasDependents(found: FoundObject): Promise<boolean> {
    const dependents = await this.#dependents(found.object, Number(found.object.metadata.resourceVersion));
    for (const { key } of dependents) {
      const dependent = await objectAt(this.#server, key);
      if (dependent === undefined || !isDeletingDependents(dependent.object)) continue;
      await this.#change(found, (object) => {
        for (const reference of object.metadata.ownerReferences ?? []) delete reference.blockOwnerDeletion;
      });
      break;
    }
    return dependents.length > 0;
  }

  async #delete({ served, object }: FoundObject, propagationPolicy: Policy): Promise<void> {
    const { namespace = '', name = '', uid } = object.metadata;
    const target = { server: this.#server, served, name: { namespace, name } };
    const preconditions = uid === undefined ? {} : { uid };
    const options = { dryRun: false, gracePeriodSeconds: undefined, propagationPolicy, preconditions };
    await ifThere(deleteObject(target, options));
  }

  async #removeReferences(found: FoundObject, uids: readonly string[]): Promise<void> {
    if (uids.length === 0) return;
    await this.#change(found, ({ metadata }) => {
      const kept = (metadata.ownerReferences ?? []).filter(({ uid }) => !uids.includes(uid));
      if (kept.length > 0) metadata.ownerReferences = kept;
      else delete metadata.ownerReferences;
    });
  }

  async #removeFinalizer(owner: KubeObject, finalizer: string): Promise<void> {
    const reference = { ...owner, name: owner.metadata.name ?? '', uid: owner.metadata.uid ?? '' };
    const found = await ownerOf(this.#server, reference, owner.metadata.namespace ?? '');
    if (typeof found !== 'object') return;
    await this.#change(found, ({ metadata }) => {
      const kept = (metadata.finalizers ?? []).filter((each) => each !== finalizer);
      if (kept.length > 0) metadata.finalizers = kept;
      else delete metadata.finalizers;
    });
  }

  async #change({ served, object }: FoundObject, change: (object: KubeObject) => void): Promise<void> {
    const { namespace = '', name = '', uid } = object.metadata;
    const write = { server: this.#server, served, namespace, subresource: '', options: WRITE_OPTIONS };
    const update = updateObject(write, {
      name: { namespace, name },
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      mayCreate: false,
      make: (current) => {
        const changed = current ?? object;
        change(changed);
        return changed;
      },
    });
    const result = await ifThere(update);
    this.#latest = Math.max(this.#latest, Number(result?.object.metadata.resourceVersion ?? 0));
  }

  #dependents(owner: KubeObject, revision: number): Promise<{ key: string; blocks: boolean }[]> {
    const { uid = '', namespace = '' } = owner.metadata;
    return this.#index.dependentsOf({ uid, namespace, revision });
  }

  async #eachDependent(owner: KubeObject, revision: number, work: (key: string) => Promise<void>): Promise<void> {
    if (owner.metadata.uid === undefined) return;
    const dependents = await this.#dependents(owner, revision);
    await inParallel(dependents, AT_ONCE, async ({ key }) => work(key));
  }
}

/** Whether an object is being deleted and waits for its dependents to go first. */
function isDeletingDependents({ metadata }: KubeObject): boolean {
  return isTime(metadata.deletionTimestamp) && (metadata.finalizers ?? []).includes(FOREGROUND);
}

/** Waits for a change of an object that somebody else may have deleted. */
async function ifThere<T>(change: Promise<T>): Promise<T | undefined> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    return undefined;
  }
}
