import { KustomizeError, wrapError } from './kustomize-error.ts';
import { goRegexp } from './go-regexp.ts';
import { getField, nodeText, setField } from './node-edit.ts';
import { indexOf, isItemSelector, itemsOf, splitSelector } from './node-path.ts';
import { type NodeKind, STRING_TAG, YamlNode } from './yaml-node.ts';

/**
 * The nodes at a path of field names, indices, `*` and `[name=pattern]`, of which there may be many. With `create`, what is
 * missing on the way is made, and a node of that kind at the end. undefined when a field on the way is missing.
 */
export function findFields(
  node: YamlNode,
  path: readonly string[],
  create: NodeKind | undefined,
): YamlNode[] | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return [node];
  if (isIndex(part)) return atIndex(node, path, create);
  if (isItemSelector(part)) return atItems(node, path, create);
  if (part === '*') {
    return collected(itemsOf(node).map((item) => findFields(item, rest, create)));
  }
  let field = getField(node, part);
  if (field === undefined) {
    if (create === undefined) return undefined;
    field = new YamlNode(kindFor(rest[0], create));
    setField(node, part, field);
  }
  return findFields(field, rest, create);
}

function isIndex(part: string): boolean {
  return (indexOf(part) ?? -1) >= 0;
}

function collected(found: readonly (YamlNode[] | undefined)[]): YamlNode[] | undefined {
  const nodes = found.filter((each) => each !== undefined);
  return nodes.length === 0 ? undefined : nodes.flat();
}

/** The kind of what the next part of a path goes into. */
function kindFor(next: string | undefined, last: NodeKind): NodeKind {
  if (next === undefined || next === '') return last;
  return isItemSelector(next) || isIndex(next) ? 'sequence' : 'mapping';
}

function atIndex(node: YamlNode, path: readonly string[], create: NodeKind | undefined): YamlNode[] | undefined {
  const [part = '', ...rest] = path;
  const index = Number(part);
  const items = itemsOf(node);
  if (items.length === index && create !== undefined) items.push(new YamlNode(kindFor(rest[0], create)));
  const item = items[index];
  if (item === undefined) {
    throw new KustomizeError(`index ${index} specified but only ${items.length} elements found`);
  }
  return findFields(item, rest, create);
}

function atItems(node: YamlNode, path: readonly string[], create: NodeKind | undefined): YamlNode[] | undefined {
  const [part = '', ...rest] = path;
  const [name, pattern] = splitSelector(part);
  const matching = (): YamlNode[] | undefined => {
    const expression = goRegexp(pattern);
    const fits = (item: YamlNode): boolean => {
      const value = name === '' ? item : item.kind === 'mapping' ? item.field(name) : undefined;
      return value !== undefined && expression.test(nodeText(value).trim());
    };
    const items = itemsOf(node).filter(fits);
    const found = collected(items.map((item) => (name === '' ? [item] : findFields(item, rest, create))));
    return found?.length === 0 ? undefined : found;
  };
  const found = matching();
  if (found !== undefined || create === undefined) return found;
  try {
    itemsOf(node).push(newItem(name, pattern));
  } catch (error) {
    throw wrapError(error, `failed to create element for "${part}"`);
  }
  return matching();
}

function newItem(name: string, value: string): YamlNode {
  if (name === '') return YamlNode.scalar(value);
  const item = new YamlNode('mapping');
  item.fields.push({ key: name, tag: STRING_TAG, value: YamlNode.scalar(value) });
  return item;
}
