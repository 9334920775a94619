import { type AcceptClause, chooseMediaType, MEDIA_TYPES, type MediaType, transforms } from '../model/accept-header.ts';
import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { isJsonObject } from '../model/json-value.ts';
import { notAcceptable } from '../model/status-errors.ts';

/** What of the types a resource has. */
interface Restrictions {
  /** Whether objects can be written as protobuf: those of built-in kinds. */
  readonly protobuf: boolean;
  /** Whether the answer is a stream of events, which YAML has no form for. */
  readonly watch: boolean;
  /** Whether objects can be had as tables, and their metadata alone. */
  readonly transforms: boolean;
}

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** What an answer is written in, and the request as one that asks for JSON in the same form. */
export interface Negotiated {
  readonly type: MediaType;
  readonly request: ApiRequest;
}

/**
 * Reads the Accept header as kube-apiserver does (NegotiateOutputMediaType). Throws NotAcceptable when nothing that the
 * client takes can be had.
 */
export function negotiate(request: ApiRequest, restrictions: Restrictions): Negotiated {
  const header = request.headers?.['accept'] ?? '';
  if (header === '') return { type: JSON_TYPE, request };
  const chosen = chooseMediaType(header, (type, clause) => isServed(type, clause, restrictions));
  if (chosen === undefined || (restrictions.watch && chosen.type === 'application/yaml')) {
    throw notAcceptable(restrictions.watch ? [`${JSON_TYPE};stream=watch`, `${PROTOBUF};stream=watch`] : MEDIA_TYPES);
  }
  const parameters = [...chosen.clause.parameters].map(([name, value]) => `;${name}=${value}`).join('');
  return {
    type: chosen.type,
    request: { ...request, headers: { ...request.headers, accept: JSON_TYPE + parameters } },
  };
}

function isServed(type: MediaType, { parameters }: AcceptClause, restrictions: Restrictions): boolean {
  const stream = parameters.get('stream') ?? '';
  if (stream !== '' && stream !== 'watch') return false;
  if (!transforms(parameters)) return type !== PROTOBUF || restrictions.protobuf;
  if (!restrictions.transforms) return false;
  if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') return false;
  const as = parameters.get('as') ?? '';
  if (as === 'Table') return type !== PROTOBUF;
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
}

/** The answer with its content type as it was negotiated. What is no object with a kind stays as it is. */
export function inMediaType(response: ApiResponse, type: MediaType): ApiResponse {
  if (type === JSON_TYPE || response.headers['content-type'] !== JSON_TYPE) return response;
  const { body, events } = response;
  if (events === undefined && !(isJsonObject(body) && typeof body['kind'] === 'string')) return response;
  const contentType = events === undefined ? type : `${type};stream=watch`;
  return { ...response, headers: { ...response.headers, 'content-type': contentType } };
}
