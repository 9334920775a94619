import type { Gvk } from './res-id.ts';
import { idText, isSelected, parseApiVersion } from './res-id.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { ensureField, getField } from './node-edit.ts';
import { lookUp, splitPath } from './node-path.ts';
import { isMissingOrNull, type NodeKind, NULL_TAG, type YamlNode } from './yaml-node.ts';

/** Which field of which kinds a transformer changes. */
export interface FieldSpec extends Gvk {
  /** Names between slashes; lists are walked through, `name[]` must be one. */
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create: boolean;
}

/** What a field spec does to each field that it finds. */
export interface FieldChange {
  readonly set: (field: YamlNode) => void;
  /** What a missing field is made as, where the spec allows it; nothing is made without it. */
  readonly createKind?: NodeKind;
  readonly createTag?: string;
}

/** Applies the change to the fields of the object that the spec names. Throws KustomizeError that says where. */
export function applyFieldSpec(object: YamlNode, spec: FieldSpec, change: FieldChange): void {
  const gvk = gvkOf(object);
  if (!isSelected(gvk, spec)) return;
  try {
    walk(object, splitPath(spec.path, '/'), spec, change);
  } catch (error) {
    const metadata = object.field('metadata');
    const name = metadata?.field('name')?.value ?? '';
    const namespace = metadata?.field('namespace')?.value ?? '';
    throw wrapError(
      error,
      `considering field '${spec.path}' of object ${idText({ ...gvk, name, namespace, clusterScoped: false })}`,
    );
  }
}

function gvkOf(object: YamlNode): Gvk {
  const kind = object.field('kind')?.value ?? '';
  return { ...parseApiVersion(object.field('apiVersion')?.value ?? ''), kind };
}

function walk(node: YamlNode, path: readonly string[], spec: FieldSpec, change: FieldChange): void {
  if (path.length === 0) {
    change.set(node);
    return;
  }
  if (isMissingOrNull(node)) return;
  if (node.kind === 'sequence') walkItems(node, path, spec, change);
  else if (node.kind === 'mapping') walkField(node, path, spec, change);
  else throw new KustomizeError('expected sequence or mapping node');
}

function walkItems(list: YamlNode, path: readonly string[], spec: FieldSpec, change: FieldChange): void {
  for (const item of list.items) {
    try {
      walk(item, path, spec, change);
    } catch (error) {
      throw wrapError(error, `visit traversal on path: [${path.join(' ')}]`);
    }
  }
}

function walkField(mapping: YamlNode, path: readonly string[], spec: FieldSpec, change: FieldChange): void {
  const [part = '', ...rest] = path;
  const isList = part.endsWith('[]');
  const name = isList ? part.slice(0, -2) : part;
  if (name === '') throw new KustomizeError('cannot set or create an empty field name');
  const creates = spec.create && change.createKind !== undefined && !isList;
  const kind = creates && rest.length > 0 ? 'mapping' : creates ? change.createKind : undefined;
  const field = fieldOf(mapping, name, kind);
  if (field === undefined) return;
  const becomes = isList ? 'sequence' : kind;
  if (field.tag === NULL_TAG && becomes !== undefined) {
    field.kind = becomes;
    field.tag = isList ? '' : rest.length === 0 ? (change.createTag ?? '') : '!!map';
  }
  walk(field, rest, spec, change);
}

function fieldOf(mapping: YamlNode, name: string, kind: NodeKind | undefined): YamlNode | undefined {
  try {
    if (kind === undefined) return lookUp(mapping, [name]);
    return getField(mapping, name) ?? ensureField(mapping, [name], kind);
  } catch (error) {
    throw wrapError(error, `fieldName: ${name}`);
  }
}
