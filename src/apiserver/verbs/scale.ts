import type { ApiResponse } from '../../model/api-message.ts';
import { invalidValue } from '../../model/field-error.ts';
import { isJsonObject, type JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { typeForKind } from '../../model/schema/schema.ts';
import { invalid, methodNotAllowed, notFound } from '../../model/status-errors.ts';
import { matchName, matchNamespace } from '../check-identity.ts';
import { decodeTyped } from '../../model/decode/decode-typed.ts';
import {
  customScale,
  missingReplicas,
  type ScaleState,
  writeReplicas,
} from '../custom-resources/serving/custom-scale.ts';
import { tableFor } from '../kinds/table-for.ts';
import { jsonResponse, objectBody, outputFormat } from '../output.ts';
import { readBody } from '../read-body.ts';
import { type WriteOptions, writeOptions } from '../request-options.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf, type ServedResource } from '../served-resource.ts';
import { updateObject } from '../update-object.ts';
import { patchedObject, readPatch } from './patch.ts';

/** GET, PUT and PATCH of the scale subresource of a workload: its replicas as an autoscaling/v1 Scale. */
export async function scale(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { method } = resourceRequest.request;
  if (method === 'GET' || method === 'HEAD') return getScale(resourceRequest);
  if (method === 'PUT' || method === 'PATCH') return writeScale(resourceRequest, method);
  throw methodNotAllowed();
}

async function getScale(resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { server, served, info } = resourceRequest;
  const found = await server.storage.get(served.stored, objectName(resourceRequest));
  if (found === undefined) throw notFound(groupResourceOf(served), info.name);
  const object = served.fromStored(found.object);
  if (served.scale !== undefined && customScale(object, served.scale).wanted === undefined) {
    throw missingReplicas(served.scale);
  }
  const format = outputFormat(resourceRequest.request);
  return jsonResponse(200, objectBody(scaleOfResource(served), format, scaleOf(served, object), server.now()));
}

async function writeScale(resourceRequest: ResourceRequest, method: 'PUT' | 'PATCH'): Promise<ApiResponse> {
  const { server, served, request, info } = resourceRequest;
  const options = writeOptions(request, method === 'PUT' ? 'UpdateOptions' : 'PatchOptions');
  const scaleResource = scaleOfResource(served);
  const warnings: string[] = [];
  const body = method === 'PUT' ? readBody(scaleResource, request.body, options) : undefined;
  const patch = method === 'PATCH' ? readPatch(request, served) : undefined;
  warnings.push(...(body?.warnings ?? []));
  const make = async (current: KubeObject | undefined): Promise<KubeObject> => {
    if (current === undefined) throw notFound(groupResourceOf(served), info.name);
    const wanted =
      body?.object ?? (await patchScale(scaleResource, current, patch ?? { type: '', body: null }, options));
    matchNamespace(wanted, info.namespace);
    matchName(wanted, info);
    return withReplicas(served, current, wanted);
  };
  const view = {
    kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    of: (object: KubeObject) => scaleOf(served, object),
  };
  const result = await updateObject(
    { server, served, namespace: info.namespace, subresource: 'scale', options, user: request.user, view },
    { name: objectName(resourceRequest), make, mayCreate: false },
  );
  return jsonResponse(200, scaleOf(served, result.object), [...warnings, ...result.warnings]);
}

async function patchScale(
  scaleResource: ServedResource,
  current: KubeObject,
  patch: { type: string; body: JsonValue },
  options: WriteOptions,
): Promise<KubeObject> {
  const { object } = await patchedObject(scaleResource, scaleOf(scaleResource, current), patch, options);
  return object;
}

/** The object with the replicas of a Scale. Throws Invalid for a negative number. */
export function withReplicas(served: ServedResource, current: KubeObject, wanted: KubeObject): KubeObject {
  const spec = isJsonObject(wanted['spec']) ? wanted['spec'] : {};
  const replicas = typeof spec['replicas'] === 'number' ? spec['replicas'] : 0;
  if (replicas < 0) {
    const error = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid('Scale', 'autoscaling', wanted.metadata.name ?? '', [error]);
  }
  if (served.scale === undefined) {
    const own = current['spec'];
    current['spec'] = { ...(isJsonObject(own) ? own : {}), replicas };
  } else {
    // Zero is what a Scale leaves out, too; it is only nothing when the object says nothing either.
    const nothing = spec['replicas'] === undefined && customScale(current, served.scale).wanted === undefined;
    writeReplicas(current, served.scale, nothing ? undefined : replicas);
  }
  const { uid, resourceVersion } = wanted.metadata;
  if (uid !== undefined) current.metadata.uid = uid;
  if (resourceVersion !== undefined) current.metadata.resourceVersion = resourceVersion;
  return current;
}

/** The Scale of an object. */
export function scaleOf(served: Pick<ServedResource, 'scale'>, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { wanted, seen, selector } =
    served.scale === undefined ? workloadScale(object) : customScale(object, served.scale);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: wanted === undefined || wanted === 0 ? {} : { replicas: wanted },
    status: { replicas: seen, ...(selector === '' ? {} : { selector }) },
  };
}

/** The state of a Deployment, ReplicaSet, StatefulSet or ReplicationController. */
function workloadScale({ spec, status }: KubeObject): ScaleState {
  const wanted = isJsonObject(spec) ? spec : {};
  const seen = isJsonObject(status) ? status : {};
  return {
    wanted: typeof wanted['replicas'] === 'number' ? wanted['replicas'] : undefined,
    seen: typeof seen['replicas'] === 'number' ? seen['replicas'] : 0,
    selector: selectorText(wanted['selector']),
  };
}

/** A selector as text: a ReplicationController's map, or the others' LabelSelector. */
function selectorText(selector: unknown): string {
  if (!isJsonObject(selector)) return '';
  const structured = 'matchLabels' in selector || 'matchExpressions' in selector;
  const labels = structured ? selector['matchLabels'] : selector;
  const equal = isJsonObject(labels)
    ? Object.entries(labels).map(([key, value]) => ({ key, text: `${key}=${typeof value === 'string' ? value : ''}` }))
    : [];
  const expressions = structured && Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  const terms = [...equal, ...expressions.filter(isJsonObject).map(expressionText)];
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}

function expressionText(expression: Record<string, unknown>): { key: string; text: string } {
  const key = String(expression['key']);
  const values = Array.isArray(expression['values']) ? expression['values'].map(String).sort().join(',') : '';
  switch (expression['operator']) {
    case 'In':
      return { key, text: `${key} in (${values})` };
    case 'NotIn':
      return { key, text: `${key} notin (${values})` };
    case 'Exists':
      return { key, text: key };
    default:
      return { key, text: `!${key}` };
  }
}

/** A Scale as a resource that bodies and patches are read for. */
export function scaleOfResource(served: ServedResource): ServedResource {
  const type = typeForKind('autoscaling/v1', 'Scale');
  if (type === undefined) throw new Error('autoscaling/v1 Scale is not among the types');
  return {
    ...served,
    info: { ...served.info, group: 'autoscaling', version: 'v1', kind: 'Scale' },
    type,
    strategy: { ...served.strategy, table: tableFor('scales.autoscaling') },
    decode(body, style) {
      const { value, unknownFields } = decodeTyped(type, body as never, style);
      return { object: { kind: 'Scale', apiVersion: 'autoscaling/v1', ...value } as KubeObject, unknownFields };
    },
  };
}
