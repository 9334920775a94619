import { printYaml } from '../model/yaml-printer.ts';
import { KustomizeError } from './kustomize-error.ts';
import { nodeToJson } from './node-json.ts';
import { isMissingOrNull, isOtherThanString, isStringNode, type NodeKind, STRING_TAG, YamlNode } from './yaml-node.ts';

const KIND_NAMES: Readonly<Record<NodeKind, string>> = {
  scalar: 'ScalarNode',
  mapping: 'MappingNode',
  sequence: 'SequenceNode',
};

/** A node is of another kind than a path or a patch takes it for. */
export class NodeKindError extends KustomizeError {
  readonly actual: NodeKind;

  constructor(node: YamlNode, expected: NodeKind) {
    super(
      `wrong node kind: expected ${KIND_NAMES[expected]} but got ${KIND_NAMES[node.kind]}: node contents:\n${nodeText(node)}`,
    );
    this.actual = node.kind;
  }
}

/** The node as YAML. */
export function nodeText(node: YamlNode): string {
  return printYaml(nodeToJson(node));
}

/** Throws NodeKindError when the node is there and of another kind. */
export function requireKind(node: YamlNode | undefined, kind: NodeKind): void {
  if (node !== undefined && !isMissingOrNull(node) && node.kind !== kind) throw new NodeKindError(node, kind);
}

/** A mapping's field; undefined for a node that is null. Throws NodeKindError for what is no mapping. */
export function getField(node: YamlNode, name: string): YamlNode | undefined {
  if (isMissingOrNull(node)) return undefined;
  requireKind(node, 'mapping');
  return node.field(name);
}

export function clearField(node: YamlNode, name: string): void {
  requireKind(node, 'mapping');
  const index = node.fields.findIndex(({ key }) => key === name);
  if (index !== -1) node.fields.splice(index, 1);
}

/**
 * Sets a field as kyaml's FieldSetter does: what is there already becomes the value and keeps its quotes; a null value, or
 * none, removes the field unless `keepNull`.
 */
export function setField(node: YamlNode, name: string, value: YamlNode | undefined, keepNull = false): void {
  if (value !== undefined) quoteIfAmbiguous(value);
  if (value === undefined || (isMissingOrNull(value) && !keepNull)) {
    clearField(node, name);
    return;
  }
  const field = getField(node, name);
  if (field === undefined) {
    node.fields.push({ key: name, tag: STRING_TAG, value });
    return;
  }
  value.quoted = field.quoted;
  field.assign(value);
}

/** Makes a scalar another one, which takes over its quotes. Throws NodeKindError for what is no scalar. */
export function setScalar(node: YamlNode, value: YamlNode): void {
  requireKind(node, 'scalar');
  if (isMissingOrNull(value)) return;
  value.quoted = node.quoted;
  node.assign(value);
}

function quoteIfAmbiguous(value: YamlNode): void {
  if (!value.quoted && isStringNode(value) && isOtherThanString(value.value)) value.quoted = true;
}

/** The field behind names of mappings, created where it is missing: mappings on the way, a node of `kind` at the end. */
export function ensureField(node: YamlNode, path: readonly string[], kind: NodeKind = 'mapping'): YamlNode {
  let current = node;
  for (const [index, name] of path.entries()) {
    let next = getField(current, name);
    if (next === undefined) {
      next = new YamlNode(index === path.length - 1 ? kind : 'mapping');
      setField(current, name, next);
    }
    current = next;
  }
  return current;
}
