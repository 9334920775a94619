import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunSuffix } from '../dry-run.ts';
import { isNotFound } from '../failures.ts';
import { pause } from '../pause.ts';
import { resourceOf } from '../resource-of.ts';
import { isLongDeleted } from './pods-to-remove.ts';

const RETRY_SECONDS = 5;
const POLL_MILLISECONDS = 1000;

/** How drain removes pods. */
export interface RemovalWay {
  readonly dryRun: DryRun;
  /** Seconds; negative leaves it to the pods. */
  readonly gracePeriod: number;
  readonly disableEviction: boolean;
  /** The time-out as it was typed; 0 seconds for none. */
  readonly timeout: { readonly seconds: number; readonly text: string };
  readonly skipWaitForDeleteTimeout: number;
}

/** Evicts pods where the server serves evictions, else deletes them, and waits until they are gone. Rejects with what failed. */
export async function removePods(pods: readonly KubeObject[], way: RemovalWay, context: Context): Promise<void> {
  if (pods.length === 0) return;
  const { seconds } = way.timeout;
  const limit = seconds === 0 ? undefined : AbortSignal.timeout(Math.min(Math.max(seconds, 0) * 1000, 2 ** 31 - 1));
  const remover = new PodRemover(way, context, limit);
  const evicts = !way.disableEviction && (await resourceOf('v1', 'Pod', context)).subresources.includes('eviction');
  if (evicts) return throwTogether(await remover.evictAll(pods));
  const [first] = await remover.deleteAll(pods);
  if (first !== undefined) throw first;
}

/** Throws errors as one that is told as several are, also when it is one, as kubectl tells them. */
export function throwTogether(errors: readonly Error[]): void {
  if (errors.length === 0) return;
  const messages = errors.map(({ message }) => message);
  throw new AggregateError(errors, messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`);
}

/** Whether an eviction was refused because the namespace is being deleted. */
function isTerminating(error: unknown): boolean {
  if (!(error instanceof StatusError) || error.reason !== 'Forbidden') return false;
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
}

function placeOf({ metadata }: KubeObject): string {
  return `pods/${JSON.stringify(metadata.name)} -n ${JSON.stringify(metadata.namespace)}`;
}

function failuresIn(results: readonly PromiseSettledResult<void>[]): Error[] {
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    const reason: unknown = result.reason;
    return [reason instanceof Error ? reason : new Error(String(reason))];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class PodRemover {
  readonly #way: RemovalWay;
  readonly #context: Context;
  readonly #limit: AbortSignal | undefined;
  readonly #signal: AbortSignal;

  constructor(way: RemovalWay, context: Context, limit: AbortSignal | undefined) {
    this.#way = way;
    this.#context = context;
    this.#limit = limit;
    this.#signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit]);
  }

  async evictAll(pods: readonly KubeObject[]): Promise<Error[]> {
    const results = await Promise.allSettled(pods.map((pod) => this.#evict(pod)));
    this.#context.signal.throwIfAborted();
    return failuresIn(results);
  }

  async deleteAll(pods: readonly KubeObject[]): Promise<Error[]> {
    const client = await this.#context.client();
    const resource = await resourceOf('v1', 'Pod', this.#context);
    for (const pod of pods) {
      const { namespace = '', name = '' } = pod.metadata;
      try {
        await client.delete({ resource, namespace }, name, { ...this.#deleteOptions(), signal: this.#context.signal });
      } catch (error) {
        if (!isNotFound(error)) return [error instanceof Error ? error : new Error(String(error))];
      }
    }
    if (this.#way.dryRun === 'server') return [];
    const results = await Promise.allSettled(pods.map((pod) => this.#untilGone(pod, 'deleted')));
    this.#context.signal.throwIfAborted();
    return failuresIn(results);
  }

  #deleteOptions(): { gracePeriodSeconds?: number; dryRun?: boolean } {
    const { gracePeriod, dryRun } = this.#way;
    return {
      ...(gracePeriod < 0 ? {} : { gracePeriodSeconds: gracePeriod }),
      ...(dryRun === 'server' ? { dryRun: true } : {}),
    };
  }

  async #evict(pod: KubeObject): Promise<void> {
    const { namespace = '', name = '' } = pod.metadata;
    let present = pod;
    for (;;) {
      this.#context.streams.out.write(`evicting pod ${namespace}/${name}${dryRunSuffix(this.#way.dryRun)}\n`);
      if (this.#limit?.aborted) {
        throw new UserError(`error when evicting ${placeOf(pod)}: global timeout reached: ${this.#way.timeout.text}`);
      }
      try {
        await this.#sendEviction(namespace, name);
        break;
      } catch (error) {
        if (isNotFound(error)) return;
        if (isTerminating(error) && present.metadata.deletionTimestamp !== undefined) break;
        this.#tellOfRetry(pod, error);
      }
      await this.#pauseBeforeRetry();
      present = await this.#fresh(present);
    }
    if (this.#way.dryRun !== 'server') await this.#untilEvicted(present);
  }

  /** Says that an eviction will be tried again; throws where that is of no use. */
  #tellOfRetry(pod: KubeObject, error: unknown): void {
    if (!(error instanceof StatusError)) throw error;
    const terminating = isTerminating(error);
    if (!terminating && error.code !== 429) {
      throw new UserError(`error when evicting ${placeOf(pod)}: ${error.message}`, { cause: error });
    }
    const { namespace = '', name = '' } = pod.metadata;
    const what = terminating
      ? `pod ${JSON.stringify(name)} from terminating namespace ${JSON.stringify(namespace)}`
      : placeOf(pod);
    this.#context.streams.err.write(
      `error when evicting ${what} (will retry after ${RETRY_SECONDS}s): ${error.message}\n`,
    );
  }

  /** The pod as it is now; as it was where it cannot be read. */
  async #fresh(pod: KubeObject): Promise<KubeObject> {
    const { namespace = '', name = '' } = pod.metadata;
    const client = await this.#context.client();
    const resource = await resourceOf('v1', 'Pod', this.#context);
    try {
      return await client.get({ resource, namespace }, name, { signal: this.#context.signal });
    } catch (error) {
      if (error instanceof StatusError) return pod;
      throw error;
    }
  }

  /** The time-out ends the pause, and is told at the next attempt. */
  async #pauseBeforeRetry(): Promise<void> {
    try {
      await pause(RETRY_SECONDS * 1000, this.#signal);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
    }
  }

  async #sendEviction(namespace: string, name: string): Promise<void> {
    const client = await this.#context.client();
    const { gracePeriodSeconds, dryRun } = this.#deleteOptions();
    const deleteOptions = {
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(dryRun === true ? { dryRun: ['All'] } : {}),
    };
    await client.request({
      method: 'POST',
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`,
      headers: { 'content-type': 'application/json' },
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions },
      signal: this.#context.signal,
    });
  }

  async #untilEvicted(pod: KubeObject): Promise<void> {
    const { namespace = '', name = '' } = pod.metadata;
    try {
      await this.#untilGone(pod, 'evicted');
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      const why = `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate`;
      const timedOut = `global timeout reached: ${this.#way.timeout.text}`;
      throw new UserError(`${why}: ${this.#limit?.aborted ? timedOut : messageOf(error)}`, { cause: error });
    }
  }

  /** Polls until the pod is gone or another has its name, and says so. */
  async #untilGone(pod: KubeObject, word: string): Promise<void> {
    const { namespace = '', name = '', uid } = pod.metadata;
    const client = await this.#context.client();
    const resource = await resourceOf('v1', 'Pod', this.#context);
    const { out } = this.#context.streams;
    for (;;) {
      try {
        const found = await client.get({ resource, namespace }, name, { signal: this.#context.signal });
        if (isLongDeleted(found, this.#way.skipWaitForDeleteTimeout, this.#context.now())) {
          out.write(
            `pod ${JSON.stringify(name)} has DeletionTimestamp older than ${this.#way.skipWaitForDeleteTimeout} seconds, skipping\n`,
          );
          return;
        }
        if (found.metadata.uid !== uid) break;
      } catch (error) {
        if (isNotFound(error)) break;
        out.write(
          `${qualifiedName({ ...pod, kind: 'Pod', apiVersion: 'v1' })} ${word === 'evicted' ? 'eviction' : 'deletion'} failed\n`,
        );
        throw error;
      }
      try {
        await pause(POLL_MILLISECONDS, this.#signal);
      } catch (error) {
        throw this.#context.signal.aborted ? error : new UserError('context deadline exceeded', { cause: error });
      }
    }
    out.write(`${qualifiedName({ ...pod, kind: 'Pod', apiVersion: 'v1' })} ${word}\n`);
  }
}
