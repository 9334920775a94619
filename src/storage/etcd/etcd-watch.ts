import { setTimeout as sleep } from 'node:timers/promises';
import type { IEvent, IWatchCreateRequest, IWatchResponse } from 'etcd3';
import type { StorageError } from '../storage-error.ts';
import type { StorageEvent, WatchBatch, WatchRequest } from '../storage.ts';
import { CallFailure } from './call-failure.ts';
import type { EtcdClient } from './etcd-client.ts';
import { fromKeyValue, toKeyRange } from './etcd-messages.ts';
import { GrpcCode, RpcError, type RpcStream } from './etcd-transport.ts';
import { mayPass, toStorageError, watchCancelled } from './rpc-failures.ts';

export interface EtcdWatchOptions {
  readonly client: EtcdClient;
  /** Ends the watch, without an error. */
  readonly signal: AbortSignal;
  readonly resumeTimeoutMs: number;
}

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

type WatchStream = RpcStream<{ create_request?: IWatchCreateRequest }, IWatchResponse>;

/**
 * Follows keys over as many streams as it takes: after a cut it goes on at the revision after the last one that was
 * delivered whole, on any member. Throws StorageError.
 */
export async function* watchEtcd(
  request: WatchRequest,
  options: EtcdWatchOptions,
): AsyncGenerator<WatchBatch, void, undefined> {
  const { client, signal } = options;
  const position = new WatchPosition(request);
  let pause = FIRST_PAUSE_MS;
  let giveUp = client.newDeadline();
  let loggedInAgain = false;
  while (!signal.aborted) {
    try {
      for await (const batch of followOnce(position, giveUp, options)) {
        giveUp = 0;
        pause = FIRST_PAUSE_MS;
        loggedInAgain = false;
        if (batch.events.length > 0 || batch.first || (request.progress === true && batch.news)) {
          yield { revision: batch.revision, events: batch.events };
        }
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (giveUp === 0) giveUp = Date.now() + options.resumeTimeoutMs;
      // A token that has expired is told from a lack of rights by logging in again.
      if (error instanceof WatchRefused && error.lacksRights && client.authenticates && !loggedInAgain) {
        loggedInAgain = true;
        client.forgetToken();
        continue;
      }
      const failure = failureOf(error, client, { late: Date.now() + pause > giveUp, made: position.made });
      if (failure !== undefined) throw failure;
      await sleep(pause, undefined, { signal }).catch(() => {});
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

/** The server will not have this watch. */
class WatchRefused extends Error {
  override readonly name = 'WatchRefused';
  readonly storageError: StorageError;

  constructor(storageError: StorageError) {
    super(storageError.message);
    this.storageError = storageError;
  }

  get lacksRights(): boolean {
    const { code } = this.storageError;
    return code === 'PermissionDenied' || code === 'Unauthenticated';
  }
}

/** The error to end with, or undefined when the watch is to be resumed. */
function failureOf(
  error: unknown,
  client: EtcdClient,
  { late, made }: { late: boolean; made: boolean },
): Error | undefined {
  if (error instanceof WatchRefused) return error.storageError;
  // The first connection has been tried on every member already.
  if (error instanceof CallFailure) return late || !made || !mayPass(error.last) ? toStorageError(error) : undefined;
  if (!(error instanceof RpcError)) return error instanceof Error ? error : new Error(String(error), { cause: error });
  client.streamFailed(error);
  return late || !mayPass(error) ? toStorageError(new CallFailure(error)) : undefined;
}

interface Batch extends WatchBatch {
  /** It is the one that says at which revision the watch was made. */
  readonly first: boolean;
  /** Its revision is newer than the one before. */
  readonly news: boolean;
}

/** Where a watch stands. */
class WatchPosition {
  readonly request: WatchRequest;
  /** The revision to begin with on a new stream; 0 before the first answer of a watch that begins now. */
  next: number;
  made = false;
  #fragments: IEvent[] = [];

  constructor(request: WatchRequest) {
    this.request = request;
    this.next = request.startRevision ?? 0;
  }

  /** Forgets the part of an answer that a cut left over. */
  restart(): void {
    this.#fragments = [];
  }

  /** What an answer brings to the reader, if anything. Throws WatchRefused. */
  take(response: IWatchResponse): Batch | undefined {
    if (response.canceled) {
      throw new WatchRefused(watchCancelled(response.cancel_reason, Number(response.compact_revision)));
    }
    const revision = Number(response.header.revision);
    if (response.created) return this.#takeCreated(revision);
    this.#fragments.push(...response.events);
    if ((response as { fragment?: boolean }).fragment === true) return undefined;
    const events = this.#fragments.map(fromEvent);
    this.#fragments = [];
    const last = events.at(-1);
    const reached = last === undefined ? revision : last.kv.modRevision;
    const news = reached >= this.next;
    if (news) this.next = reached + 1;
    return { revision: reached, events, first: false, news };
  }

  #takeCreated(revision: number): Batch | undefined {
    if (this.next === 0) this.next = revision + 1;
    if (this.made) return { revision, events: [], first: false, news: false };
    this.made = true;
    return { revision, events: [], first: true, news: true };
  }
}

function fromEvent(event: IEvent): StorageEvent {
  const kv = fromKeyValue(event.kv);
  const type = event.type === 'Delete' ? 'delete' : 'put';
  const previous = event.prev_kv as IEvent['prev_kv'] | null;
  return previous === null ? { type, kv } : { type, kv, prevKv: fromKeyValue(previous) };
}

/** One stream of a watch, until it breaks or the signal aborts. */
async function* followOnce(
  position: WatchPosition,
  giveUp: number,
  { client, signal }: EtcdWatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { request } = position;
  position.restart();
  const createdBefore = Math.min(client.newDeadline(), giveUp === 0 ? Infinity : giveUp);
  const stream: WatchStream = await client.open('Watch/Watch', createdBefore);
  const timer = new SilenceTimer(stream, createdBefore);
  const stop = (): void => stream.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    stream.send({
      create_request: {
        ...toKeyRange(request),
        start_revision: position.next,
        prev_kv: request.prevKv ?? false,
        progress_notify: true,
        fragment: true,
      },
    });
    for await (const response of stream.messages) {
      timer.stop();
      client.sawHeader(response.header);
      const batch = position.take(response);
      if (batch !== undefined) yield batch;
    }
    if (signal.aborted) return;
    const endpoint = client.endpoints[0] ?? '';
    if (timer.fired) throw new RpcError(GrpcCode.deadlineExceeded, 'no answer to a watch', { endpoint, sent: true });
    throw new RpcError(GrpcCode.unavailable, 'the watch stream ended', { endpoint, sent: true });
  } finally {
    timer.stop();
    signal.removeEventListener('abort', stop);
    stream.close();
  }
}

/** Closes a stream that has not answered in time. */
class SilenceTimer {
  fired = false;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: WatchStream, deadline: number) {
    this.#timer = setTimeout(
      () => {
        this.fired = true;
        stream.close();
      },
      Math.max(deadline - Date.now(), 0),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
