import { ConnectionError } from '../model/connection-error.ts';
import { mostAtOnce, Pace } from './concurrency.ts';
import type { Context } from './context.ts';
import { type HeldContext, holdOutput } from './held-context.ts';
import { graceAfter, Interrupted } from './interrupted.ts';
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
 * succeeded is settled too, so that nothing is done without being told, and then the error is thrown; that of a lost
 * connection names the objects of which nobody knows. After an interrupt nothing more is started, what was under way is
 * given a while to be answered, and Interrupted is thrown unless everything was done.
 */
export async function inOrder<T, R>(all: WorkInOrder<T, R>): Promise<void> {
  const { context } = all;
  const grace = graceAfter(context.signal);
  const pace = new Pace(all.concurrency, await mostAtOnce(context));
  const queue = new Queue({ ...all, context: { ...context, signal: grace.signal } }, pace);
  try {
    const left = await startAll(all, queue);
    await queue.drain();
    if (left) throw new Interrupted(context.signal.reason, queue.settled);
  } catch (error) {
    await queue.drainSuccesses();
    throw queue.withUnanswered(error);
  } finally {
    grace.close();
  }
}

/** Resolves with whether an interrupt left items that were not begun. */
async function startAll<T, R>(all: WorkInOrder<T, R>, queue: Queue<T, R>): Promise<boolean> {
  const { signal } = all.context;
  try {
    for await (const item of all.items) {
      const lane = all.laneOf(item);
      if (!signal.aborted) await queue.makeWay(lane);
      if (signal.aborted) return true;
      queue.start(item, lane);
      if (lane?.decides === true) await queue.drain();
    }
    return false;
  } catch (error) {
    // What gives the items may be interrupted itself, in the middle of a list.
    if (signal.aborted && error === signal.reason && !queue.failed) return true;
    // Where reading the items fails, those before are settled as ever.
    if (!queue.failed) await queue.drain();
    throw error;
  }
}

/** How many objects an error names. */
const MOST_SHOWN = 20;

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
  /** How many items were settled. */
  settled = 0;
  /** Objects whose requests were sent and not answered. */
  readonly #unanswered: string[] = [];

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
    for (const { item, lane, ended, held } of this.#running.splice(0)) {
      const { outcome } = await ended;
      if ('error' in outcome) {
        this.#noteUnanswered(outcome.error, lane);
        continue;
      }
      held.release();
      this.#all.settle(item, outcome);
    }
  }

  /** The error that ended the work; where several objects were worked on, with those of which nobody knows. */
  withUnanswered(error: unknown): unknown {
    const count = this.#unanswered.length;
    if (!(error instanceof ConnectionError) || count === 0 || this.settled + count < 2) return error;
    const shown = this.#unanswered.slice(0, MOST_SHOWN).join(', ');
    const more = count > MOST_SHOWN ? ` and ${count - MOST_SHOWN} more` : '';
    const message = `${error.message}; no answer came for ${shown}${more}: what was asked may or may not have been done`;
    const failure = error.failure === 'refused' ? 'cut' : error.failure;
    return new ConnectionError(failure, error.address, message, { sent: true, cause: error });
  }

  #noteUnanswered(error: unknown, lane: Lane | undefined): void {
    if (!(error instanceof ConnectionError) || !error.sent || lane === undefined) return;
    this.#unanswered.push(lane.object.replace(/^\//, ''));
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
      this.settled++;
    } catch (error) {
      this.failed = true;
      this.#noteUnanswered(error, lane);
      throw error;
    }
  }

  #leave({ object }: Lane): void {
    const left = (this.#objects.get(object) ?? 0) - 1;
    if (left > 0) this.#objects.set(object, left);
    else this.#objects.delete(object);
  }
}
