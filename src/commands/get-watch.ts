import type { ResourceClient, ResourceScope } from '../client/client.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import { escapeFieldValue } from '../model/selectors/field-selector.ts';
import { StatusError } from '../model/status.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import type { GetOptions } from './get-options.ts';
import { resolveTargets } from './resolve-targets.ts';
import { type Change, isTable, ShownObjects } from './shown-objects.ts';
import { SilentExit } from './silent-exit.ts';
import type { CollectionTarget, Target } from './target.ts';
import { WatchPatience } from './watch-patience.ts';
import { watchView, type WatchView } from './watch-view.ts';

/**
 * `get --watch`: the objects, then each change, until interrupted. A watch that the server ends is taken up where it stopped.
 * When the server does not know any more what happened since, all is looked at afresh, and what changed in sum is shown: no
 * object twice as it was, and what is gone as a deletion. A watch that `--request-timeout` ends is over, which is no failure.
 */
export async function getWatch(options: GetOptions, outer: Context): Promise<void> {
  const { requestTimeout } = options;
  const limit = requestTimeout === undefined ? undefined : AbortSignal.timeout(requestTimeout);
  const context = limit === undefined ? outer : { ...outer, signal: AbortSignal.any([outer.signal, limit]) };
  if (options.sortBy !== '') {
    context.streams.err.write('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  }
  const target = await onlyTarget(options, context);
  const watch = new Watch({
    options,
    context,
    target,
    view: await watchView(options, target, context),
    client: await context.client(),
  });
  await watch.run();
  if (outer.signal.aborted) throw new SilentExit(1);
}

async function onlyTarget(options: GetOptions, context: Context): Promise<Target> {
  let only: Target | undefined;
  for await (const target of resolveTargets({ ...options, bareTypeMeansAll: true, singleType: true }, context)) {
    if (target.kind === 'failure') throw target.error;
    if (only !== undefined) {
      throw new UserError(
        'watch is only supported on individual resources and resource collections - more than 1 resource was found',
      );
    }
    only = target;
  }
  if (only === undefined) {
    throw new UserError(
      'watch is only supported on individual resources and resource collections - 0 resources were found',
    );
  }
  return only;
}

interface WatchParts {
  readonly options: GetOptions;
  readonly context: Context;
  readonly target: Target;
  readonly view: WatchView;
  readonly client: ResourceClient;
}

class Watch {
  readonly #parts: WatchParts;
  readonly #scope: ResourceScope;
  readonly #shown = new ShownObjects();
  readonly #patience = new WatchPatience();

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#scope = scopeOf(parts.target);
  }

  async run(): Promise<void> {
    const { signal } = this.#parts.context;
    let resourceVersion: string | undefined = await this.#showPresent();
    while (!signal.aborted) {
      try {
        resourceVersion =
          resourceVersion === undefined ? await this.#showMissed() : await this.#follow(resourceVersion);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }

  /** Shows what is there, and returns the version to go on from. */
  async #showPresent(): Promise<string> {
    const { options, target, client, context, view } = this.#parts;
    const show = (object: KubeObject | Table): void => {
      const changes = this.#shown.changes('ADDED', object);
      if (!options.watchOnly) this.#show(changes);
    };
    try {
      if (target.kind !== 'named') return await this.#list(target, show);
      const { signal } = context;
      const found = options.human
        ? await client.getTable(this.#scope, target.name, { signal })
        : await client.get(this.#scope, target.name, { signal });
      show(found);
      // From what is there now on: the object's own version may be older than what the server remembers.
      return '0';
    } finally {
      view.flush();
    }
  }

  #show(changes: readonly Change[]): void {
    for (const { type, object } of changes) {
      try {
        this.#parts.view.show(type, object);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(`unable to output the provided object: ${error.message}`, { cause: error });
      }
    }
  }

  /** Lists all pages, each object (or row) for itself, and returns the list's version. */
  async #list(target: CollectionTarget, each: (object: KubeObject | Table) => void): Promise<string> {
    const { options, client, context } = this.#parts;
    const { signal } = context;
    let version = '';
    const pages = collectionPages<Table | KubeList>(target, options.chunkSize, (listOptions) =>
      options.human
        ? client.listTable(this.#scope, { ...listOptions, signal })
        : client.list(this.#scope, { ...listOptions, signal }),
    );
    for await (const page of pages) {
      if ('items' in page) page.items.forEach(each);
      else for (const row of page.rows) each({ ...page, rows: [row] });
      version = page.metadata.resourceVersion ?? '';
    }
    return version;
  }

  /** Shows what became of the objects while nobody looked; undefined when even that was not to be had yet. */
  async #showMissed(): Promise<string | undefined> {
    const { context, target, view } = this.#parts;
    const missed: Change[] = [];
    this.#shown.lookAgain();
    try {
      const version = await this.#list(collectionOf(target), (object) => {
        missed.push(...this.#shown.changes('ADDED', object));
      });
      const inOrder = missed.toSorted((left, right) => byVersion(versionOf(left.object), versionOf(right.object)));
      for (const { type, object } of [...this.#shown.vanished(), ...inOrder]) view.show(type, object);
      view.flush();
      return version;
    } catch (error) {
      // What was seen before the failure has not been shown, and must not count as if it had.
      this.#shown.forgetLook();
      await this.#patience.afterFailure(error, context.signal);
      return undefined;
    }
  }

  /** Follows one watch to its end or break; the version to go on from, or undefined when that is no longer known. */
  async #follow(from: string): Promise<string | undefined> {
    const { options, context, target, view, client } = this.#parts;
    const { labelSelector, fieldSelector } = collectionOf(target);
    let resourceVersion = from;
    try {
      const events = client.watch(this.#scope, {
        labelSelector,
        fieldSelector,
        resourceVersion,
        table: options.human,
        allowWatchBookmarks: true,
        signal: context.signal,
      });
      for await (const { type, object } of events) {
        const seen = object as KubeObject | Table;
        resourceVersion = versionOf(seen) || resourceVersion;
        this.#patience.progressed();
        if (type === 'BOOKMARK') continue;
        for (const change of this.#shown.changes(type, seen)) view.show(change.type, change.object);
        view.flush();
      }
      await this.#patience.afterEnd(context.signal);
    } catch (error) {
      if (error instanceof StatusError && error.code === 410) {
        await this.#patience.afterExpiry(error, context.signal);
        return undefined;
      }
      await this.#patience.afterFailure(error, context.signal);
    }
    return resourceVersion;
  }
}

/** A named object as the collection of the one object that has the name. */
function collectionOf(target: Target): CollectionTarget {
  if (target.kind !== 'named') return target;
  const { resource, namespace, name } = target;
  return {
    kind: 'collection',
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector: '',
    fieldSelector: `metadata.name=${escapeFieldValue(name)}`,
  };
}

function versionOf(object: KubeObject | Table): string {
  const row = isTable(object) ? object.rows.at(-1)?.object?.metadata.resourceVersion : undefined;
  return row ?? object.metadata.resourceVersion ?? '';
}

/** The order in which changes came about: versions are whole numbers of any size. */
function byVersion(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : Number(left > right);
}
