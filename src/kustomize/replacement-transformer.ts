import { isJsonObject, type JsonValue } from '../model/json-value.ts';
import { parseYaml } from '../model/yaml.ts';
import type { FileLoader } from './file-loader.ts';
import { findFields } from './find-fields.ts';
import { decodeGoJson } from './go-json-decode.ts';
import type { FieldOptions, ReplacementEntry, ReplacementSource, ReplacementTarget } from './kustomization.ts';
import { REPLACEMENT } from './kustomization-shape.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { lookUp, splitBracketPath } from './node-path.ts';
import type { Resource } from './resource.ts';
import { idText, isSelectedBy } from './res-id.ts';
import { type Selector, textMatches } from './selector.ts';
import { selectorOf } from './selector-fields.ts';
import type { Transformer } from './transformer.ts';
import { isNilOrEmpty, YamlNode } from './yaml-node.ts';

const NAME_PATH = 'metadata.name';

/** All of `replacements`: values copied from fields of one object to fields of others. */
export function replacementTransformer(entries: readonly ReplacementEntry[], loader: FileLoader): Transformer {
  const replacements = entries.flatMap((entry) => readEntry(entry, loader));
  return {
    kind: 'ReplacementTransformer',
    transform({ resources }) {
      for (const replacement of replacements) replace(resources, replacement);
    },
  };
}

function readEntry(entry: ReplacementEntry, loader: FileLoader): ReplacementEntry[] {
  if (!entry.path) return [entry];
  if (entry.source !== undefined || (entry.targets ?? []).length > 0) {
    throw new KustomizeError('cannot specify both path and inline replacement');
  }
  const value = parseYaml(loader.text(entry.path));
  if (Array.isArray(value)) return value.map((item) => decoded(item));
  if (isJsonObject(value)) return [decoded(value)];
  const kind =
    value === null ? 'invalid' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'float64' : 'string';
  throw new KustomizeError(`unsupported replacement type encountered within replacement path: ${kind}`);
}

function decoded(value: JsonValue): ReplacementEntry {
  return decodeGoJson(value, REPLACEMENT, false);
}

function replace(resources: readonly Resource[], { source, sourceValue, targets }: ReplacementEntry): void {
  if ((sourceValue === undefined && source === undefined) || targets === undefined) {
    throw new KustomizeError('replacements must specify a source and at least one target');
  }
  const value = sourceNode(resources, source, sourceValue);
  for (const target of targets) applyTo(resources, value, target);
}

function sourceNode(
  resources: readonly Resource[],
  source: ReplacementSource | undefined,
  value: string | undefined,
): YamlNode {
  if (source === undefined) return YamlNode.scalar(value ?? '');
  if (value !== undefined) throw new KustomizeError('value and resource selectors are mutually exclusive');
  const path = source.fieldPath || NAME_PATH;
  let node: YamlNode | undefined;
  const resource = sourceResource(resources, source);
  try {
    node = lookUp(resource.node, splitBracketPath(path, '.'));
  } catch (error) {
    throw wrapError(error, 'error looking up replacement source');
  }
  if (node === undefined || isNilOrEmpty(node)) {
    throw new KustomizeError(`fieldPath \`${path}\` is missing for replacement source ${idText(selectorOf(source))}`);
  }
  return refined(node, source.options);
}

function sourceResource(resources: readonly Resource[], source: ReplacementSource): Resource {
  const selector = selectorOf(source);
  const found = resources.filter((resource) => hasSelectedId(resource, selector));
  const [first] = found;
  if (found.length > 1) throw new KustomizeError(`multiple matches for selector ${sourceText(source)}`);
  if (first === undefined) throw new KustomizeError(`nothing selected by ${sourceText(source)}`);
  return first;
}

function hasSelectedId(resource: Resource, selector: Selector): boolean {
  return (
    isSelectedBy({ ...resource.id, clusterScoped: false }, selector) ||
    resource.previousIds.some((id) => isSelectedBy(id, selector))
  );
}

function sourceText(source: ReplacementSource): string {
  const { delimiter = '', index = 0, create = false } = source.options ?? {};
  const options = delimiter === '' && !create ? '' : `${delimiter}(${index}), create=${create}`;
  return [idText(selectorOf(source)), source.fieldPath ?? '', options].filter((part) => part !== '').join(':');
}

function refined(node: YamlNode, options: FieldOptions | undefined): YamlNode {
  const delimiter = options?.delimiter ?? '';
  if (delimiter === '') return node;
  requireScalar(node);
  const parts = node.text.split(delimiter);
  const index = options?.index ?? 0;
  const part = index < 0 ? undefined : parts[index];
  if (part === undefined) {
    throw new KustomizeError(`options.index ${index} is out of bounds for value ${node.text}`);
  }
  const copy = node.copy();
  copy.value = part;
  return copy;
}

function requireScalar(node: YamlNode): void {
  if (node.kind !== 'scalar') throw new KustomizeError('delimiter option can only be used with scalar nodes');
}

function applyTo(resources: readonly Resource[], value: YamlNode, target: ReplacementTarget): void {
  if (target.select === undefined) throw new KustomizeError('target must specify resources to select');
  const select = selectorOf(target.select);
  const rejects = (target.reject ?? []).map(selectorOf);
  for (const resource of resources) {
    if (!fitsTexts(resource, select) || rejects.some((reject) => rejectsTexts(resource, reject))) continue;
    if (!hasSelectedId(resource, select)) continue;
    if (rejects.some((reject) => !isEmptyId(reject) && hasSelectedId(resource, reject))) continue;
    copyTo(resource.node, value, target);
  }
}

function fitsTexts(resource: Resource, selector: Selector): boolean {
  return (
    textMatches(selector.annotationSelector, resource.annotations) &&
    textMatches(selector.labelSelector, resource.labels)
  );
}

function rejectsTexts(resource: Resource, reject: Selector): boolean {
  return (reject.annotationSelector !== '' || reject.labelSelector !== '') && fitsTexts(resource, reject);
}

function isEmptyId({ group, version, kind, name, namespace }: Selector): boolean {
  return group + version + kind + name + namespace === '';
}

function copyTo(object: YamlNode, value: YamlNode, { fieldPaths, options }: ReplacementTarget): void {
  const paths = fieldPaths === undefined || fieldPaths.length === 0 ? [NAME_PATH] : fieldPaths;
  for (const path of paths) {
    const create = options?.create === true;
    const problem = `unable to find ${create ? 'or create ' : ''}field ${JSON.stringify(path)} in replacement target`;
    let fields: YamlNode[] | undefined;
    try {
      fields = findFields(object, splitBracketPath(path, '.'), create ? value.kind : undefined);
    } catch (error) {
      throw wrapError(error, problem);
    }
    if (fields === undefined || fields.length === 0) throw new KustomizeError(problem);
    for (const field of fields) setValue(field, value, options);
  }
}

function setValue(field: YamlNode, source: YamlNode, options: FieldOptions | undefined): void {
  const value = source.copy();
  const delimiter = options?.delimiter ?? '';
  if (delimiter !== '') {
    requireScalar(field);
    value.value = spliced(field.value.split(delimiter), value.text, options?.index ?? 0).join(delimiter);
  }
  if (field.kind === 'scalar') field.value = value.value;
  else field.assign(value);
}

/** The parts with a value before them, behind them, or in the place of one. */
function spliced(parts: string[], value: string, index: number): string[] {
  if (index < 0) return [value, ...parts];
  if (index >= parts.length) return [...parts, value];
  return parts.map((part, at) => (at === index ? value : part));
}
