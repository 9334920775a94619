import { goQuote } from '../model/go-text.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { FileLoader } from './file-loader.ts';
import type { PatchEntry } from './kustomization.ts';
import { errorText, KustomizeError } from './kustomize-error.ts';
import { jsonPatchObject, patchObject, patchObjects, readJsonPatch } from './patch-object.ts';
import { readResources } from './read-resources.ts';
import type { ResMap } from './res-map.ts';
import type { Resource } from './resource.ts';
import { idText } from './res-id.ts';
import { type Selector, selectorText } from './selector.ts';
import { selectorOf } from './selector-fields.ts';
import type { Transformer } from './transformer.ts';
import { pluginConfig } from './plugin-config.ts';

/** An entry of `patches`: a strategic merge patch or a JSON patch, told apart by what it looks like. */
export function patchTransformer(entry: PatchEntry, loader: FileLoader): Transformer {
  const { text, source } = patchText(entry, loader);
  const merge = attempt(() => readResources(text));
  const json = attempt(() => readJsonPatchText(text));
  if (merge.error !== undefined && json.error !== undefined) {
    throw new KustomizeError(`unable to parse SM or JSON patch from ${source}`);
  }
  const target = entry.target === undefined ? undefined : selectorOf(entry.target);
  const kind = 'PatchTransformer';
  const patches = merge.value ?? [];
  if (patches.length === 0) {
    return { kind, transform: (objects) => applyJson(objects, json.value ?? [], target, source) };
  }
  for (const patch of patches) {
    for (const note of ['allowNameChange', 'allowKindChange'] as const) {
      if (entry.options?.[note] === true) patch.note(note);
    }
  }
  return { kind, transform: (objects) => applyMerge(objects, patches, target, source) };
}

function patchText(entry: PatchEntry, loader: FileLoader): { text: string; source: string } {
  const patch = (entry.patch ?? '').trim();
  const path = entry.path ?? '';
  if (patch === '' && path === '') {
    throw new KustomizeError(`must specify one of patch and path in\n${pluginConfig(entry)}`);
  }
  if (patch !== '' && path !== '') {
    throw new KustomizeError(`patch and path can't be set at the same time\n${pluginConfig(entry)}`);
  }
  if (patch !== '') return { text: patch, source: `[patch: ${goQuote(patch)}]` };
  try {
    return { text: loader.text(path), source: `[path: ${goQuote(path)}]` };
  } catch (error) {
    throw new KustomizeError(`failed to get the patch file from path(${path}): ${errorText(error)}`);
  }
}

function readJsonPatchText(text: string): JsonValue[] {
  if (text === '') throw new KustomizeError('empty json patch operations');
  return readJsonPatch(text);
}

interface Attempt<T> {
  readonly value?: T;
  readonly error?: unknown;
}

function attempt<T>(produce: () => T): Attempt<T> {
  try {
    return { value: produce() };
  } catch (error) {
    return { error };
  }
}

function applyMerge(objects: ResMap, patches: readonly Resource[], target: Selector | undefined, source: string): void {
  if (target !== undefined) {
    const [patch, another] = patches;
    if (another !== undefined || patch === undefined) {
      throw new KustomizeError(
        `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`,
      );
    }
    patchObjects(objects, selected(objects, target), patch);
    return;
  }
  for (const patch of patches) {
    const id = patch.originalId;
    let resource: Resource;
    try {
      resource = objects.byId(id);
    } catch (error) {
      throw new KustomizeError(`no resource matches strategic merge patch ${goQuote(idText(id))}: ${errorText(error)}`);
    }
    patchObject(resource, patch);
  }
}

function selected(objects: ResMap, target: Selector): Resource[] {
  try {
    return objects.select(target);
  } catch (error) {
    throw new KustomizeError(
      `unable to find patch target ${goQuote(selectorText(target))} in \`resources\`: ${errorText(error)}`,
    );
  }
}

function applyJson(objects: ResMap, patch: JsonValue[], target: Selector | undefined, source: string): void {
  if (target === undefined) throw new KustomizeError(`must specify a target for JSON patch ${source}`);
  for (const resource of objects.select(target)) {
    resource.storePreviousId();
    jsonPatchObject(resource, patch);
  }
}

/** All of `patchesStrategicMerge`, each the text of patches or the path of a file with them. */
export function strategicMergeTransformer(paths: readonly string[], loader: FileLoader): Transformer {
  const patches = paths.flatMap((path) => {
    const inline = attempt(() => readResources(path)).value;
    return inline ?? readResourcesOf(path, loader);
  });
  if (patches.length === 0) {
    throw new KustomizeError(`patch appears to be empty; files=[${paths.join(' ')}], Patch=`);
  }
  return {
    kind: 'PatchStrategicMergeTransformer',
    transform(objects) {
      for (const patch of patches) patchObjects(objects, [objects.byId(patch.originalId)], patch);
    },
  };
}

function readResourcesOf(path: string, loader: FileLoader): Resource[] {
  const text = loader.text(path);
  try {
    return readResources(text);
  } catch (error) {
    throw inFile(error, path);
  }
}

/** An error of a file's YAML, with the file. */
export function inFile(error: unknown, path: string): unknown {
  const text = errorText(error);
  return text.includes('MalformedYAMLError') ? new KustomizeError(`${text} in File: ${path}`) : error;
}

/** An entry of `patchesJson6902`. */
export function jsonPatchTransformer(entry: PatchEntry, loader: FileLoader): Transformer {
  const { path = '', patch = '' } = entry;
  if (!entry.target?.name) throw new KustomizeError('must specify the target name');
  if (path === '' && patch === '') throw new KustomizeError('empty file path and empty jsonOp');
  if (path !== '' && patch !== '') throw new KustomizeError('must specify a file path or jsonOp, not both');
  const text = path === '' ? patch : loader.text(path);
  if (text === '') throw new KustomizeError(`patch file '${path}' empty seems to be empty`);
  const operations = readJsonPatch(text);
  if (operations.length === 0) {
    throw new KustomizeError(`patch appears to be empty; file=${path}, JsonOp=${text}`);
  }
  const target = selectorOf(entry.target);
  return {
    kind: 'PatchJson6902Transformer',
    transform(objects) {
      for (const resource of objects.select(target)) jsonPatchObject(resource, operations);
    },
  };
}
