import type { ApiRequest, ApiResponse } from '../../model/api-message.ts';
import { RawJson } from '../../model/raw-json.ts';
import { notAcceptable, unknownPath } from '../../model/status-errors.ts';
import type { ApiServer } from '../api-server.ts';
import { type OpenApiDocument, versionedUrl } from './openapi-documents.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const V2_TYPES: Readonly<Record<string, 'json' | 'protobuf'>> = {
  [JSON_TYPE]: 'json',
  [PROTOBUF_TYPE]: 'protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf': 'protobuf',
};
const YEAR_MILLISECONDS = 365 * 24 * 60 * 60 * 1000;

/** Answers `/openapi/v2`, `/openapi/v3` and what is below it, with an ETag; 304 for a document that the client has. */
export async function serveOpenApi(
  { openApi, now }: ApiServer,
  request: ApiRequest,
  [version, ...rest]: readonly string[],
): Promise<ApiResponse> {
  if (version === 'v2' && rest.length === 0) {
    const format = V2_TYPES[acceptedType(request, Object.keys(V2_TYPES))] ?? 'json';
    const document = await openApi.v2(format);
    return format === 'json' ? jsonAnswer(request, document) : protobufAnswer(request, document);
  }
  if (version !== 'v3') throw unknownPath();
  acceptedType(request, [JSON_TYPE]);
  if (rest.length === 0) return jsonAnswer(request, await openApi.index());
  const path = rest.join('/');
  const document = await openApi.v3(path);
  if (document === undefined) throw unknownPath();
  const hash = request.query?.get('hash') ?? '';
  if (hash === '') return jsonAnswer(request, document);
  if (hash !== document.etag) return { status: 301, headers: { location: versionedUrl(path, document.etag) } };
  return jsonAnswer(request, document, {
    'cache-control': 'public, immutable',
    expires: new Date(now().getTime() + YEAR_MILLISECONDS).toUTCString(),
  });
}

function jsonAnswer(request: ApiRequest, document: OpenApiDocument, more: Record<string, string> = {}): ApiResponse {
  return answer(request, document, {
    headers: { 'content-type': JSON_TYPE, ...more },
    body: new RawJson(document.bytes),
  });
}

function protobufAnswer(request: ApiRequest, document: OpenApiDocument): ApiResponse {
  return answer(request, document, { headers: { 'content-type': PROTOBUF_TYPE }, body: document.bytes });
}

function answer(
  request: ApiRequest,
  { etag }: OpenApiDocument,
  { headers, body }: { headers: Record<string, string>; body: unknown },
): ApiResponse {
  const tag = `"${etag}"`;
  const known = (request.headers?.['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  const all = { ...headers, etag: tag, vary: 'Accept' };
  return known.includes(tag) ? { status: 304, headers: all } : { status: 200, headers: all, body };
}

/** The type among `served` that the client likes best. Throws NotAcceptable when it takes none. */
function acceptedType({ headers }: ApiRequest, served: readonly string[]): string {
  const ranges = (headers?.['accept'] ?? '*/*').split(',').map((text) => {
    const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
    const quality = parameters.find((each) => each.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  for (const { type, quality } of ranges.sort((left, right) => right.quality - left.quality)) {
    if (quality === 0) continue;
    const found = type === '*/*' || type === 'application/*' ? served[0] : served.find((each) => each === type);
    if (found !== undefined) return found;
  }
  throw notAcceptable(served);
}
