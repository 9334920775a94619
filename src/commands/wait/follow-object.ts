import type { ResourceClient, ResourceScope } from '../../client/client.ts';
import type { KubeList, KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { escapeFieldValue } from '../../model/selectors/field-selector.ts';
import { pause } from '../pause.ts';
import { mayPass, WatchPatience } from '../watch-patience.ts';

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
  const patience = new WatchPatience();
  for (let first = true; ; first = false) {
    const { items, metadata } = first
      ? await client.list(scope, { fieldSelector, signal: firstLook })
      : await listAgain(followed, fieldSelector, patience, signal);
    patience.progressed();
    const [object] = items;
    yield object === undefined ? { state: first ? 'absent' : 'gone' } : { state: 'present', object };
    signal.throwIfAborted();
    yield* followChanges(followed, { fieldSelector, resourceVersion: metadata.resourceVersion ?? '' }, signal);
  }
}

/** What has become of the object in the meantime, as soon as the server tells. */
// oxlint-disable-next-line max-params
async function listAgain(
  { client, scope }: Followed,
  fieldSelector: string,
  patience: WatchPatience,
  signal: AbortSignal,
): Promise<KubeList> {
  for (;;) {
    try {
      return await client.list(scope, { fieldSelector, signal });
    } catch (error) {
      await patience.afterFailure(error, signal);
    }
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
      if (error instanceof StatusError && error.code === 410) return;
      if (signal.aborted || !mayPass(error)) throw error;
    }
    await pause(AGAIN_MILLISECONDS, signal);
  }
}
