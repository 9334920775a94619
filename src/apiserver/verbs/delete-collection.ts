import type { ApiResponse } from '../../model/api-message.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { admitDeletion } from '../admission/run-hooks.ts';
import { deleteObject } from '../delete-object.ts';
import { deleteOptions } from '../delete-options.ts';
import { deletionWarnings } from '../deletion-finalizers.ts';
import { inParallel } from '../in-parallel.ts';
import { jsonResponse, listBody, outputFormat } from '../output.ts';
import type { ResourceRequest } from '../resource-request.ts';
import { selection } from '../selection.ts';
import { settle } from '../settle.ts';

/** How many deletions are under way at once; a store can make them durable together. */
const AT_ONCE = 16;

/** DELETE of a collection: every object that the selectors match. Answers the list of what it deleted. */
export async function deleteCollection(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = deleteOptions(request);
  const format = outputFormat(request);
  const { storageOptions } = selection(resourceRequest);
  const { objects, revision } = await server.storage.list(served.stored, info.namespace, storageOptions);
  const warnings: string[] = [];
  await inParallel(objects, AT_ONCE, async (object) => {
    const { metadata } = object;
    const name = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    const cached = { object, revision: Number(metadata.resourceVersion) };
    try {
      const admit = async (found: KubeObject): Promise<void> => {
        warnings.push(...(await admitDeletion(resourceRequest, found, options)));
      };
      await deleteObject({ server, served, name, cached, admit }, options);
      if (!options.dryRun) await settle(resourceRequest, name);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  });
  const items = objects.map((object) => served.fromStored(object));
  const metadata = { resourceVersion: String(revision) };
  const body = listBody(served, format, items, { now: server.now(), metadata });
  return jsonResponse(200, body, [...warnings, ...deletionWarnings(served, options)]);
}
