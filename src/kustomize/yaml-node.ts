import { resolvePlainScalar } from '../model/yaml-scalar.ts';

/** What a node is; `scalar` also stands for null. */
export type NodeKind = 'scalar' | 'mapping' | 'sequence';

/** A field of a mapping. `tag` is the key's own, so that a key that was no string can be refused when it is printed. */
export interface NodeField {
  readonly key: string;
  readonly tag: string;
  value: YamlNode;
}

export const NULL_TAG = '!!null';
export const STRING_TAG = '!!str';
export const INT_TAG = '!!int';
export const BOOL_TAG = '!!bool';
export const FLOAT_TAG = '!!float';

/**
 * A node of a YAML document as kustomize's kyaml holds it: a scalar is text with a tag, so that `1.10` stays what it is until
 * the end, and setting a value keeps the quotes that were there. Nodes are changed in place, and two places may share one.
 */
export class YamlNode {
  kind: NodeKind;
  /** The short tag; '' when nothing is known, so that the text decides. */
  tag: string;
  /** Text of a scalar. */
  value = '';
  /** Whether a scalar stands in quotes or is a block. */
  quoted = false;
  /** Fields of a mapping, in the order of the text. */
  fields: NodeField[] = [];
  /** Items of a sequence. */
  items: YamlNode[] = [];

  constructor(kind: NodeKind, tag = '') {
    this.kind = kind;
    this.tag = tag;
  }

  /** A scalar whose meaning is decided by its text. */
  static scalar(value: string, tag = '', quoted = false): YamlNode {
    const node = new YamlNode('scalar', tag);
    node.value = value;
    node.quoted = quoted;
    return node;
  }

  static string(value: string): YamlNode {
    return YamlNode.scalar(value, STRING_TAG, value.includes('\n'));
  }

  static null(): YamlNode {
    return new YamlNode('scalar', NULL_TAG);
  }

  copy(): YamlNode {
    const copy = new YamlNode(this.kind, this.tag);
    copy.value = this.value;
    copy.quoted = this.quoted;
    copy.fields = this.fields.map(({ key, tag, value }) => ({ key, tag, value: value.copy() }));
    copy.items = this.items.map((item) => item.copy());
    return copy;
  }

  /** Becomes what the other node is, sharing what is below it. */
  assign(other: YamlNode): void {
    this.kind = other.kind;
    this.tag = other.tag;
    this.value = other.value;
    this.quoted = other.quoted;
    this.fields = other.fields;
    this.items = other.items;
  }

  field(name: string): YamlNode | undefined {
    return this.fields.find(({ key }) => key === name)?.value;
  }

  /** The text of a scalar; '' for null. */
  get text(): string {
    return this.tag === NULL_TAG ? '' : this.value;
  }
}

export function isMissingOrNull(node: YamlNode | undefined): boolean {
  return node === undefined || node.tag === NULL_TAG;
}

export function isEmptyMapping(node: YamlNode): boolean {
  return node.kind === 'mapping' && node.fields.length === 0;
}

/** The node, unless it is missing or null. */
export function present(node: YamlNode | undefined): YamlNode | undefined {
  return node?.tag === NULL_TAG ? undefined : node;
}

/** Missing, null, or a container without anything in it. */
export function isNilOrEmpty(node: YamlNode | undefined): boolean {
  const found = present(node);
  return found === undefined || isEmptyMapping(found) || (found.kind === 'sequence' && found.items.length === 0);
}

/** Whether the node is a string, as far as its tag says. */
export function isStringNode(node: YamlNode): boolean {
  return node.kind === 'scalar' && (node.tag === STRING_TAG || node.tag === '');
}

/** Whether YAML 1.1 would take the unquoted text for something else than a string. */
export function isOtherThanString(text: string): boolean {
  if (text === '' || text.includes('\n')) return false;
  return resolvePlainScalar(text).tag !== STRING_TAG;
}
