import type { ApiResponse } from '../../model/api-message.ts';
import { notFound } from '../../model/status-errors.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { bootstrapForRead, objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf } from '../served-resource.ts';

/** GET of one object. The newest is answered, whatever resourceVersion the client would be content with. */
export async function get(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const format = outputFormat(request);
  await bootstrapForRead(resourceRequest);
  const found = await server.storage.get(served.stored, objectName(resourceRequest));
  if (found === undefined) throw notFound(groupResourceOf(served), info.name);
  return jsonResponse(200, objectBody(served, format, served.fromStored(found.object), server.now()));
}
