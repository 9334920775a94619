import { KustomizeError } from './kustomize-error.ts';
import { getField, requireKind } from './node-edit.ts';
import { isMissingOrNull, type YamlNode } from './yaml-node.ts';

/** The parts of a path; a backslash before the delimiter makes it part of a name. */
export function splitPath(path: string, delimiter: string): string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith('\\') === true) result[result.length - 1] = last.slice(0, -1) + delimiter + part;
    else result.push(part);
  }
  return result;
}

/** As splitPath, where brackets hold delimiters together: `[name=a.b]` chooses an item, `[a.b/c]` is a name. */
export function splitBracketPath(path: string, delimiter: string): string[] {
  const parts = splitPath(path, delimiter);
  const result: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      result.push(part);
      continue;
    }
    const bracketed = [part];
    while (index < parts.length - 1 && bracketed.at(-1)?.endsWith(']') !== true) {
      index++;
      bracketed.push(parts[index] ?? '');
    }
    const text = bracketed.join(delimiter);
    result.push(text.includes('=') ? text : text.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return result;
}

export function isItemSelector(part: string): boolean {
  return part.startsWith('[') && part.endsWith(']');
}

/** The index that strconv.Atoi reads, also a negative one. */
export function indexOf(part: string): number | undefined {
  return /^[+-]?\d+$/.test(part) ? Number(part) : undefined;
}

/** Name and value of `[name=value]`. */
export function splitSelector(part: string): [name: string, value: string] {
  const text = part.replace(/\]$/, '').replace(/^\[/, '');
  const at = text.indexOf('=');
  if (at < 0) {
    throw new KustomizeError('list path element must contain fieldName=fieldValue for element to match');
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The node at a path of field names, indices, `-` and `[name=value]`; undefined when there is none. */
export function lookUp(node: YamlNode, path: readonly string[]): YamlNode | undefined {
  let current: YamlNode | undefined = node;
  for (const part of path.map((each) => each.trim()).filter((each) => each !== '')) {
    if (current === undefined) return undefined;
    current = step(current, part);
  }
  return current;
}

function step(node: YamlNode, part: string): YamlNode | undefined {
  const index = indexOf(part);
  if (index !== undefined) {
    if (index < 0) throw new KustomizeError(`array index ${index} cannot be negative`);
    return itemsOf(node)[index];
  }
  if (part === '-') return itemsOf(node).at(-1);
  if (part === '*') throw new KustomizeError('wildcard is not supported in PathGetter');
  if (!isItemSelector(part)) return getField(node, part);
  const [name, value] = splitSelector(part);
  return matchItem(node, [name], [value]);
}

export function itemsOf(node: YamlNode): YamlNode[] {
  requireKind(node, 'sequence');
  return node.items;
}

/** The first item whose fields have the values; with the empty name, the first scalar item with the value. */
export function matchItem(list: YamlNode, keys: readonly string[], values: readonly string[]): YamlNode | undefined {
  const items = itemsOf(list);
  if ((keys[0] ?? '') === '') return items.find((item) => item.value === values[0]);
  return items.find(
    (item) =>
      (item.kind === 'mapping' || isMissingOrNull(item)) &&
      keys.every((key, index) => getField(item, key)?.value === values[index] && item.field(key) !== undefined),
  );
}
