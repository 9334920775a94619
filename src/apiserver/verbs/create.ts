import type { ApiResponse } from '../../model/api-message.ts';
import { matchNamespace } from '../check-identity.ts';
import { createObject } from '../create-object.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { readBody } from '../read-body.ts';
import { writeOptions } from '../request-options.ts';
import { bootstrapForRead, type ResourceRequest } from '../resource-request.ts';
import { settle } from '../settle.ts';

/** POST to a collection. */
export async function create(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = writeOptions(request, 'CreateOptions');
  const format = outputFormat(request);
  const { object, warnings } = readBody(served, request.body, options);
  matchNamespace(object, info.namespace);
  await bootstrapForRead(resourceRequest);
  const write = { server, served, namespace: info.namespace, subresource: '', options, user: request.user };
  const result = await createObject(write, object);
  const name = { namespace: info.namespace, name: result.object.metadata.name ?? '' };
  if (!options.dryRun) await settle(resourceRequest, name);
  const body = objectBody(served, format, result.object, server.now());
  return jsonResponse(201, body, [...warnings, ...result.warnings]);
}
