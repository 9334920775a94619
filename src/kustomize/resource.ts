import { compareBytes } from '../model/byte-order.ts';
import type { JsonValue } from '../model/json-value.ts';
import { KustomizeError } from './kustomize-error.ts';
import { nodeToJson } from './node-json.ts';
import { clearField, ensureField, setField } from './node-edit.ts';
import {
  apiVersionText,
  effectiveNamespace,
  type Gvk,
  isClusterScopedKind,
  parseApiVersion,
  type ResId,
} from './res-id.ts';
import { isNilOrEmpty, STRING_TAG, YamlNode } from './yaml-node.ts';

const INTERNAL = 'internal.config.kubernetes.io/';

/**
 * What kustomize notes on objects while it builds, as annotations: so a patch of all annotations drops them, and a JSON
 * patch finds annotations where the file had none. They are taken off at the end.
 */
export const NOTES = {
  previousKinds: `${INTERNAL}previousKinds`,
  previousNames: `${INTERNAL}previousNames`,
  previousNamespaces: `${INTERNAL}previousNamespaces`,
  prefixes: `${INTERNAL}prefixes`,
  suffixes: `${INTERNAL}suffixes`,
  allowNameChange: `${INTERNAL}allowNameChange`,
  allowKindChange: `${INTERNAL}allowKindChange`,
  refBy: `${INTERNAL}refBy`,
  behavior: `${INTERNAL}generatorBehavior`,
  needsHash: `${INTERNAL}needsHashSuffix`,
} as const;

const OTHER_BUILD_ANNOTATIONS = ['path', 'index', 'seqindent', 'id', 'annotations-migration-resource-id'].map(
  (name) => INTERNAL + name,
);
const LEGACY_ANNOTATIONS = ['config.kubernetes.io/path', 'config.kubernetes.io/index', 'config.k8s.io/id'];
const BUILD_ANNOTATIONS: readonly string[] = [
  ...Object.values(NOTES),
  ...OTHER_BUILD_ANNOTATIONS,
  ...LEGACY_ANNOTATIONS,
];

const ENABLED = 'enabled';

export type TextMap = Map<string, string>;

/** An object on its way through a kustomization. */
export class Resource {
  readonly node: YamlNode;
  /** The vars whose value is read from this object. */
  readonly varNames: string[] = [];

  constructor(node: YamlNode) {
    this.node = node;
  }

  get kind(): string {
    return this.node.field('kind')?.value ?? '';
  }

  get apiVersion(): string {
    return this.node.field('apiVersion')?.value ?? '';
  }

  get name(): string {
    return this.#metadataText('name');
  }

  get namespace(): string {
    return this.#metadataText('namespace');
  }

  get gvk(): Gvk {
    return { ...parseApiVersion(this.apiVersion), kind: this.kind };
  }

  /** The id of the object as it stands. */
  get id(): ResId {
    const { gvk, name, namespace } = this;
    return { ...gvk, name, namespace, clusterScoped: isClusterScopedKind(gvk) };
  }

  /** The ids that it had before, the oldest first. They do not tell scope. */
  get previousIds(): ResId[] {
    const names = this.#list(NOTES.previousNames);
    const namespaces = this.#list(NOTES.previousNamespaces);
    const kinds = this.#list(NOTES.previousKinds);
    if (names.length !== namespaces.length || names.length !== kinds.length) {
      throw new KustomizeError(
        'number of previous names, number of previous namespaces, number of previous kinds not equal',
      );
    }
    const groupVersion = parseApiVersion(this.apiVersion);
    return names.map((name, index) => ({
      ...groupVersion,
      kind: kinds[index] ?? '',
      name,
      namespace: namespaces[index] ?? '',
      clusterScoped: false,
    }));
  }

  /** The id that it was read with. */
  get originalId(): ResId {
    return this.previousIds[0] ?? this.id;
  }

  get annotations(): TextMap {
    return this.#map('annotations');
  }

  get labels(): TextMap {
    return this.#map('labels');
  }

  set annotations(values: TextMap) {
    this.#setMap('annotations', values);
  }

  set labels(values: TextMap) {
    this.#setMap('labels', values);
  }

  /** Whether nothing is left of it. */
  get isGone(): boolean {
    return isNilOrEmpty(this.node);
  }

  get prefixes(): string[] {
    return this.#list(NOTES.prefixes);
  }

  get suffixes(): string[] {
    return this.#list(NOTES.suffixes);
  }

  setName(name: string): void {
    setField(ensureField(this.node, ['metadata']), 'name', YamlNode.scalar(name));
  }

  setKind(kind: string): void {
    setField(this.node, 'kind', YamlNode.scalar(kind));
  }

  setNamespace(namespace: string): void {
    const metadata = this.node.field('metadata');
    if (namespace !== '') setField(ensureField(this.node, ['metadata']), 'namespace', YamlNode.scalar(namespace));
    else if (metadata !== undefined) clearField(metadata, 'namespace');
  }

  setGvk(gvk: Gvk): void {
    this.setKind(gvk.kind);
    setField(this.node, 'apiVersion', YamlNode.scalar(apiVersionText(gvk)));
  }

  /** Whether a note is set. */
  isNoted(note: 'allowNameChange' | 'allowKindChange' | 'needsHash'): boolean {
    return this.annotations.get(NOTES[note]) === ENABLED;
  }

  note(note: 'allowNameChange' | 'allowKindChange' | 'needsHash'): void {
    this.annotate(NOTES[note], ENABLED);
  }

  annotate(key: string, value: string): void {
    const { annotations } = this;
    annotations.set(key, value);
    this.annotations = annotations;
  }

  /** Adds to a note that is a list. */
  addNote(note: 'prefixes' | 'suffixes', value: string): void {
    this.#append(NOTES[note], value);
  }

  /** Notes the id as one that the object had, before it changes. */
  storePreviousId(): void {
    const { id } = this;
    this.#append(NOTES.previousNames, id.name);
    this.#append(NOTES.previousNamespaces, effectiveNamespace(id));
    this.#append(NOTES.previousKinds, id.kind);
  }

  removeNotes(): void {
    const { annotations } = this;
    if (annotations.size === 0) return;
    for (const key of BUILD_ANNOTATIONS) annotations.delete(key);
    this.annotations = annotations;
  }

  copy(): Resource {
    const copy = new Resource(this.node.copy());
    copy.varNames.push(...this.varNames);
    return copy;
  }

  toJson(): JsonValue {
    return nodeToJson(this.node);
  }

  /** Takes over identity and metadata of the object that this one is merged over. */
  takeMetadataFrom(other: Resource): void {
    this.labels = new Map([...other.labels, ...this.labels]);
    const own = this.annotations;
    const base = other.annotations;
    const merged = new Map([...base, ...own]);
    for (const key of BUILD_ANNOTATIONS) {
      const kept = base.get(key);
      if (kept === undefined) merged.delete(key);
      else merged.set(key, kept);
    }
    if (!own.has(NOTES.needsHash)) merged.delete(NOTES.needsHash);
    this.annotations = merged;
    this.setName(other.name);
    this.setNamespace(other.namespace);
    this.varNames.splice(0, Infinity, ...other.varNames);
  }

  /** The annotations that a JSON patch must not lose. */
  internalAnnotations(): TextMap {
    return new Map(
      [...this.annotations].filter(([key]) => key.startsWith(INTERNAL) || LEGACY_ANNOTATIONS.includes(key)),
    );
  }

  #metadataText(name: string): string {
    const metadata = this.node.field('metadata');
    if (isNilOrEmpty(metadata)) return '';
    const value = metadata?.field(name);
    return value === undefined || isNilOrEmpty(value) ? '' : value.value;
  }

  #map(name: string): TextMap {
    const metadata = this.node.field('metadata');
    const fields = (isNilOrEmpty(metadata) ? undefined : metadata?.field(name))?.fields ?? [];
    return new Map(fields.map(({ key, value }) => [key, value.value]));
  }

  #setMap(name: string, values: TextMap): void {
    const metadata = ensureField(this.node, ['metadata']);
    clearField(metadata, name);
    if (values.size === 0) return;
    const mapping = ensureField(metadata, [name]);
    for (const [key, value] of [...values].sort(([left], [right]) => compareBytes(left, right))) {
      mapping.fields.push({ key, tag: STRING_TAG, value: YamlNode.string(value) });
    }
  }

  #list(key: string): string[] {
    return this.annotations.get(key)?.split(',') ?? [];
  }

  /** Appends to a comma-separated annotation without touching the others. */
  #append(key: string, value: string): void {
    if (value === '') return;
    const list = [...this.#list(key), value].join(',');
    const metadata = ensureField(this.node, ['metadata']);
    const annotations = metadata.field('annotations');
    if (annotations !== undefined && isNilOrEmpty(annotations)) clearField(metadata, 'annotations');
    setField(ensureField(metadata, ['annotations']), key, YamlNode.scalar(list, STRING_TAG, true));
  }
}
