import type { JsonValue } from '../model/json-value.ts';
import { compactJson } from '../model/json-printer.ts';
import { isJsonObject } from '../model/json-value.ts';
import { KustomizeError } from './kustomize-error.ts';
import { nodeToJson } from './node-json.ts';
import { parseNodes } from './parse-nodes.ts';
import { Resource } from './resource.ts';
import { isMissingOrNull, isNilOrEmpty, type YamlNode } from './yaml-node.ts';

/**
 * The objects of a text, those of lists one by one. Throws KustomizeError for text that is no YAML and for what has no kind
 * or no name.
 */
export function readResources(text: string): Resource[] {
  let nodes = unwrapped(parseNodes(text)).filter(isObject);
  const found: YamlNode[] = [];
  // Lists are taken apart behind what follows them, as kustomize does.
  while (nodes.length > 0) {
    const later: YamlNode[] = [];
    for (const node of nodes) {
      const items = listItems(node);
      if (items === undefined) found.push(node);
      else later.push(...items);
    }
    nodes = later;
  }
  return found.map((node) => new Resource(node));
}

/** A `kind: List` that is alone in its text gives way to its items. */
function unwrapped(nodes: readonly YamlNode[]): readonly YamlNode[] {
  const [node] = nodes;
  const kind = node?.field('kind')?.value;
  const items = node?.field('items');
  if (nodes.length !== 1 || items === undefined || (kind !== 'List' && kind !== 'ResourceList')) return nodes;
  return items.items;
}

function isObject(node: YamlNode): boolean {
  if (isNilOrEmpty(node)) return false;
  const kind = textOf(node.field('kind'));
  const metadata = node.field('metadata');
  const name = textOf(metadata?.field('name'));
  const apiVersion = textOf(node.field('apiVersion'));
  if (kind === '' && apiVersion === '' && !hasMetadata(metadata)) throw new KustomizeError('missing Resource metadata');
  if (kind === '') throw new KustomizeError(`missing kind in object ${metaText(apiVersion, kind, metadata)}`);
  if (!kind.endsWith('List') && name === '') {
    throw new KustomizeError(`missing metadata.name in object ${metaText(apiVersion, kind, metadata)}`);
  }
  return true;
}

function textOf(node: YamlNode | undefined): string {
  return node === undefined || isNilOrEmpty(node) ? '' : node.value;
}

function hasMetadata(metadata: YamlNode | undefined): boolean {
  return ['name', 'namespace', 'labels', 'annotations'].some((name) => !isNilOrEmpty(metadata?.field(name)));
}

/** Go's `%v` of yaml.ResourceMeta. */
function metaText(apiVersion: string, kind: string, metadata: YamlNode | undefined): string {
  const map = (name: string): string => {
    const fields = metadata?.field(name)?.fields ?? [];
    return `map[${fields
      .map(({ key, value }) => `${key}:${value.text}`)
      .toSorted()
      .join(' ')}]`;
  };
  const name = textOf(metadata?.field('name'));
  const namespace = textOf(metadata?.field('namespace'));
  return `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${map('labels')} ${map('annotations')}}}`;
}

function listItems(node: YamlNode): YamlNode[] | undefined {
  const kind = node.field('kind')?.value ?? '';
  const items = node.field('items');
  if (!kind.endsWith('List') || items === undefined) return undefined;
  if (isMissingOrNull(items)) return [];
  if (items.kind !== 'sequence') {
    const value = nodeToJson(items);
    throw new KustomizeError(`expected array in ${kind}/items, but found ${goType(value)}`);
  }
  return items.items.flatMap((item) => parseNodes(compactJson(nodeToJson(item), { sortKeys: true })).filter(isObject));
}

function goType(value: JsonValue): string {
  if (isJsonObject(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'bigint' ? 'int' : 'string';
}
