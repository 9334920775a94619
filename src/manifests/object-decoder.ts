import { isJsonObject, type JsonObject, type JsonValue } from '../model/json-value.ts';
import { compactJson } from '../model/json-printer.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { UserError } from '../model/user-error.ts';
import { goKindName, metadataError } from './metadata-types.ts';

const STOP_VALIDATION = 'if you choose to ignore these errors, turn validation off with --validate=false';

/** What client-side validation says of a document before it is decoded, in kubectl's words; undefined for a good one. */
export function headerError(value: JsonValue, source: string): UserError | undefined {
  const text = headerProblem(value);
  if (text === undefined) return undefined;
  const quoted = JSON.stringify(source);
  return new UserError(`error validating ${quoted}: error validating data: ${text}; ${STOP_VALIDATION}`);
}

/** The same without the source and the advice. */
export function headerProblem(value: JsonValue): string | undefined {
  const errors = isJsonObject(value) ? headerErrors(value) : ['invalid object to validate'];
  return errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
}

function headerErrors({ apiVersion, kind }: JsonObject): string[] {
  const errors: string[] = [];
  if (apiVersion === undefined || apiVersion === null) errors.push('apiVersion not set');
  else if (typeof apiVersion !== 'string') errors.push("apiVersion isn't string type");
  else if (apiVersion.split('/').length > 2) errors.push(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === undefined || kind === null) errors.push('kind not set');
  else if (typeof kind !== 'string') errors.push("kind isn't string type");
  return errors;
}

/**
 * Turns a document into objects as kubectl decodes one: a document with `items` is a list, of whatever kind, and its items
 * are the objects; items of a typed list get their kind from it. What cannot be decoded comes as an error among them.
 * `raw` is the text of a document that was JSON.
 */
export function* decodeObjects(value: JsonValue, source: string, raw?: string): Generator<KubeObject | UserError> {
  if (!isJsonObject(value)) {
    yield undecodable(
      source,
      `json: cannot unmarshal ${goKindName(value)} into Go value of type unstructured.detector`,
    );
    return;
  }
  const problem = listError(value) ?? documentError(value, raw);
  if (problem !== undefined) yield undecodable(source, problem);
  else if (value['items'] === undefined) yield completed(value);
  else yield* listItems(value);
}

function undecodable(source: string, why: string): UserError {
  return new UserError(`unable to decode ${JSON.stringify(source)}: ${why}`);
}

function documentError(value: JsonObject, raw: string | undefined): string | undefined {
  if (typeof value['kind'] !== 'string' || value['kind'] === '') {
    return `Object 'Kind' is missing in '${raw ?? compactJson(value, { sortKeys: true })}'`;
  }
  return metadataError(value);
}

function listError({ items }: JsonObject): string | undefined {
  if (items === undefined || items === null) return undefined;
  if (!Array.isArray(items)) {
    return `json: cannot unmarshal ${goKindName(items)} into Go struct field decodeList.items of type []json.RawMessage`;
  }
  const wrong = items.find((item) => item !== null && !isJsonObject(item));
  if (wrong === undefined) return undefined;
  return `json: cannot unmarshal ${goKindName(wrong)} into Go value of type map[string]interface {}`;
}

function* listItems(list: JsonObject): Generator<KubeObject | UserError> {
  const items = (Array.isArray(list['items']) ? list['items'] : []).map((item) => (isJsonObject(item) ? item : {}));
  if (items.some((item) => Array.isArray(item['items']))) {
    yield new UserError('*unstructured.Unstructured is not a list: no Items field in this object');
    return;
  }
  const kind = typeof list['kind'] === 'string' ? list['kind'].replace(/List$/, '') : '';
  for (const item of items) {
    const typed = !hasText(item['kind']) && !hasText(item['apiVersion']);
    const object = typed ? { ...item, kind, apiVersion: list['apiVersion'] ?? '' } : item;
    yield itemError(object) ?? completed(object);
  }
}

function itemError(item: JsonObject): UserError | undefined {
  const missing = hasText(item['kind'])
    ? hasText(item['apiVersion'])
      ? undefined
      : "Object 'apiVersion' is missing in 'object has no apiVersion field'"
    : "Object 'Kind' is missing in 'object has no kind field '";
  if (missing === undefined) return undefined;
  return new UserError(`unable to get type info from the object "*unstructured.Unstructured": ${missing}`);
}

function hasText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

/** The value as an object with the fields that every object has. */
function completed(value: JsonObject): KubeObject {
  const { apiVersion, metadata } = value;
  const filled: JsonObject = value;
  if (typeof apiVersion !== 'string') filled['apiVersion'] = '';
  if (metadata === undefined || metadata === null) filled['metadata'] = {};
  return filled as unknown as KubeObject;
}
