import { deepClone } from '../../model/deep-clone.ts';
import type { ApiResponse } from '../../model/api-message.ts';
import { matchName, matchNamespace } from '../check-identity.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { readBody } from '../read-body.ts';
import { writeOptions } from '../request-options.ts';
import { bootstrapForRead, objectName, type ResourceRequest } from '../resource-request.ts';
import { settle } from '../settle.ts';
import { updateObject } from '../update-object.ts';

/** PUT of one object, or of its status. */
export async function update(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = writeOptions(request, 'UpdateOptions');
  const format = outputFormat(request);
  const { object, warnings } = readBody(served, request.body, options);
  matchNamespace(object, info.namespace);
  matchName(object, info);
  await bootstrapForRead(resourceRequest);
  const { uid = '' } = object.metadata;
  const result = await updateObject(
    { server, served, namespace: info.namespace, subresource: info.subresource, options, user: request.user },
    {
      name: objectName(resourceRequest),
      ...(uid === '' ? {} : { preconditions: { uid } }),
      make: () => deepClone(object),
      mayCreate: true,
    },
  );
  if (!options.dryRun) await settle(resourceRequest, objectName(resourceRequest));
  const body = objectBody(served, format, result.object, server.now());
  return jsonResponse(result.created ? 201 : 200, body, [...warnings, ...result.warnings]);
}
