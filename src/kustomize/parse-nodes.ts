import { parseYamlTree } from '../model/yaml.ts';
import { YamlError } from '../model/yaml-error.ts';
import { errorText, KustomizeError, UnwrappedError } from './kustomize-error.ts';
import { v3Message } from './malformed-line.ts';
import { MERGE_TAG, resolveScalar } from './resolve-scalar.ts';
import { NULL_TAG, STRING_TAG, YamlNode } from './yaml-node.ts';

const SEPARATOR = /\n---(.*)\n/g;
/** How many nodes the aliases of a document may stand for. */
const MOST_ALIASED = 1_000_000;

/**
 * Reads the YAML or JSON documents of a text as kyaml does; empty ones are left out, aliases are copies and merges are done.
 * Throws KustomizeError `MalformedYAMLError: …`.
 */
export function parseNodes(text: string): YamlNode[] {
  const nodes: YamlNode[] = [];
  for (const document of splitDocuments(text.replaceAll('\r\n', '\n'))) {
    const node = parseNode(document);
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let start = 0;
  SEPARATOR.lastIndex = 0;
  for (const match of text.matchAll(SEPARATOR)) {
    const rest = (match[1] ?? '').trim();
    if (rest !== '' && !rest.startsWith('#')) {
      throw new KustomizeError(`invalid document separator: ${match[0].trim()}`);
    }
    documents.push(`${text.slice(start, match.index)}\n`);
    start = match.index + match[0].length;
  }
  documents.push(text.slice(start));
  return documents;
}

function parseNode(text: string): YamlNode | undefined {
  const source = text.replace(/\n---[^\n]*$/, '\n');
  let tree: unknown;
  try {
    tree = parseYamlTree(source, (plain, tag) => new PlainScalar(plain, tag));
  } catch (error) {
    const duplicate = duplicateKey(error, source);
    if (duplicate !== undefined) throw duplicate;
    if (!(error instanceof YamlError)) throw error;
    throw new KustomizeError(`MalformedYAMLError: ${v3Message(errorText(error), source)}`);
  }
  const node = new TreeReader().read(tree);
  return node.tag === NULL_TAG ? undefined : node;
}

/** kustomize notices a key that comes twice only when it prints the object, so no other text is around its words. */
function duplicateKey(error: unknown, text: string): Error | undefined {
  const line = /line (\d+): duplicated mapping key$/.exec(errorText(error))?.[1];
  if (line === undefined) return undefined;
  const lines = text.split('\n');
  const [key, first] = repeatedKey(lines, Number(line) - 1);
  const message = `map[string]interface {}(nil): yaml: unmarshal errors:\n  line ${line}: mapping key "${key}" already defined at line ${first + 1}`;
  return new UnwrappedError(message);
}

/** The key that a line has twice, or that a line above has at the same depth, and the number of the first line from 0. */
function repeatedKey(lines: readonly string[], at: number): [key: string, first: number] {
  const line = lines[at] ?? '';
  const inLine = Array.from(line.matchAll(/(?<=[{,\s"'])([^\s{,:"']+)["']?\s*:/g), (match) => match[1] ?? '');
  const twice = inLine.find((each, index) => inLine.indexOf(each) !== index);
  if (twice !== undefined) return [twice, at];
  const [, indent = '', key = ''] = /^([\s-]*)["']?([^:"']*)/.exec(line) ?? [];
  const depth = indent.length;
  const first = lines.findLastIndex(
    (each, index) => index < at && each.replace(/["']/g, '').slice(depth).startsWith(`${key}:`),
  );
  return [key, first];
}

/** A scalar without quotes; as a key it tells its tag, where it is no string, behind a character that no key can have. */
class PlainScalar {
  readonly text: string;
  readonly tag: string;

  constructor(text: string, tag?: string) {
    this.text = text;
    this.tag = tag ?? resolveScalar(text).tag;
  }

  get [Symbol.toStringTag](): string {
    return 'PlainScalar';
  }

  toString(): string {
    return this.tag === STRING_TAG ? this.text : `\u0000${this.tag}\u0000${this.text}`;
  }
}

class TreeReader {
  readonly #seen = new Set<object>();
  readonly #open = new Set<object>();
  #aliased = 0;

  read(tree: unknown, inAlias = false): YamlNode {
    if (inAlias && ++this.#aliased > MOST_ALIASED) {
      throw new KustomizeError('yaml: document contains excessive aliasing');
    }
    if (tree === undefined || tree === null) return YamlNode.null();
    if (typeof tree === 'string') return YamlNode.scalar(tree, STRING_TAG, true);
    if (typeof tree !== 'object') throw new TypeError('js-yaml made something else than was asked for');
    if (tree instanceof PlainScalar) return YamlNode.scalar(tree.text, tree.tag);
    if (this.#open.has(tree)) throw new KustomizeError('yaml: anchor value contains itself');
    const alias = inAlias || this.#seen.has(tree);
    this.#seen.add(tree);
    this.#open.add(tree);
    const node = Array.isArray(tree) ? this.#sequence(tree, alias) : this.#mapping(tree, alias);
    this.#open.delete(tree);
    return node;
  }

  #sequence(items: unknown[], inAlias: boolean): YamlNode {
    const node = new YamlNode('sequence', '!!seq');
    node.items = items.map((item) => this.read(item, inAlias));
    return node;
  }

  #mapping(tree: object, inAlias: boolean): YamlNode {
    const node = new YamlNode('mapping', '!!map');
    const merged: YamlNode[] = [];
    for (const [name, value] of Object.entries(tree)) {
      const [, tag = STRING_TAG, key = name] = /^\0(.*?)\0(.*)$/s.exec(name) ?? [];
      if (tag === MERGE_TAG) merged.push(...mergeSources(this.read(value, inAlias)));
      else node.fields.push({ key, tag, value: this.read(value, inAlias) });
    }
    return merged.length === 0 ? node : mergedMapping([...merged, node]);
  }
}

/** The mappings that `<<` names, the one that counts most last. */
function mergeSources(value: YamlNode): YamlNode[] {
  if (value.kind === 'mapping') return [value];
  if (value.kind === 'sequence') {
    return value.items.toReversed().map((item) => {
      if (item.kind === 'mapping') return item;
      throw new KustomizeError(
        item.kind === 'sequence'
          ? 'invalid map merge: received a nested sequence'
          : 'map merge requires map or sequence of maps as the value',
      );
    });
  }
  throw new KustomizeError('map merge requires map or sequence of maps as the value');
}

function mergedMapping(mappings: readonly YamlNode[]): YamlNode {
  const fields = new Map(mappings.flatMap((mapping) => mapping.fields.map((field) => [field.key, field] as const)));
  const node = new YamlNode('mapping', '!!map');
  node.fields = [...fields.values()];
  return node;
}
