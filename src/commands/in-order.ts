import { mostAtOnce, Pace } from './concurrency.ts';
import type { Context } from './context.ts';
import { type HeldContext, holdOutput } from './held-context.ts';
import type { Lane } from './lane.ts';

/** What became of one item's work. */
export type Outcome<R> = { readonly result: R } | { readonly error: unknown };

export interface WorkInOrder<T, R> {
  readonly items: AsyncIterable<T> | Iterable<T>;
  /** The most at once; 0 finds out. */
  readonly concurrency: number;
  readonly context: Context;
  /** undefined for an item that waits for nothing and that nothing waits for. */
  laneOf(item: T): Lane | undefined;
  /** What it writes to the context that it is given appears just before the item is settled. */
  work(item: T, context: Context): Promise<R>;
  /** Called for every item in order. What it throws ends the whole. */
  settle(item: T, outcome: Outcome<R>): void;
}

/**
 * Works on many items at once and settles them one by one, in their order: to whoever reads the output it is as if one had
 * been done after the other. When `settle` throws, nothing more is started; what was under way is awaited, what of it
 * succeeded is settled too, so that nothing is done without being told, and then the error is thrown.
 */
export async function inOrder<T, R>(all: WorkInOrder<T, R>): Promise<void> {
  const queue = new Queue(all, new Pace(all.concurrency, await mostAtOnce(all.context)));
  try {
    await startAll(all, queue);
    await queue.drain();
  } catch (error) {
    await queue.drainSuccesses();
    throw error;
  }
}

async function startAll<T, R>(all: WorkInOrder<T, R>, queue: Queue<T, R>): Promise<void> {
  try {
    for await (const item of all.items) {
      const lane = all.laneOf(item);
      await queue.makeWay(lane);
      queue.start(item, lane);
      if (lane?.decides === true) await queue.drain();
    }
  } catch (error) {
    // Where reading the items fails, those before are settled as ever.
    if (!queue.failed) await queue.drain();
    throw error;
  }
}

interface Running<T, R> {
  readonly item: T;
  readonly lane: Lane | undefined;
  readonly ended: Promise<{ readonly outcome: Outcome<R>; readonly took: number }>;
  readonly held: HeldContext;
}

class Queue<T, R> {
  readonly #all: WorkInOrder<T, R>;
  readonly #pace: Pace;
  /** Oldest first. Those with a lane are all of one group. */
  readonly #running: Running<T, R>[] = [];
  readonly #objects = new Map<string, number>();
  /** Whether settling threw. */
  failed = false;

  constructor(all: WorkInOrder<T, R>, pace: Pace) {
    this.#all = all;
    this.#pace = pace;
  }

  /** Settles the oldest items until one more in this lane may be started. */
  async makeWay(lane: Lane | undefined): Promise<void> {
    while (this.#running.length >= this.#pace.limit || this.#isInTheWay(lane)) await this.#settleOldest();
  }

  start(item: T, lane: Lane | undefined): void {
    const held = holdOutput(this.#all.context);
    const began = performance.now();
    const timed = <O>(outcome: O): { outcome: O; took: number } => ({ outcome, took: performance.now() - began });
    const ended = this.#all.work(item, held.context).then(
      (result) => timed({ result }),
      (error: unknown) => timed({ error }),
    );
    this.#running.push({ item, lane, ended, held });
    if (lane !== undefined) this.#objects.set(lane.object, (this.#objects.get(lane.object) ?? 0) + 1);
  }

  async drain(): Promise<void> {
    while (this.#running.length > 0) await this.#settleOldest();
  }

  /** Awaits what is under way and settles what succeeded. */
  async drainSuccesses(): Promise<void> {
    for (const { item, ended, held } of this.#running.splice(0)) {
      const { outcome } = await ended;
      if ('error' in outcome) continue;
      held.release();
      this.#all.settle(item, outcome);
    }
  }

  #isInTheWay(lane: Lane | undefined): boolean {
    if (lane === undefined) return false;
    if (this.#objects.has(lane.object)) return true;
    const newest = this.#running.findLast((each) => each.lane !== undefined);
    return newest?.lane !== undefined && newest.lane.group !== lane.group;
  }

  async #settleOldest(): Promise<void> {
    const oldest = this.#running.shift();
    if (oldest === undefined) return;
    const { item, lane, ended, held } = oldest;
    const { outcome, took } = await ended;
    if (lane !== undefined) this.#leave(lane);
    this.#pace.finished(took);
    try {
      held.release();
      this.#all.settle(item, outcome);
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  #leave({ object }: Lane): void {
    const left = (this.#objects.get(object) ?? 0) - 1;
    if (left > 0) this.#objects.set(object, left);
    else this.#objects.delete(object);
  }
}
