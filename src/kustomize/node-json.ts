import { goFloat } from '../model/go-number.ts';
import type { JsonObject, JsonValue } from '../model/json-value.ts';
import { compareBytes } from '../model/byte-order.ts';
import { KustomizeError } from './kustomize-error.ts';
import { resolveScalar, TIMESTAMP_TAG } from './resolve-scalar.ts';
import { BOOL_TAG, FLOAT_TAG, INT_TAG, STRING_TAG, YamlNode } from './yaml-node.ts';

/**
 * The JSON value that kustomize prints a node as. Throws KustomizeError for text that its tag forbids (a replacement put a
 * word where a number was), and for keys that are no strings.
 */
export function nodeToJson(node: YamlNode): JsonValue {
  if (node.kind === 'sequence') return node.items.map((item) => nodeToJson(item));
  if (node.kind === 'scalar') return scalarValue(node);
  const object: JsonObject = {};
  for (const { key, tag, value } of node.fields) {
    if (tag !== STRING_TAG) throw new KustomizeError('json: unsupported type: map[interface {}]interface {}');
    Object.defineProperty(object, key, {
      value: nodeToJson(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

function scalarValue({ tag, value, quoted }: YamlNode): JsonValue {
  if (tag === STRING_TAG || (quoted && tag === '') || value.includes('\n')) return value;
  const resolved = resolveScalar(value);
  if (tag === '' || tag === resolved.tag) {
    // Between quotes the text is a string again when it is read back.
    if (quoted) return value;
    return resolved.tag === TIMESTAMP_TAG ? timestamp(value) : finite(resolved.value);
  }
  if (tag === FLOAT_TAG && resolved.tag === INT_TAG) return resolved.value;
  if (tag === '!!binary') return Buffer.from(value, 'base64').toString('utf8');
  if (![INT_TAG, FLOAT_TAG, BOOL_TAG, TIMESTAMP_TAG, '!!null'].includes(tag)) return value;
  throw new KustomizeError(`yaml: cannot decode ${resolved.tag} \`${value}\` as a ${tag}`);
}

function finite(value: JsonValue): JsonValue {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new KustomizeError(`json: unsupported value: ${goFloat(value)}`);
}

/** A timestamp as Go's time.Time writes itself in JSON: always with time and zone, without zeros at the end of a fraction. */
function timestamp(text: string): string {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) return text;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const two = (part: string): string => part.padStart(2, '0');
  const digits = fraction.slice(0, 9).replace(/0+$/, '');
  const place = zone === '+00:00' || zone === '-00:00' ? 'Z' : zone;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${digits && `.${digits}`}${place}`;
}

/** A JSON value as nodes, as kustomize makes them: fields in the order of their keys, numbers as doubles. */
export function jsonToNode(value: JsonValue | undefined): YamlNode {
  if (value === undefined || value === null) return YamlNode.scalar('null', '!!null');
  if (Array.isArray(value)) {
    const list = new YamlNode('sequence');
    list.items = value.map((item) => jsonToNode(item));
    return list;
  }
  if (typeof value === 'object') {
    const mapping = new YamlNode('mapping');
    for (const [key, field] of Object.entries(value).sort(([left], [right]) => compareBytes(left, right))) {
      mapping.fields.push({ key, tag: STRING_TAG, value: jsonToNode(field) });
    }
    return mapping;
  }
  if (typeof value === 'string') return stringNode(value);
  if (typeof value === 'boolean') return YamlNode.scalar(String(value), BOOL_TAG);
  return numberNode(value);
}

/** go-yaml quotes a string only where it would be something else. */
function stringNode(value: string): YamlNode {
  return YamlNode.scalar(value, STRING_TAG, value.includes('\n') || resolveScalar(value).tag !== STRING_TAG);
}

function numberNode(value: number | bigint): YamlNode {
  const text = goFloat(Number(value));
  return YamlNode.scalar(text, resolveScalar(text).tag);
}
