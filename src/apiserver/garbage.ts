import type { KubeObject } from '../model/kube-object.ts';
import type { ServedResource } from './served-resource.ts';

/** An object of a resource, as the garbage collector is told of it. */
export interface OwnerChange {
  readonly served: ServedResource;
  /** In the version of `served`. */
  readonly object: KubeObject;
  /** The store's revision of the change. */
  readonly revision: number;
}

/**
 * What a cluster's garbage collector does about owner references; here it is done before a request is answered. See
 * garbage-collection.ts.
 */
export interface Garbage {
  /** To be called when an object is gone: deletes what only it owned, and lets go whoever waited for it. */
  removed(change: OwnerChange): Promise<void>;
  /** To be called when an object was marked as being deleted: does what its finalizers `orphan` and `foregroundDeletion` ask for. */
  marked(change: OwnerChange): Promise<void>;
}

/** The garbage collector, loaded when something is deleted. */
export function lazyGarbage(load: () => Promise<Garbage>): Garbage {
  let loaded: Promise<Garbage> | undefined;
  const garbage = (): Promise<Garbage> => (loaded ??= load());
  return {
    removed: async (change) => (await garbage()).removed(change),
    marked: async (change) => (await garbage()).marked(change),
  };
}
