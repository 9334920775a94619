import type { ListOptions, ResourceScope } from '../client/client.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { Context } from './context.ts';
import type { CollectionTarget, Target } from './target.ts';

/** One answer to a list request: a page. */
interface Page {
  readonly metadata: { readonly continue?: string };
}

/** The scope that a target's requests are for. */
export function scopeOf(
  { resource, namespace }: Pick<Target, 'resource' | 'namespace'>,
  subresource?: string,
): ResourceScope {
  return { resource, ...(namespace === undefined ? {} : { namespace }), ...(subresource ? { subresource } : {}) };
}

/**
 * The pages of a collection, `limit` objects each (0: all at once). While a page is being worked on the next is fetched, and
 * no more than that.
 */
export async function* collectionPages<P extends Page>(
  target: CollectionTarget,
  limit: number,
  fetch: (options: ListOptions) => Promise<P>,
): AsyncGenerator<P> {
  const { labelSelector, fieldSelector } = target;
  const fetchPage = async (more: string): Promise<P> => {
    return fetch({ labelSelector, fieldSelector, limit, continue: more }).catch((error: unknown) => {
      throw withSelectors(error, target);
    });
  };
  let next: Promise<P> | undefined = fetchPage('');
  while (next !== undefined) {
    const page: P = await next;
    const more = page.metadata.continue ?? '';
    next = more === '' ? undefined : fetchPage(more);
    // Whoever stops here does not ask for it; who goes on is told of its failure.
    next?.catch(() => undefined);
    yield page;
  }
}

/** The objects of a collection, fetched by pages of 500. */
export async function* collectionObjects(target: CollectionTarget, context: Context): AsyncGenerator<KubeObject> {
  const client = await context.client();
  const { signal } = context;
  for await (const page of collectionPages(target, 500, (options) =>
    client.list(scopeOf(target), { ...options, signal }),
  )) {
    yield* page.items;
  }
}

/** Says what was looked for when the server did not like the request, as cli-runtime's Selector does. */
function withSelectors(error: unknown, { resource, labelSelector, fieldSelector }: CollectionTarget): unknown {
  if (!(error instanceof StatusError) || (error.reason !== 'BadRequest' && error.reason !== 'NotFound')) return error;
  const what = JSON.stringify(`${resource.group}/${resource.version}, Resource=${resource.plural}`);
  const message =
    labelSelector === '' && fieldSelector === ''
      ? `Unable to list ${what}: ${error.message}`
      : `Unable to find ${what} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.message}`;
  return new StatusError({ ...error.status, message }, { cause: error.cause });
}
