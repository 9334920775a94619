import { compareBytes } from '../model/byte-order.ts';
import { KustomizeError } from './kustomize-error.ts';
import { mergeAssociativeList } from './merge-lists.ts';
import { clearField, nodeText, requireKind, setField } from './node-edit.ts';
import { type MergeSchema, mergeSchemaOf } from './merge-schema.ts';
import { isEmptyMapping, isMissingOrNull, type NodeKind, present, YamlNode } from './yaml-node.ts';

const DIRECTIVE = '$patch';

/** The result of a merge: a node, undefined for nothing, or a null that stays in the text. */
export interface Merged {
  readonly node: YamlNode | undefined;
  readonly keepNull?: boolean;
}

/**
 * Applies a strategic merge patch as kustomize does: lists of the kinds it has a schema of are merged, with new items first;
 * others are replaced; `$patch: delete | replace | merge` and null are followed. The object is changed, the patch is used up.
 * Returns undefined when the patch deletes the object.
 */
export function mergePatch(object: YamlNode, patch: YamlNode): YamlNode | undefined {
  return mergeNodes(object, patch, undefined).node;
}

/** Merges a patch's node into what is there; either may be missing. */
export function mergeNodes(
  destination: YamlNode | undefined,
  patch: YamlNode | undefined,
  known: MergeSchema | undefined,
): Merged {
  const schema = known ?? ownSchema(destination) ?? ownSchema(patch);
  switch (present(destination)?.kind ?? present(patch)?.kind) {
    case 'sequence':
      requireBoth(destination, patch, 'sequence');
      return { node: mergeLists(destination, patch, schema) };
    case 'scalar':
      requireBoth(destination, patch, 'scalar');
      return { node: patch ?? destination };
    case 'mapping':
    case undefined:
      requireBoth(destination, patch, 'mapping');
      return mergeMappings(destination, patch, schema);
  }
}

function requireBoth(destination: YamlNode | undefined, patch: YamlNode | undefined, kind: NodeKind): void {
  requireKind(destination, kind);
  requireKind(patch, kind);
}

/** A mapping with apiVersion and kind has a schema of its own wherever it stands. */
function ownSchema(node: YamlNode | undefined): MergeSchema | undefined {
  const apiVersion = node?.field('apiVersion');
  const kind = node?.field('kind');
  if (apiVersion === undefined || kind === undefined) return undefined;
  return mergeSchemaOf(apiVersion.text, kind.text);
}

function mergeMappings(
  destination: YamlNode | undefined,
  patch: YamlNode | undefined,
  schema: MergeSchema | undefined,
): Merged {
  const target = chosenMapping(destination, patch);
  if (target.node === undefined) return target;
  const names = new Set([...(target.node.fields ?? []), ...(patch?.fields ?? [])].map(({ key }) => key));
  for (const name of [...names].sort(compareBytes)) {
    const { node, keepNull } = mergeNodes(target.node.field(name), patch?.field(name), schema?.field(name));
    setField(target.node, name, node, keepNull ?? false);
  }
  return target;
}

function chosenMapping(destination: YamlNode | undefined, patch: YamlNode | undefined): Merged {
  if (destination === undefined || isMissingOrNull(destination)) {
    if (patch !== undefined && directiveOrNone(patch) === 'delete') return { node: undefined };
    if (patch === undefined && destination !== undefined && destination.value !== '') {
      return { node: YamlNode.scalar(destination.value, '!!null'), keepNull: true };
    }
    return { node: patch };
  }
  if (patch !== undefined && isMissingOrNull(patch)) return { node: undefined };
  const directive = patch === undefined ? 'merge' : directiveOf(patch);
  if (directive === 'delete') return { node: undefined };
  return { node: directive === 'replace' ? patch : destination };
}

function mergeLists(
  destination: YamlNode | undefined,
  patch: YamlNode | undefined,
  schema: MergeSchema | undefined,
): YamlNode | undefined {
  const keys = schema?.mergeKeys;
  if (keys === undefined) return patch ?? destination;
  const target = chosenList(destination, patch);
  if (target === undefined) return undefined;
  const elements = schema?.elements();
  return mergeAssociativeList(target, patch, keys, (item, patchItem) => mergeNodes(item, patchItem, elements).node);
}

function chosenList(destination: YamlNode | undefined, patch: YamlNode | undefined): YamlNode | undefined {
  if (destination === undefined || isMissingOrNull(destination)) return patch;
  if (patch !== undefined && isMissingOrNull(patch)) return undefined;
  const directive = patch === undefined ? 'merge' : directiveOf(patch);
  if (directive === 'delete') return undefined;
  return directive === 'replace' ? patch : destination;
}

type Directive = 'delete' | 'replace' | 'merge';

/** The patch's directive, which is taken out of it. Throws KustomizeError for one that is none. */
function directiveOf(patch: YamlNode): Directive {
  if (patch.kind === 'mapping') {
    const value = patch.field(DIRECTIVE);
    if (value === undefined) return 'merge';
    const directive = checkedDirective(value.value);
    clearField(patch, DIRECTIVE);
    return directive;
  }
  if (patch.kind !== 'sequence') {
    throw new KustomizeError(`no implemented strategic merge patch strategy for '${patch.tag}' ('${nodeText(patch)}')`);
  }
  const value = patch.items.find((item) => item.field(DIRECTIVE) !== undefined);
  if (value === undefined || value.fields.length > 1) return 'merge';
  const directive = checkedDirective(value.field(DIRECTIVE)?.value ?? '');
  patch.items = patch.items.filter(
    (item) => !isMissingOrNull(item) && !isEmptyMapping(item) && item.field(DIRECTIVE)?.value !== directive,
  );
  return directive;
}

function directiveOrNone(patch: YamlNode): Directive | undefined {
  try {
    return isMissingOrNull(patch) ? undefined : directiveOf(patch);
  } catch {
    return undefined;
  }
}

function checkedDirective(text: string): Directive {
  if (text === 'delete' || text === 'replace' || text === 'merge') return text;
  throw new KustomizeError(`unknown patch strategy '${text}'`);
}
