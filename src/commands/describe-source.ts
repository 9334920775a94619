import type { KubeObject } from '../model/kube-object.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { unknownPath } from '../model/status-errors.ts';
import type { DescribeSource, RelatedObjects } from '../printers/describe/describe-source.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';

/** Related objects from the server, lists by chunks of `chunkSize` objects (0: all at once). */
export function describeSource(context: Context, chunkSize: number): DescribeSource {
  const { signal } = context;
  return {
    async get({ apiVersion, kind, namespace }, name) {
      const resource = await resourceOf(context, { apiVersion, kind });
      const client = await context.client();
      return client.get(scopeOf({ resource, ...(namespace ? { namespace } : {}) }), name, { signal });
    },
    async list({ apiVersion, kind, namespace, labelSelector = '', fieldSelector = '' }) {
      const resource = await resourceOf(context, { apiVersion, kind });
      const client = await context.client();
      const target = {
        kind: 'collection',
        resource,
        ...(namespace ? { namespace } : {}),
        labelSelector,
        fieldSelector,
      } as const;
      const objects: KubeObject[] = [];
      const pages = collectionPages(target, chunkSize, (options) =>
        client.list(scopeOf(target), { ...options, signal }),
      );
      for await (const page of pages) objects.push(...page.items);
      return objects;
    },
  };
}

async function resourceOf(
  context: Context,
  { apiVersion, kind }: Pick<RelatedObjects, 'apiVersion' | 'kind'>,
): Promise<ResourceInfo> {
  const { mapper } = await context.client();
  const resource = await mapper.resourceForKind(apiVersion, kind);
  if (resource === undefined) throw unknownPath();
  return resource;
}
