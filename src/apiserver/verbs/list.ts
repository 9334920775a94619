import type { ApiResponse } from '../../model/api-message.ts';
import { jsonResponse, listBody, type ListMetadata, outputFormat } from '../output.ts';
import { listOptions } from '../list-options.ts';
import { bootstrapForRead, type ResourceRequest } from '../resource-request.ts';
import { selection } from '../selection.ts';

/** GET of a collection. */
export async function list(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const format = outputFormat(request);
  const options = listOptions(request);
  const { storageOptions } = selection(resourceRequest);
  await bootstrapForRead(resourceRequest);
  const listed = await server.storage.list(served.stored, info.namespace, { ...options, ...storageOptions });
  const metadata: ListMetadata = {
    resourceVersion: String(listed.revision),
    ...(listed.continue === undefined ? {} : { continue: listed.continue }),
    ...(listed.remainingItemCount === undefined ? {} : { remainingItemCount: listed.remainingItemCount }),
  };
  const objects = listed.objects.map((object) => served.fromStored(object));
  return jsonResponse(200, listBody(served, format, objects, { now: server.now(), metadata }));
}
