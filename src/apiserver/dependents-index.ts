import { StatusError } from '../model/status.ts';
import type { ObjectStorage, OwnedKey, StoragePath } from '../storage/object-storage.ts';

/** An object that names an owner. */
export interface Dependent {
  /** The key below the store's prefix: `pods/default/web-0`. */
  readonly key: string;
  /** Whether the owner's foreground deletion waits for it. */
  readonly blocks: boolean;
}

/** Where the dependents of an owner can be: in its namespace, or ('') anywhere. */
export interface DependentsQuery {
  readonly uid: string;
  readonly namespace: string;
  /** What was written up to this revision must have been seen. */
  readonly revision: number;
}

interface DependentsIndexOptions {
  readonly storage: ObjectStorage;
  /** The kinds of objects that may have owners, with the keys of their collections. */
  readonly paths: () => Promise<readonly StoragePath[]>;
  /** After how many milliseconds without a question everything is forgotten. */
  readonly idleMilliseconds?: number;
}

const IDLE_MILLISECONDS = 10_000;

/**
 * Which objects name which owners. There is nothing in a store that tells, so that the first question reads the values of
 * the owner's namespace (of everything, for an owner without one), though not more of them than their owners. Further
 * questions read the changes since, whoever made them, so that many deletions together cost one pass and not one each. What
 * is remembered is as large as the number of owned objects, and forgotten when nobody asks for a while.
 */
export class DependentsIndex {
  readonly #options: DependentsIndexOptions;
  readonly #dependents = new Map<string, Map<string, boolean>>();
  readonly #owned = new Map<string, readonly string[]>();
  readonly #scanned = new Set<string>();
  #revision = 0;
  #changes: AsyncGenerator<{ changes: OwnedKey[]; revision: number }, void, undefined> | undefined;
  #watching = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(options: DependentsIndexOptions) {
    this.#options = options;
  }

  /** The objects that name an owner; those that name one of another namespace are none of its own. */
  async dependentsOf({ uid, namespace, revision }: DependentsQuery): Promise<Dependent[]> {
    // One question after another: each finds what the one before has read.
    const answer = this.#turn.then(async () => {
      await this.#catchUp(namespace, revision);
      return [...(this.#dependents.get(uid) ?? [])].map(([key, blocks]) => ({ key, blocks }));
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #catchUp(namespace: string, revision: number): Promise<void> {
    clearTimeout(this.#idle);
    try {
      await this.#follow(revision);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'Expired') throw error;
      this.#forget();
    }
    if (!this.#scanned.has('') && !this.#scanned.has(namespace)) await this.#scan(namespace);
    this.#idle = setTimeout(() => this.#forget(), this.#options.idleMilliseconds ?? IDLE_MILLISECONDS);
    this.#idle.unref();
  }

  /** Reads what a namespace has, as of the revision that the rest is known at. */
  async #scan(namespace: string): Promise<void> {
    const paths = await this.#options.paths();
    const { owned, revision } = await this.#options.storage.scanOwners({
      paths: namespace === '' ? paths : paths.filter(({ namespaced }) => namespaced),
      namespace,
      revision: this.#revision === 0 ? undefined : this.#revision,
    });
    this.#revision = revision;
    this.#scanned.add(namespace);
    for (const each of owned) this.#note(each);
  }

  /** Takes in the changes up to a revision. */
  async #follow(revision: number): Promise<void> {
    if (this.#scanned.size === 0) return;
    while (this.#revision < revision) {
      this.#changes ??= this.#options.storage.watchOwners(this.#revision, this.#watching.signal);
      const next = await this.#changes.next();
      if (next.done === true) {
        this.#forget();
        return;
      }
      for (const each of next.value.changes) this.#note(each);
      this.#revision = next.value.revision;
    }
  }

  #note({ key, owners }: OwnedKey): void {
    for (const uid of this.#owned.get(key) ?? []) {
      const dependents = this.#dependents.get(uid);
      dependents?.delete(key);
      if (dependents?.size === 0) this.#dependents.delete(uid);
    }
    this.#owned.delete(key);
    if (owners.length === 0) return;
    this.#owned.set(
      key,
      owners.map(({ uid }) => uid),
    );
    for (const { uid, blocks } of owners) {
      const dependents = this.#dependents.get(uid) ?? new Map<string, boolean>();
      dependents.set(key, blocks);
      this.#dependents.set(uid, dependents);
    }
  }

  #forget(): void {
    clearTimeout(this.#idle);
    this.#watching.abort(new Error('the index of dependents is not needed'));
    this.#watching = new AbortController();
    void this.#changes?.return().catch(() => undefined);
    this.#changes = undefined;
    this.#dependents.clear();
    this.#owned.clear();
    this.#scanned.clear();
    this.#revision = 0;
  }
}
