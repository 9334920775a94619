import type { ApiRequest, ApiResponse } from '../../model/api-message.ts';
import { invalidValue } from '../../model/field-error.ts';
import { isJsonObject, type JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { PatchError } from '../../model/patch/patch-error.ts';
import { badRequest, failure, invalid, notFound, tooLarge, unsupportedMediaType } from '../../model/status-errors.ts';
import { StatusError } from '../../model/status.ts';
import { wireJsonText } from '../../model/wire-json.ts';
import { matchName, matchNamespace } from '../check-identity.ts';
import { DecodeError } from '../../model/decode/decode-error.ts';
import { goMapText } from '../go-map-text.ts';
import { unknownError } from '../managed-fields/unknown-error.ts';
import { notImplemented } from '../not-implemented.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { readPatched } from '../read-body.ts';
import { isApply, type WriteOptions, writeOptions } from '../request-options.ts';
import { bootstrapForRead, objectName, type ResourceRequest } from '../resource-request.ts';
import { settle } from '../settle.ts';
import { groupResourceOf, type ServedResource } from '../served-resource.ts';
import { updateObject } from '../update-object.ts';

/** A patch of one object: its kind and its body. */
export interface Patch {
  readonly type: string;
  readonly body: JsonValue;
}

const APPLY = 'application/apply-patch+yaml';

/** PATCH of one object, or of its status: JSON patch, merge patch, strategic merge patch or server-side apply. */
export async function patch(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  if (isApply(request) && served.patchTypes.includes(APPLY)) return (await import('./apply.ts')).apply(resourceRequest);
  const wanted = readPatch(request, served);
  const options = writeOptions(request, 'PatchOptions');
  const format = outputFormat(request);
  await bootstrapForRead(resourceRequest);
  const warnings: string[] = [];
  // Made again from the newest object whenever another writer comes first, so that a Conflict is always the patch's own.
  const make = async (current: KubeObject | undefined): Promise<KubeObject> => {
    if (current === undefined) throw notFound(groupResourceOf(served), info.name);
    const patched = await patchedObject(served, current, wanted, options);
    warnings.splice(0, warnings.length, ...patched.warnings);
    matchNamespace(patched.object, info.namespace);
    matchName(patched.object, info);
    return patched.object;
  };
  const result = await updateObject(
    { server, served, namespace: info.namespace, subresource: info.subresource, options, user: request.user },
    { name: objectName(resourceRequest), make, mayCreate: false },
  );
  if (!options.dryRun) await settle(resourceRequest, objectName(resourceRequest));
  const body = objectBody(served, format, result.object, server.now());
  return jsonResponse(200, body, [...warnings, ...result.warnings]);
}

/** Reads a patch's type and body. Throws UnsupportedMediaType for a type that the resource does not take. */
export function readPatch(request: ApiRequest, served: Pick<ServedResource, 'patchTypes'>): Patch {
  const type = (request.headers?.['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!served.patchTypes.includes(type)) throw unsupportedMediaType(served.patchTypes);
  if (type === APPLY) throw notImplemented('server-side apply of a subresource like scale');
  return { type, body: (request.body ?? null) as JsonValue };
}

/** An object after a patch, decoded again. Throws BadRequest or Invalid in kube-apiserver's words. */
export async function patchedObject(
  served: ServedResource,
  current: KubeObject,
  wanted: Patch,
  { fieldValidation }: WriteOptions,
): Promise<{ object: KubeObject; warnings: string[] }> {
  const strategic = wanted.type === 'application/strategic-merge-patch+json';
  const patched = await applyPatch(served, current, wanted);
  if (!isJsonObject(patched)) throw patchInvalid(wireJsonText(patched), 'the patched document is no object');
  const shown = (): string => (strategic ? goMapText(wanted.body) : wireJsonText(patched));
  try {
    const { object, unknownFields } = readPatched(served, patched as never, strategic ? 'unstructured' : 'json');
    if (unknownFields.length === 0 || fieldValidation === 'Ignore') return { object, warnings: [] };
    const texts = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
    if (fieldValidation === 'Warn') return { object, warnings: texts };
    throw patchInvalid(shown(), `strict decoding error: ${texts.join(', ')}`);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw patchInvalid(shown(), error.message);
  }
}

async function applyPatch(served: ServedResource, current: KubeObject, { type, body }: Patch): Promise<JsonValue> {
  const document = current as unknown as JsonValue;
  try {
    if (type === 'application/json-patch+json') {
      const { applyJsonPatch } = await import('../../model/patch/json-patch.ts');
      return applyJsonPatch(document, body);
    }
    if (type === 'application/merge-patch+json') {
      const { applyMergePatch } = await import('../../model/patch/merge-patch.ts');
      return applyMergePatch(document, body);
    }
    if (served.type === undefined) throw unsupportedMediaType(served.patchTypes);
    if (!isJsonObject(body)) throw badRequest('the patch is no JSON object');
    const { applyStrategicMergePatch } = await import('../../model/patch/strategic-merge-patch.ts');
    return applyStrategicMergePatch(document, body, served.type);
  } catch (error) {
    throw error instanceof PatchError ? patchStatus(error) : error;
  }
}

function patchStatus(error: PatchError): StatusError {
  if (error.reason === 'BadRequest') return badRequest(error.message);
  if (error.reason === 'TooLarge') return tooLarge(`Request entity is too large: ${error.message}`);
  // What kube-apiserver has no name for is an answer without a reason.
  if (error.reason !== 'Unprocessable') return unknownError(error.message);
  // NewGenericServerResponse keeps what went wrong to itself.
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError(failure({ code: 422, reason: 'Invalid', message, details: {} }).status, { cause: error });
}

function patchInvalid(shown: string, why: string): StatusError {
  return invalid('', '', '', [invalidValue('patch', shown, why)]);
}
