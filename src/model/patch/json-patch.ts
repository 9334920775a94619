import { deepEqual } from '../deep-equal.ts';
import { goQuote } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { wireJsonText } from '../wire-json.ts';
import { isContainer, ownField, plainCopy, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/** Bounds on a JSON patch; the defaults are kube-apiserver's. */
export interface JsonPatchLimits {
  /** How many operations a patch may have. */
  readonly maxOperations: number;
  /** How many bytes of JSON all `copy` operations of a patch may add up to. */
  readonly maxCopyBytes: number;
}

const JSON_PATCH_LIMITS: JsonPatchLimits = { maxOperations: 10_000, maxCopyBytes: 3 * 1024 * 1024 };

type Container = JsonObject | JsonValue[];

/** The document while it is being patched. The root is boxed because `replace` may exchange it. */
interface Patching {
  root: Container;
  copied: number;
  readonly limits: JsonPatchLimits;
}

const INT64_LIMIT = 2n ** 63n;

/**
 * Applies an RFC 6902 patch the way kube-apiserver does (gopkg.in/evanphx/json-patch.v4), with that library's leniencies:
 * `replace` and `copy` accept a missing key of an object, a missing value is null, negative indices count from the end.
 * Neither argument is changed, nor shared with the result. Throws PatchError: BadRequest when the patch is none, TooLarge,
 * or Unprocessable when it does not apply.
 */
export function applyJsonPatch(
  document: JsonValue,
  patch: JsonValue,
  limits: JsonPatchLimits = JSON_PATCH_LIMITS,
): JsonValue {
  const operations = decodePatch(patch);
  if (operations.length > limits.maxOperations) {
    throw new PatchError(
      'TooLarge',
      `The allowed maximum operations in a JSON patch is ${limits.maxOperations}, got ${operations.length}`,
    );
  }
  const root = plainCopy(document);
  if (!isContainer(root)) throw new PatchError('BadRequest', 'invalid JSON document');
  const patching: Patching = { root, copied: 0, limits };
  for (const operation of operations) applyOperation(patching, operation);
  return patching.root;
}

function decodePatch(patch: JsonValue): JsonObject[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw notDecoded(patch, 'jsonpatch.Patch');
  return patch.map((operation) => {
    if (operation === null) return {};
    if (!isJsonObject(operation)) throw notDecoded(operation, 'jsonpatch.Operation');
    return operation;
  });
}

function notDecoded(value: JsonValue, type: string): PatchError {
  return new PatchError('BadRequest', unmarshalText(value, type));
}

function unmarshalText(value: JsonValue, type: string): string {
  let kind: string = typeof value;
  if (kind === 'boolean') kind = 'bool';
  if (kind === 'bigint') kind = 'number';
  if (Array.isArray(value)) kind = 'array';
  return `json: cannot unmarshal ${kind} into Go value of type ${type}`;
}

function applyOperation(patching: Patching, operation: JsonObject): void {
  const named = ownField(operation, 'op');
  const kind = typeof named === 'string' ? named : 'unknown';
  switch (kind) {
    case 'add':
      return add(patching, operation);
    case 'remove':
      return remove(patching, operation);
    case 'replace':
      return replace(patching, operation);
    case 'move':
      return move(patching, operation);
    case 'test':
      return test(patching, operation);
    case 'copy':
      return copy(patching, operation);
    default:
      throw refused(`Unexpected kind: ${kind}`);
  }
}

function add(patching: Patching, operation: JsonObject): void {
  const path = pathOr(operation, () => 'add operation failed to decode path: missing value');
  const place = find(patching.root, path);
  if (!place) throw refused(`add operation does not apply: doc is missing path: "${path}": missing value`);
  addAt(place, valueOf(operation), `error in add for path: '${path}': `);
}

function remove(patching: Patching, operation: JsonObject): void {
  const path = pathOr(operation, () => 'remove operation failed to decode path: missing value');
  const place = find(patching.root, path);
  if (!place) throw refused(`remove operation does not apply: doc is missing path: "${path}": missing value`);
  removeAt(place, `error in remove for path: '${path}': `);
}

function replace(patching: Patching, operation: JsonObject): void {
  const path = pathOr(operation, (cause) => `replace operation failed to decode path: ${cause}`);
  if (path === '') {
    const value = valueOf(operation);
    if (!isContainer(value)) throw refused('replace operation value must be object or array: %!w(<nil>)');
    patching.root = value;
    return;
  }
  const place = find(patching.root, path);
  if (!place) throw refused(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const { container, key } = place;
  if (Array.isArray(container)) {
    const index = indexIn(container, key);
    if (typeof index === 'string') {
      throw refused(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    }
    container[index] = valueOf(operation);
  } else {
    setOwnField(container, key, valueOf(operation));
  }
}

function move(patching: Patching, operation: JsonObject): void {
  const from = fromOr(operation, (cause) => `move operation failed to decode from: ${cause}`);
  const source = find(patching.root, from);
  if (!source) throw refused(`move operation does not apply: doc is missing from path: ${from}: missing value`);
  const prefix = `error in move for path: '${source.key}': `;
  const value = read(source, prefix) ?? null;
  removeAt(source, prefix);
  const path = pathOr(operation, (cause) => `move operation failed to decode path: ${cause}`);
  const place = find(patching.root, path);
  if (!place) throw refused(`move operation does not apply: doc is missing destination path: ${path}: missing value`);
  addAt(place, value, `error in move for path: '${path}': `);
}

function test(patching: Patching, operation: JsonObject): void {
  const path = pathOr(operation, (cause) => `test operation failed to decode path: ${cause}`);
  const place = path === '' ? undefined : find(patching.root, path);
  if (path !== '' && !place) throw refused(`test operation does not apply: is missing path: ${path}: missing value`);
  const actual = place ? read(place, `error in test for path: '${path}': `) : patching.root;
  if (!deepEqual(actual ?? null, ownField(operation, 'value') ?? null)) {
    throw refused(`testing value ${path} failed: test failed`);
  }
}

function copy(patching: Patching, operation: JsonObject): void {
  const from = fromOr(operation, (cause) => `copy operation failed to decode from: ${cause}`);
  const source = find(patching.root, from);
  if (!source) throw refused(`copy operation does not apply: doc is missing from path: ${from}: missing value`);
  const value = read(source, `error in copy for from: '${from}': `);
  const path = pathOr(operation, () => 'copy operation failed to decode path: missing value');
  const place = find(patching.root, path);
  if (!place) throw refused(`copy operation does not apply: doc is missing destination path: ${path}: missing value`);
  if (value !== undefined && value !== null) patching.copied += Buffer.byteLength(wireJsonText(value));
  const limit = patching.limits.maxCopyBytes;
  if (patching.copied > limit) {
    throw refused(
      `Unable to complete the copy, the accumulated size increase of copy is ${patching.copied}, exceeding the limit ${limit}`,
    );
  }
  addAt(place, plainCopy(value ?? null), 'error while adding value during copy: ');
}

/** Where a pointer leads: the container that holds (or would hold) the value, and the last token. */
interface Place {
  readonly container: Container;
  readonly key: string;
}

/** Undefined when a container on the way is missing. What stands before the first slash is not looked at, as upstream. */
function find(root: Container, pointer: string): Place | undefined {
  const tokens = pointer.split('/').slice(1).map(decodeToken);
  const key = tokens.pop();
  if (key === undefined) return undefined;
  let container = root;
  for (const token of tokens) {
    const next = Array.isArray(container) ? itemAt(container, token) : ownField(container, token);
    if (!isContainer(next)) return undefined;
    container = next;
  }
  return { container, key };
}

function decodeToken(token: string): string {
  return token.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'));
}

function itemAt(list: JsonValue[], token: string): JsonValue | undefined {
  const index = indexIn(list, token);
  return typeof index === 'string' ? undefined : list[index];
}

function read({ container, key }: Place, prefix: string): JsonValue | undefined {
  if (!Array.isArray(container)) return ownField(container, key);
  const index = indexIn(container, key);
  if (typeof index === 'string') throw refused(prefix + index);
  return container[index];
}

function addAt({ container, key }: Place, value: JsonValue, prefix: string): void {
  if (!Array.isArray(container)) return setOwnField(container, key, value);
  if (key === '-') {
    container.push(value);
    return;
  }
  const index = parseIndex(key);
  if (typeof index === 'string') throw refused(`${prefix}value was not a proper array index: '${key}': ${index}`);
  const place = index < 0 ? index + container.length + 1 : index;
  if (place < 0 || place > container.length) throw refused(prefix + invalidIndex(index));
  container.splice(place, 0, value);
}

function removeAt({ container, key }: Place, prefix: string): void {
  if (Array.isArray(container)) {
    const index = indexIn(container, key);
    if (typeof index === 'string') throw refused(prefix + index);
    container.splice(index, 1);
    return;
  }
  if (ownField(container, key) === undefined) {
    throw refused(`${prefix}Unable to remove nonexistent key: ${key}: missing value`);
  }
  delete container[key];
}

/** The place of an existing item, or why there is none. */
function indexIn(list: JsonValue[], token: string): number | string {
  const index = parseIndex(token);
  if (typeof index === 'string') return index;
  const place = index < 0 ? index + list.length : index;
  return place < 0 || place >= list.length ? invalidIndex(index) : place;
}

/** A number as Go's strconv.Atoi reads it, or its complaint. */
function parseIndex(token: string): number | string {
  if (!/^[+-]?[0-9]+$/.test(token)) return `strconv.Atoi: parsing ${goQuote(token)}: invalid syntax`;
  const exact = BigInt(token.replace(/^\+/, ''));
  if (exact < -INT64_LIMIT || exact >= INT64_LIMIT) {
    return `strconv.Atoi: parsing ${goQuote(token)}: value out of range`;
  }
  return Number(exact);
}

function invalidIndex(index: number): string {
  return `Unable to access invalid index: ${index}: invalid index referenced`;
}

function pathOr(operation: JsonObject, message: (cause: string) => string): string {
  return textOr(ownField(operation, 'path'), 'operation missing path field: missing value', message);
}

function fromOr(operation: JsonObject, message: (cause: string) => string): string {
  return textOr(ownField(operation, 'from'), 'operation, missing from field: missing value', message);
}

function textOr(value: JsonValue | undefined, missing: string, message: (cause: string) => string): string {
  if (typeof value === 'string') return value;
  throw refused(message(value === undefined || value === null ? missing : unmarshalText(value, 'string')));
}

function valueOf(operation: JsonObject): JsonValue {
  return plainCopy(ownField(operation, 'value') ?? null);
}

function refused(message: string): PatchError {
  return new PatchError('Unprocessable', message);
}
