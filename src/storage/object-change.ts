import type { KubeObject } from '../model/kube-object.ts';
import type { KeyValue, StorageEvent } from './storage.ts';

/** A change of a collection, or word that there was none up to a revision. */
export type ObjectEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject; readonly revision: number }
  | {
      readonly type: 'BOOKMARK';
      readonly revision: number;
      /** All objects of the initial list were sent. */ readonly initialEventsEnd: boolean;
    };

type Change = Exclude<ObjectEvent, { type: 'BOOKMARK' }>;

/** Objects that do not match are unseen; one that starts or stops to match is added or deleted. */
export type ObjectFilter = (object: KubeObject) => boolean;

/**
 * One change of one key as watchers see it, each through its filter. Its objects are decoded when the first of them looks,
 * and watchers that see the same are given the same event.
 */
export class ObjectChange {
  readonly revision: number;
  readonly #event: StorageEvent;
  readonly #decode: (kv: KeyValue) => KubeObject;
  readonly #seen = new Map<Change['type'], Change>();
  #object: KubeObject | undefined;
  #before: KubeObject | undefined;

  constructor(event: StorageEvent, decode: (kv: KeyValue) => KubeObject) {
    this.revision = event.kv.modRevision;
    this.#event = event;
    this.#decode = decode;
  }

  /** What a watcher with a filter is told; undefined when it sees nothing. Throws StatusError (StoreReadError). */
  seenThrough(filter: ObjectFilter | undefined): Change | undefined {
    const { type, prevKv } = this.#event;
    if (type === 'delete') {
      const object = this.#previous(prevKv);
      return object !== undefined && (filter?.(object) ?? true) ? this.#told('DELETED', object) : undefined;
    }
    this.#object ??= this.#at(this.#event.kv);
    const object = this.#object;
    if (filter === undefined) return this.#told(prevKv === undefined ? 'ADDED' : 'MODIFIED', object);
    const before = this.#previous(prevKv);
    const matched = before !== undefined && filter(before);
    if (filter(object)) return this.#told(matched ? 'MODIFIED' : 'ADDED', object);
    return matched ? this.#told('DELETED', before) : undefined;
  }

  #previous(kv: KeyValue | undefined): KubeObject | undefined {
    if (kv !== undefined) this.#before ??= this.#at(kv);
    return this.#before;
  }

  /** The previous object of a deletion or of a change out of the filter is shown with the revision of the change. */
  #at(kv: KeyValue): KubeObject {
    return this.#decode({ ...kv, modRevision: this.revision });
  }

  #told(type: Change['type'], object: KubeObject): Change {
    let told = this.#seen.get(type);
    if (told === undefined) {
      told = { type, object, revision: this.revision };
      this.#seen.set(type, told);
    }
    return told;
  }
}
