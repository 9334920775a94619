import { PatchError } from '../model/patch/patch-error.ts';
import { applyJsonPatch } from '../model/patch/json-patch.ts';
import { isJsonObject, type JsonValue } from '../model/json-value.ts';
import { readJsonValue } from '../model/json-reader.ts';
import { parseYaml } from '../model/yaml.ts';
import { KustomizeError } from './kustomize-error.ts';
import { mergePatch } from './merge-nodes.ts';
import { jsonToNode } from './node-json.ts';
import type { Resource } from './resource.ts';
import type { ResMap } from './res-map.ts';
import { YamlNode } from './yaml-node.ts';

/** Merges a strategic merge patch, which is used up, into an object; it keeps its name and kind unless the patch may change them. */
export function patchObject(resource: Resource, patch: Resource): void {
  const { name, namespace, kind } = resource;
  const renames = patch.isNoted('allowNameChange');
  const changesKind = patch.isNoted('allowKindChange');
  if (renames || changesKind) resource.storePreviousId();
  const merged = mergePatch(resource.node, patch.node);
  resource.node.assign(merged ?? new YamlNode('mapping'));
  if (resource.isGone) return;
  if (!changesKind) resource.setKind(kind);
  if (!renames) resource.setName(name);
  resource.setNamespace(namespace);
}

/** Merges a strategic merge patch into each of the chosen objects. */
export function patchObjects(objects: ResMap, chosen: readonly Resource[], patch: Resource): void {
  const wanted = new Set(chosen);
  for (const resource of objects.resources) {
    if (!wanted.has(resource)) continue;
    const own = patch.copy();
    own.takeMetadataFrom(patch);
    const { kind } = patch;
    own.setGvk(resource.gvk);
    own.setKind(kind);
    patchObject(resource, own);
  }
  const left = objects.resources.filter((resource) => !resource.isGone);
  objects.reset([]);
  objects.appendAll(left);
}

/** The operations of a JSON patch, which may be YAML. Throws for text that is none. */
export function readJsonPatch(text: string): JsonValue[] {
  const value = text.startsWith('[') ? readWholeJson(text) : parseYaml(text);
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw new KustomizeError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type jsonpatch.Patch`);
  }
  const wrong = value.find((operation) => operation !== null && !isJsonObject(operation));
  if (wrong === undefined) return value;
  throw new KustomizeError(`json: cannot unmarshal ${jsonKind(wrong)} into Go value of type jsonpatch.Operation`);
}

function readWholeJson(text: string): JsonValue {
  const read = readJsonValue(text, 0);
  if (read === undefined) throw new KustomizeError('unexpected end of JSON input');
  const rest = text.slice(read.end).trim();
  if (rest !== '') throw new KustomizeError(`invalid character '${rest.charAt(0)}' after top-level value`);
  return read.value;
}

function jsonKind(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'number';
}

const LIMITS = { maxOperations: Number.POSITIVE_INFINITY, maxCopyBytes: Number.POSITIVE_INFINITY };

/** Applies a JSON patch to an object. What kustomize noted on it stays. */
export function jsonPatchObject(resource: Resource, patch: JsonValue[]): void {
  const notes = resource.internalAnnotations();
  let patched: JsonValue;
  try {
    patched = applyJsonPatch(resource.toJson(), patch, LIMITS);
  } catch (error) {
    if (error instanceof PatchError) throw new KustomizeError(error.message);
    throw error;
  }
  if (!isJsonObject(patched)) {
    throw new KustomizeError(
      `json: cannot unmarshal ${jsonKind(patched)} into Go value of type map[string]interface {}`,
    );
  }
  resource.node.assign(jsonToNode(patched));
  resource.annotations = new Map([...resource.annotations, ...notes]);
}
