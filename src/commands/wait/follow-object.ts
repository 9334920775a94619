import type { ResourceClient, ResourceScope } from '../../client/client.ts';
import { ConnectionError } from '../../model/connection-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { escapeFieldValue } from '../../model/selectors/field-selector.ts';
import { pause } from '../pause.ts';

/** How long to wait before a watch that ended is taken up again. */
const AGAIN_MILLISECONDS = 200;

/** What became of an object: it is there as told, it was not there when first looked for, or it went. */
export type ObjectState =
  | { readonly state: 'present'; readonly object: KubeObject }
  | { readonly state: 'absent' | 'gone' };

/** An object to follow. */
export interface Followed {
  readonly client: ResourceClient;
  readonly scope: ResourceScope;
  readonly name: string;
  /** Ends the first look instead of the other signal, so that nobody gives up without having looked. */
  readonly firstLook?: AbortSignal;
}

/**
 * An object as it is, then each change of it, without end. A watch that ends or breaks is taken up where it stopped; when its
 * version has expired the object is asked for again. Throws the signal's reason when it aborts, and what is no passing trouble.
 */
export async function* followObject(
  followed: Followed,
  signal: AbortSignal,
): AsyncGenerator<ObjectState, never, undefined> {
  const { client, scope, name, firstLook = signal } = followed;
  const fieldSelector = `metadata.name=${escapeFieldValue(name)}`;
  for (let first = true; ; first = false) {
    const { items, metadata } = await client.list(scope, { fieldSelector, signal: first ? firstLook : signal });
    const [object] = items;
    yield object === undefined ? { state: first ? 'absent' : 'gone' } : { state: 'present', object };
    signal.throwIfAborted();
    yield* followChanges(followed, { fieldSelector, resourceVersion: metadata.resourceVersion ?? '' }, signal);
  }
}

/** The changes after a version; ends when the versions in between are no longer known. */
async function* followChanges(
  { client, scope }: Followed,
  from: { readonly fieldSelector: string; readonly resourceVersion: string },
  signal: AbortSignal,
): AsyncGenerator<ObjectState> {
  let { resourceVersion } = from;
  for (;;) {
    try {
      const events = client.watch(scope, { ...from, resourceVersion, allowWatchBookmarks: true, signal });
      for await (const { type, object } of events) {
        const seen = object as KubeObject;
        resourceVersion = seen.metadata.resourceVersion ?? resourceVersion;
        if (type === 'DELETED') yield { state: 'gone' };
        else if (type !== 'BOOKMARK') yield { state: 'present', object: seen };
      }
    } catch (error) {
      if (signal.aborted || !passes(error)) throw error;
      if (error instanceof StatusError && error.code === 410) return;
    }
    await pause(AGAIN_MILLISECONDS, signal);
  }
}

/** Whether trying again can help: the connection broke, or the server is busy, or no longer knows the version. */
function passes(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === 410 || error.code === 429 || error.code >= 500;
  return error instanceof ConnectionError;
}
