import { compactJson } from '../model/json-printer.ts';
import { KustomizeError } from './kustomize-error.ts';
import { NOTES, Resource, type TextMap } from './resource.ts';
import { clearField, ensureField, setField } from './node-edit.ts';
import { effectiveNamespace, idGoSyntax, idText, type ResId, sameId } from './res-id.ts';
import { type Selector, selectorMatcher } from './selector.ts';
import { BOOL_TAG, STRING_TAG, YamlNode } from './yaml-node.ts';

/** A text that is the same for two ids that kustomize holds for the same. */
export function idKey(id: ResId): string {
  return JSON.stringify([id.group, id.version, id.kind, effectiveNamespace(id), id.name]);
}

/** The objects of a kustomization, in order, no two with the same id. */
export class ResMap {
  #resources: Resource[] = [];
  /** The ids of all objects; undefined after objects may have changed. */
  #keys: Set<string> | undefined;

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  /** Throws KustomizeError for an id that is there. */
  append(resource: Resource): void {
    const { id } = resource;
    const key = idKey(id);
    this.#keys ??= new Set(this.#resources.map((each) => idKey(each.id)));
    if (this.#keys.has(key)) {
      throw new KustomizeError(`may not add resource with an already registered id: ${idText(id)}`);
    }
    this.#keys.add(key);
    this.#resources.push(resource);
  }

  appendAll(resources: Iterable<Resource>): void {
    for (const resource of resources) this.append(resource);
  }

  /** Replaces the objects. */
  reset(resources: Iterable<Resource>): void {
    this.#resources = [...resources];
    this.#keys = undefined;
  }

  /** To be called after objects were changed in place: those of which nothing is left go. */
  changed(): void {
    this.reset(this.#resources.filter((resource) => !resource.isGone));
  }

  select(selector: Selector): Resource[] {
    return this.#resources.filter(selectorMatcher(selector));
  }

  /** The objects that have, or had, an id that fits. */
  withAnyId(fits: (id: ResId) => boolean): Resource[] {
    return this.#resources.filter(
      (resource) => !resource.isGone && (resource.previousIds.some(fits) || fits(resource.id)),
    );
  }

  /** The one object that has, or had, the id. */
  byId(id: ResId): Resource {
    const found = this.withAnyId((each) => sameId(id, each));
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    const problem = found.length === 0 ? 'no matches for Id' : 'multiple matches for Id';
    throw new KustomizeError(`${problem} ${idText(id)}; failed to find unique target for patch ${idText(id)}`);
  }

  /** Takes in a generated object, which may be merged with one that is there or replace it. */
  absorb(resource: Resource): void {
    const { id } = resource;
    const behavior = resource.annotations.get(NOTES.behavior) ?? 'unspecified';
    const merges = behavior === 'merge' || behavior === 'replace';
    const found = this.withAnyId((each) => sameId(id, each));
    const [old] = found;
    if (old === undefined) {
      if (merges) throw new KustomizeError(`id ${idGoSyntax(id)} does not exist; cannot merge or replace`);
      this.append(resource);
      return;
    }
    if (found.length > 1) {
      const shown = found.map((each) => compactJson(each.toJson(), { sortKeys: true })).join(' ');
      throw new KustomizeError(`found multiple objects [${shown}] that could accept merge of ${idText(id)}`);
    }
    if (!merges) throw new KustomizeError(`id ${idGoSyntax(id)} exists; behavior must be merge or replace`);
    mergeOver(resource, old, behavior === 'merge');
    this.reset(this.#resources.map((each) => (each === old ? resource : each)));
  }
}

const ORIGIN = 'config.kubernetes.io/origin';

function mergeOver(resource: Resource, old: Resource, mergeData: boolean): void {
  const origin = old.annotations.get(ORIGIN);
  resource.takeMetadataFrom(old);
  if (!mergeData) return;
  for (const field of ['data', 'binaryData']) {
    const merged = new Map([...textFields(old.node, field), ...textFields(resource.node, field)]);
    setTextFields(resource.node, field, merged);
  }
  if (origin !== undefined) resource.annotate(ORIGIN, origin);
}

function textFields(node: YamlNode, name: string): TextMap {
  const fields = node.field(name)?.fields ?? [];
  return new Map(fields.map(({ key, value }) => [key, value.text]));
}

/** As kustomize writes a ConfigMap's data anew: what is no UTF-8 would go to binaryData, but text always is. */
function setTextFields(node: YamlNode, name: string, values: TextMap): void {
  clearField(node, name);
  if (values.size === 0) return;
  const mapping = ensureField(node, [name]);
  for (const [key, value] of values) {
    mapping.fields.push({ key, tag: STRING_TAG, value: YamlNode.string(value) });
  }
}

/** An object that a generator makes. */
export function generatedResource(
  node: YamlNode,
  { behavior, disableNameSuffixHash }: { behavior: string; disableNameSuffixHash: boolean },
): Resource {
  const resource = new Resource(node);
  if (!disableNameSuffixHash) resource.note('needsHash');
  const known = ['create', 'merge', 'replace'].includes(behavior) ? behavior : 'unspecified';
  resource.annotate(NOTES.behavior, known);
  return resource;
}

/** Marks a ConfigMap or a Secret as immutable. */
export function setImmutable(node: YamlNode): void {
  setField(node, 'immutable', YamlNode.scalar('true', BOOL_TAG));
}
