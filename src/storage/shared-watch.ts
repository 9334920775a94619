import { prefixRange } from './key-range.ts';
import type { StoredCollection } from './list-objects.ts';
import { ObjectChange } from './object-change.ts';
import { RecentChanges, type RecentLimits } from './recent-changes.ts';
import type { StorageEvent, WatchBatch } from './storage.ts';
import { StorageError } from './storage-error.ts';
import { type SubscriberOptions, WatchSubscriber } from './watch-subscriber.ts';

const LIMITS: RecentLimits = { changes: 1000, bytes: 4 * 1024 * 1024 };
/** How long the store's watch goes on without watchers, so that they can come back to where they were. */
const LINGER_MILLISECONDS = 30_000;
/** kube-apiserver sends a bookmark about once a minute, also where there is always something to tell. */
const BOOKMARK_MILLISECONDS = 60_000;

/**
 * One watch of the store for all who follow a whole collection, a namespace of it or one object: a change is read and
 * decoded once, and handed to those whom it concerns. It runs while it has watchers and a little longer.
 */
export class SharedWatch {
  readonly #collection: StoredCollection;
  readonly #limits: RecentLimits;
  readonly #subscribers = new Map<string, Set<WatchSubscriber>>();
  #count = 0;
  #run: { readonly stop: AbortController; readonly recent: RecentChanges } | undefined;
  #linger: NodeJS.Timeout | undefined;
  #bookmarked = 0;

  /** `collection` is that of all namespaces. */
  constructor(collection: StoredCollection, limits: RecentLimits = LIMITS) {
    this.#collection = collection;
    this.#limits = limits;
  }

  /** The revision up to which all changes are known here; 0 while nobody follows. */
  get revision(): number {
    return this.#run?.recent.revision ?? 0;
  }

  /** Whether someone who has seen everything up to a revision can be told of all that comes after it. */
  reaches(revision: number): boolean {
    return this.#run === undefined || revision >= this.#run.recent.since;
  }

  /** Which part of it a collection within it is, or an object there; see SubscriberOptions.part. */
  partOf(prefix: Buffer, name = ''): string {
    return prefix.toString('utf8', this.#collection.prefix.length) + name;
  }

  /** Begins to follow the store after a revision, unless that is done already. */
  begin(after: number): void {
    this.#run ??= this.#begin(after);
  }

  /** Begins to hand over what comes after a revision; undefined when that is further back than what is kept. */
  join(options: SubscriberOptions): WatchSubscriber | undefined {
    if (!this.reaches(options.after)) return undefined;
    const { recent } = (this.#run ??= this.#begin(options.after));
    clearTimeout(this.#linger);
    const subscriber = new WatchSubscriber(options);
    for (const event of recent.after(options.after)) {
      if (this.#concerns(event, options.part)) subscriber.offer(this.#change(event), event.kv.modRevision - 1);
    }
    const others = this.#subscribers.get(options.part);
    if (others === undefined) this.#subscribers.set(options.part, new Set([subscriber]));
    else others.add(subscriber);
    this.#count++;
    return subscriber;
  }

  leave(subscriber: WatchSubscriber): void {
    const others = this.#subscribers.get(subscriber.part);
    if (others?.delete(subscriber) !== true) return;
    if (others.size === 0) this.#subscribers.delete(subscriber.part);
    this.#count--;
    if (this.#count > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#stop(), LINGER_MILLISECONDS);
    this.#linger.unref();
  }

  #stop(): void {
    this.#run?.stop.abort();
    this.#run = undefined;
  }

  #begin(after: number): { stop: AbortController; recent: RecentChanges } {
    const run = { stop: new AbortController(), recent: new RecentChanges(after, this.#limits) };
    void this.#follow(run.stop.signal, after + 1, run.recent).then(
      (error) => this.#ended(run, error),
      (error: unknown) => this.#ended(run, error),
    );
    return run;
  }

  /** Follows the store until the signal aborts or the store closes. */
  async #follow(signal: AbortSignal, startRevision: number, recent: RecentChanges): Promise<undefined> {
    const range = prefixRange(this.#collection.prefix);
    const batches = this.#collection.storage.watch({ ...range, startRevision, prevKv: true, progress: true, signal });
    let first = true;
    for await (const batch of batches) {
      if (signal.aborted) return undefined;
      // The first says when the watch was made, and not that everything before it was told.
      if (!first || batch.events.length > 0) this.#take(recent, batch);
      first = false;
    }
    return undefined;
  }

  #take(recent: RecentChanges, batch: WatchBatch): void {
    const complete = recent.revision;
    recent.add(batch);
    for (const event of batch.events) {
      const change = this.#change(event);
      for (const part of this.#partsOf(event)) {
        for (const subscriber of this.#subscribers.get(part) ?? []) subscriber.offer(change, complete);
      }
    }
    const now = performance.now();
    if (batch.events.length > 0 && now < this.#bookmarked + BOOKMARK_MILLISECONDS) return;
    this.#bookmarked = now;
    for (const subscribers of this.#subscribers.values()) {
      for (const subscriber of subscribers) subscriber.bookmark(batch.revision);
    }
  }

  /** The store's watch is over: those who wait hear of it, and the next watcher begins another. */
  #ended(run: { readonly recent: RecentChanges }, error: unknown): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    const compacted = error instanceof StorageError && error.code === 'Compacted';
    for (const subscribers of this.#subscribers.values()) {
      for (const subscriber of subscribers) {
        // Each finds out by itself whether what it wants is compacted.
        if (compacted) subscriber.leaveAt(run.recent.revision);
        else if (error === undefined) subscriber.finish();
        else subscriber.fail(error);
      }
    }
  }

  #change(event: StorageEvent): ObjectChange {
    return new ObjectChange(event, this.#collection.decode);
  }

  #concerns(event: StorageEvent, part: string): boolean {
    return this.#partsOf(event).includes(part);
  }

  /** Whom a change concerns: who follows everything, its namespace, or its key. */
  #partsOf({ kv }: StorageEvent): string[] {
    const own = kv.key.toString('utf8', this.#collection.prefix.length);
    const slash = own.indexOf('/');
    return slash < 0 ? ['', own] : ['', own.slice(0, slash + 1), own];
  }
}
