import type { ApiResponse } from '../../model/api-message.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import { notFound } from '../../model/status-errors.ts';
import { matchName, matchNamespace } from '../check-identity.ts';
import { fieldsOf } from '../custom-resources/serving/scale-errors.ts';
import { applyConfiguration } from '../managed-fields/apply-configuration.ts';
import { fieldElement } from '../managed-fields/path-element.ts';
import { scaledEntries, scaleEntries, type ScaledObject } from '../managed-fields/scale-managers.ts';
import { jsonResponse } from '../output.ts';
import { writeOptions } from '../request-options.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf, type ServedResource } from '../served-resource.ts';
import { updateObject } from '../update-object.ts';
import { scaleOf, scaleOfResource, withReplicas } from './scale.ts';

/** PATCH of the scale subresource with an apply configuration: the replicas, and who manages them. */
export async function applyScale(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = writeOptions(request, 'PatchOptions');
  const config = isJsonObject(request.body) ? request.body : {};
  const scaleResource = scaleOfResource(served);
  const application = {
    server,
    served: scaleResource,
    subresource: 'scale',
    manager: options.fieldManager,
    force: options.force,
  };
  // Applied again to the newest object whenever another writer comes first.
  const make = async (current: KubeObject | undefined): Promise<KubeObject> => {
    if (current === undefined) throw notFound(groupResourceOf(served), info.name);
    const scaled = scaledObject(served, current);
    const live = scaleOf(served, current);
    live.metadata.managedFields = scaleEntries(scaled);
    const applied = await applyConfiguration(application, live, config);
    matchNamespace(applied, info.namespace);
    matchName(applied, info);
    const next = withReplicas(served, current, applied);
    next.metadata.managedFields = scaledEntries(scaled, applied.metadata.managedFields ?? []);
    return next;
  };
  const result = await updateObject(
    { server, served, namespace: info.namespace, subresource: 'scale', options, tracked: true, user: request.user },
    { name: objectName(resourceRequest), make, mayCreate: false },
  );
  return jsonResponse(200, scaleOf(served, result.object), result.warnings);
}

function scaledObject({ info, scale }: ServedResource, { metadata }: KubeObject): ScaledObject {
  const path = scale === undefined ? ['spec', 'replicas'] : fieldsOf(scale.specReplicasPath);
  return { entries: metadata.managedFields ?? [], path: path.map(fieldElement), apiVersion: apiVersionOf(info) };
}
