import type { IncomingMessage } from 'node:http';
import { badRequest, tooLarge, unsupportedMediaType } from '../model/status-errors.ts';
import { RawJson } from '../model/raw-json.ts';
import { UserError } from '../model/user-error.ts';
import { parseWireJson, wireJsonText } from '../model/wire-json.ts';

/** kube-apiserver's limit of a request's body. */
export const MOST_BODY_BYTES = 3 * 1024 * 1024;
/** A body beyond the limit is read on so far, so that its sender gets to see why it was refused. */
const MOST_DISCARDED_BYTES = 64 * 1024 * 1024;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const OBJECTS = ['application/json', 'application/yaml', PROTOBUF];
/** What objects of custom resources come as. */
const CUSTOM_OBJECTS = ['application/json', 'application/yaml'];
const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/**
 * The request's body as a plain value; undefined when there is none. Throws StatusError: 413 for a body beyond the limit,
 * 415 for a type that is not read, 400 for one that cannot be parsed.
 */
export async function readRequestBody(request: IncomingMessage, limit = MOST_BODY_BYTES): Promise<unknown> {
  if (hasNoBody(request)) return undefined;
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return undefined;
  const [mediaType = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
  const accepted = await acceptedTypes(request, mediaType.trim());
  return decodeBody(bytes, mediaType.trim(), accepted);
}

/** The types that are read. Objects of custom resources have no protobuf, though the options of their deletion do. */
async function acceptedTypes({ method, url = '' }: IncomingMessage, mediaType: string): Promise<readonly string[]> {
  if (method === 'PATCH') return PATCHES;
  if (mediaType !== PROTOBUF || (method !== 'POST' && method !== 'PUT')) return OBJECTS;
  const [, group] = /^\/apis\/([^/?]+)\//.exec(url) ?? [];
  if (group === undefined) return OBJECTS;
  const { builtInResources } = await import('../model/schema/built-in-resources.ts');
  return builtInResources().some((each) => each.group === group) ? OBJECTS : CUSTOM_OBJECTS;
}

/** Whether a request came whole and without a body, which reading would only find out at some expense. */
function hasNoBody({ complete, headers }: IncomingMessage): boolean {
  return complete && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/** Whether a request itself says that its body is longer than anybody would wait for. */
export function isHopeless({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > MOST_DISCARDED_BYTES;
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  if (isHopeless(request)) throw tooLarge(`Request entity too large: limit is ${limit}`);
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (length > MOST_DISCARDED_BYTES) break;
  }
  if (length > limit) throw tooLarge(`Request entity too large: limit is ${limit}`);
  return Buffer.concat(chunks);
}

/** Reads what is left of a body, up to a limit, and drops it: an answer on top of unread bytes would be lost. */
export async function discardBody(request: IncomingMessage, limit = MOST_DISCARDED_BYTES): Promise<void> {
  let length = 0;
  // Leaving the loop early must not destroy the connection that the answer goes over.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return;
  }
}

async function decodeBody(bytes: Buffer, mediaType: string, accepted: readonly string[]): Promise<unknown> {
  const isPatch = accepted === PATCHES;
  if (mediaType !== '' && !accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  if (mediaType === PROTOBUF) return decodeProtobuf(bytes);
  const text = bytes.toString('utf8');
  // JSON is YAML too, and is read as JSON: an apply patch mostly comes so.
  const isYaml = mediaType.endsWith('yaml') && !/^\s*\{/.test(text);
  // A patch is no object with a kind: whoever applies it says what is wrong with its text.
  if (isPatch && !isYaml) return new RawJson(bytes);
  return isYaml ? parseYamlBody(text) : parseJsonBody(text, bytes);
}

async function decodeProtobuf(bytes: Buffer): Promise<unknown> {
  const [{ decodeObject }, { ProtobufError }] = await Promise.all([
    import('../model/protobuf/decode-object.ts'),
    import('../model/protobuf/protobuf-error.ts'),
  ]);
  try {
    // As JSON would have brought it: nothing in it is kept as raw bytes.
    return parseWireJson(wireJsonText(decodeObject(bytes)));
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw badRequest(`error decoding protobuf: ${error.message}`);
  }
}

async function parseYamlBody(text: string): Promise<unknown> {
  const { parseYaml } = await import('../model/yaml.ts');
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw badRequest(`error decoding YAML: ${error.message}`);
  }
}

async function parseJsonBody(text: string, bytes: Buffer): Promise<unknown> {
  try {
    return parseWireJson(text);
  } catch (error) {
    const why = (await goJsonProblem(text)) ?? (error instanceof Error ? error.message : String(error));
    const start = bytes.subarray(0, 30).toString('hex') + (bytes.length > 30 ? ' ...' : '');
    throw badRequest(
      `the object provided is unrecognized: couldn't get version/kind; json parse error: ${why} (${start})`,
    );
  }
}

/** What Go's encoding/json says of a text that is no JSON. */
async function goJsonProblem(text: string): Promise<string | undefined> {
  const { JsonSyntaxError, readJsonValue } = await import('../model/json-reader.ts');
  try {
    readJsonValue(text, 0);
    return undefined;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) return undefined;
    // Said by json.Unmarshal, which has the whole text, instead of json.Decoder.
    return error.message === 'unexpected EOF' ? 'unexpected end of JSON input' : error.message;
  }
}
