import type { ApiResponse } from '../../model/api-message.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { admitDeletion } from '../admission/run-hooks.ts';
import { deleteObject } from '../delete-object.ts';
import { CONTENT_OPTIONS, deleteOptions } from '../delete-options.ts';
import { deletionWarnings } from '../deletion-finalizers.ts';
import { finalizeNamespace } from '../namespace-finalization.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import type { ServedResource } from '../served-resource.ts';
import { settle } from '../settle.ts';

/** DELETE of one object: answers a Status when it is gone, and the object while it waits. */
export async function deleteOne(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request } = resourceRequest;
  const options = deleteOptions(request);
  const format = outputFormat(request);
  const name = objectName(resourceRequest);
  const warnings: string[] = [];
  const admit = async (found: KubeObject): Promise<void> => {
    warnings.push(...(await admitDeletion(resourceRequest, found, options)));
  };
  const { object, gone } = await deleteObject({ server, served, name, admit }, options);
  const isNamespace = served.info.group === '' && served.info.plural === 'namespaces';
  if (isNamespace && !options.dryRun) {
    await finalizeNamespace(server, name.name, (content, found) => {
      const target = { namespace: name.name, name: found.metadata.name ?? '' };
      const cached = { object: found, revision: Number(found.metadata.resourceVersion) };
      return deleteObject({ server, served: content, name: target, cached }, { ...CONTENT_OPTIONS, ownsNothing: true });
    });
  }
  if (!options.dryRun) await settle(resourceRequest, name);
  const body = gone && !isNamespace ? deletedStatus(served, object) : objectBody(served, format, object, server.now());
  return jsonResponse(200, body, [...warnings, ...deletionWarnings(served, options)]);
}

/** What a server answers when an object is gone. */
export function deletedStatus({ info }: ServedResource, { metadata }: KubeObject): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(info.group === '' ? {} : { group: info.group }),
      kind: info.plural,
      ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    },
  };
}
