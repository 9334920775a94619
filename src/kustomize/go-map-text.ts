import { compareBytes } from '../model/byte-order.ts';
import { goQuote } from '../model/go-text.ts';
import { compactJson } from '../model/json-printer.ts';
import { nodeToJson } from './node-json.ts';
import { type NodeField, STRING_TAG, type YamlNode } from './yaml-node.ts';

/** Go's `%#v` of what go-yaml makes of a node: keys that are no strings make a mapping one of another type. */
export function goMapText(node: YamlNode): string {
  if (node.kind === 'sequence') return `[]interface {}{${node.items.map((item) => goMapText(item)).join(', ')}}`;
  if (node.kind === 'scalar') return scalarText(node);
  const byText = node.fields.every(({ tag }) => tag === STRING_TAG);
  const fields = node.fields
    .toSorted((left, right) => kindRank(left) - kindRank(right) || compareBytes(left.key, right.key))
    .map(({ key, tag, value }) => `${tag === STRING_TAG ? goQuote(key) : key}:${goMapText(value)}`);
  return `map[${byText ? 'string' : 'interface {}'}]interface {}{${fields.join(', ')}}`;
}

/** Go orders keys of several types by type first. */
function kindRank({ tag }: NodeField): number {
  return tag === STRING_TAG ? 0 : 1;
}

function scalarText(node: YamlNode): string {
  const value = nodeToJson(node);
  if (value === null) return 'interface {}(nil)';
  return typeof value === 'string' ? goQuote(value) : compactJson(value);
}
