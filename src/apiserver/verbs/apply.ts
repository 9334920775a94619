import type { ApiResponse } from '../../model/api-message.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest, conflict, notFound } from '../../model/status-errors.ts';
import { matchName, matchNamespace } from '../check-identity.ts';
import { applyConfiguration } from '../managed-fields/apply-configuration.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { writeOptions } from '../request-options.ts';
import { bootstrapForRead, objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf } from '../served-resource.ts';
import { settle } from '../settle.ts';
import { updateObject } from '../update-object.ts';

/** PATCH of one object, or of its status, with an apply configuration; an object that does not exist is created. */
export async function apply(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = writeOptions(request, 'PatchOptions');
  const config = configurationOf(request.body);
  const format = outputFormat(request);
  await bootstrapForRead(resourceRequest);
  const { subresource } = info;
  const application = { server, served, subresource, manager: options.fieldManager, force: options.force };
  // Applied again to the newest object whenever another writer comes first.
  const make = async (current: KubeObject | undefined): Promise<KubeObject> => {
    if (current === undefined && subresource !== '') throw notFound(groupResourceOf(served), info.name);
    const object = await applyConfiguration(application, current, config);
    const { uid = '' } = object.metadata;
    if (current === undefined && uid !== '') {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(groupResourceOf(served), info.name, why);
    }
    matchNamespace(object, info.namespace);
    matchName(object, info);
    return object;
  };
  const result = await updateObject(
    { server, served, namespace: info.namespace, subresource, options, tracked: true, user: request.user },
    { name: objectName(resourceRequest), make, mayCreate: 'always' },
  );
  if (!options.dryRun) await settle(resourceRequest, objectName(resourceRequest));
  const body = objectBody(served, format, result.object, server.now());
  return jsonResponse(result.created ? 201 : 200, body, result.warnings);
}

function configurationOf(body: unknown): JsonObject {
  if (body === undefined || body === null) return {};
  if (isJsonObject(body)) return body;
  const kind = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
  throw badRequest(
    `error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
  );
}
