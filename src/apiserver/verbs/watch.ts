import { queryBoolean } from '../../model/query-boolean.ts';
import type { ApiResponse, WatchEvent } from '../../model/api-message.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { failure } from '../../model/status-errors.ts';
import { StatusError } from '../../model/status.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import type { ObjectEvent } from '../../storage/object-storage.ts';
import type { ApiServer } from '../api-server.ts';
import { checkWatchOptions, numberParameter, revisionOf } from '../list-options.ts';
import { objectBody, type OutputFormat, outputFormat, tableBody } from '../output.ts';
import { bootstrapForRead, type ResourceRequest } from '../resource-request.ts';
import { selection } from '../selection.ts';
import type { ServedResource } from '../served-resource.ts';

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** GET with watch=true: the changes of a collection, or of the one object that the path names. */
export async function watch(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const query = request.query ?? new URLSearchParams();
  const format = outputFormat(request);
  checkWatchOptions(query);
  const afterRevision = revisionOf(query.get('resourceVersion') ?? '');
  const seconds = numberParameter(query, 'timeoutSeconds');
  const { storageOptions } = selection(resourceRequest);
  await bootstrapForRead(resourceRequest);
  const { signal, stop } = watchSignal(request.signal, seconds);
  const options = {
    ...storageOptions,
    afterRevision,
    sendInitialEvents: queryBoolean(query, 'sendInitialEvents') === true,
    bookmarks: queryBoolean(query, 'allowWatchBookmarks') === true,
    signal,
  };
  const shares = server.sharedEvents !== undefined;
  const events = server.storage[shares ? 'watchShared' : 'watch'](served.stored, info.namespace, options);
  const toEvent = eventPrinter(served, format, server);
  return { status: 200, headers: { 'content-type': 'application/json' }, events: answers(events, toEvent, stop) };
}

/** Ends with the client's signal or after the seconds that the client asked for. */
function watchSignal(client: AbortSignal | undefined, seconds: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    clearTimeout(timer);
    client?.removeEventListener('abort', stop);
    controller.abort();
  };
  const timer = seconds > 0 ? setTimeout(stop, seconds * 1000) : undefined;
  client?.addEventListener('abort', stop);
  if (client?.aborted === true) stop();
  return { signal: controller.signal, stop };
}

async function* answers(
  events: AsyncIterable<ObjectEvent>,
  toEvent: (event: ObjectEvent) => WatchEvent,
  stop: () => void,
): AsyncGenerator<WatchEvent, void, undefined> {
  try {
    for await (const event of events) yield toEvent(event);
  } catch (error) {
    yield { type: 'ERROR', object: errorStatus(error) };
  } finally {
    stop();
  }
}

function errorStatus(error: unknown): unknown {
  if (error instanceof StatusError) return error.status;
  const message = error instanceof Error ? error.message : String(error);
  return failure({ code: 500, reason: 'InternalError', message: `unable to watch: ${message}` }).status;
}

function eventPrinter(
  served: ServedResource,
  format: OutputFormat,
  { now, sharedEvents }: Pick<ApiServer, 'now' | 'sharedEvents'>,
): (event: ObjectEvent) => WatchEvent {
  const form = `${format.as} ${format.includeObject}`;
  let first = true;
  return (event) => {
    if (event.type === 'BOOKMARK') return { type: 'BOOKMARK', object: bookmark(served, format, event) };
    // The columns of a table are told once.
    const columns = first;
    first = false;
    const make = (): WatchEvent => changeEvent(served, format, event, { now: now(), columns });
    return sharedEvents === undefined
      ? make()
      : sharedEvents.once(event, served, columns ? `${form} first` : form, make);
  };
}

function changeEvent(
  served: ServedResource,
  format: OutputFormat,
  event: Exclude<ObjectEvent, { type: 'BOOKMARK' }>,
  { now, columns }: { now: Date; columns: boolean },
): WatchEvent {
  const object = served.fromStored(event.object);
  if (format.as !== 'table') return { type: event.type, object: objectBody(served, format, object, now) };
  const table = tableBody(served, format, [object], { now, metadata: { resourceVersion: String(event.revision) } });
  return { type: event.type, object: columns ? table : { ...table, columnDefinitions: [] } };
}

function bookmark(
  served: ServedResource,
  format: OutputFormat,
  { revision, initialEventsEnd }: { revision: number; initialEventsEnd: boolean },
): unknown {
  const annotations = initialEventsEnd ? { [INITIAL_EVENTS_END]: 'true' } : undefined;
  const metadata: KubeObject['metadata'] = {
    resourceVersion: String(revision),
    ...(annotations === undefined ? {} : { annotations }),
  };
  if (format.as === 'table') {
    return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: [], rows: [] };
  }
  if (format.as === 'metadata') return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  return { kind: served.info.kind, apiVersion: apiVersionOf(served.info), metadata };
}
