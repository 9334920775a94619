import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { getField, setField, setScalar } from './node-edit.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { Resource } from './resource.ts';
import { effectiveNamespace, type Gvk, idText, isSelected, type ResId } from './res-id.ts';
import type { NameReference } from './transformer-config.ts';
import type { Transformer } from './transformer.ts';
import { isMissingOrNull, isStringNode, YamlNode } from './yaml-node.ts';

/** An object that others may name, with what is asked of it often. */
interface Candidate {
  readonly resource: Resource;
  readonly id: ResId;
  readonly previousIds: readonly ResId[];
  /** The namespace that it is in, and the one that it was in at first. */
  readonly place: string;
  readonly originalPlace: string;
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

type Candidates = ReadonlyMap<string, readonly Candidate[]>;

/** Gives fields that name an object its new name, wherever the configuration says that there are such fields. */
export function nameReferenceTransformer(references: readonly NameReference[]): Transformer {
  return {
    kind: 'NameReferenceTransformer',
    transform({ resources }) {
      const candidates = resources.map(candidateOf);
      const named = byPreviousName(candidates);
      for (const resource of resources) {
        const original = resource.originalId;
        let referrer: Referrer | undefined;
        for (const reference of references) {
          for (const spec of reference.fieldSpecs) {
            if (!isSelected(original, spec)) continue;
            referrer ??= new Referrer(resource, named, candidates);
            referrer.update(spec, reference);
          }
        }
      }
    },
  };
}

function candidateOf(resource: Resource): Candidate {
  const { id, previousIds, prefixes, suffixes } = resource;
  const [place, originalPlace] = [id, previousIds[0] ?? id].map((each) => effectiveNamespace(each));
  return { resource, id, previousIds, place: place ?? '', originalPlace: originalPlace ?? '', prefixes, suffixes };
}

function byPreviousName(candidates: readonly Candidate[]): Candidates {
  const found = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const name of new Set(candidate.previousIds.map((each) => each.name))) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [candidate]);
      else list.push(candidate);
    }
  }
  return found;
}

/** An object whose fields may name others. */
class Referrer {
  readonly #resource: Resource;
  readonly #id: ResId;
  readonly #place: string;
  readonly #candidates: Candidates;
  readonly #all: readonly Candidate[];
  #originalNamespaces: ReadonlySet<string> | undefined;
  /** The namespaces of the service accounts that a RoleBinding is for. */
  readonly #subjectNamespaces: ReadonlySet<string>;

  constructor(resource: Resource, named: Candidates, all: readonly Candidate[]) {
    this.#resource = resource;
    this.#id = resource.id;
    this.#place = effectiveNamespace(this.#id);
    this.#candidates = named;
    this.#all = all;
    this.#subjectNamespaces = subjectNamespaces(resource);
  }

  update(spec: FieldSpec, target: Gvk): void {
    try {
      const own = { ...spec, ...this.#resource.gvk };
      applyFieldSpec(this.#resource.node, own, { set: (field) => this.#set(field, spec, target) });
    } catch (error) {
      throw wrapError(error, `updating name reference in '${spec.path}' field of '${idText(this.#id)}'`);
    }
  }

  #set(field: YamlNode, spec: FieldSpec, target: Gvk): void {
    if (isMissingOrNull(field)) return;
    if (field.kind === 'scalar') this.#setScalar(field, spec, target);
    else if (field.kind === 'mapping') this.#setMapping(field, spec, target);
    else {
      for (const item of field.items) {
        if (isMissingOrNull(item)) continue;
        if (item.kind === 'scalar') this.#setScalar(item, spec, target);
        else if (item.kind === 'mapping') this.#setMapping(item, spec, target);
        else throw new KustomizeError('a list is expected to hold either a string or a map of string');
      }
    }
  }

  #setScalar(field: YamlNode, spec: FieldSpec, target: Gvk): void {
    const referral = this.#select(this.#named(field.value), spec, target, false);
    if (referral === undefined || referral.id.name === field.value) return;
    setScalar(field, YamlNode.scalar(referral.id.name));
  }

  #setMapping(field: YamlNode, spec: FieldSpec, target: Gvk): void {
    const name = getField(field, 'name');
    if (name === undefined) throw new KustomizeError("path config error; no 'name' field in node");
    const candidates = this.#inNamespace(this.#named(name.value), getField(field, 'namespace')?.value);
    const { id } = this.#select(candidates, spec, target, true) ?? {};
    if (id === undefined || (id.name === name.value && id.namespace === '')) return;
    setField(field, 'name', YamlNode.scalar(id.name));
    if (id.namespace !== '') setField(field, 'namespace', YamlNode.scalar(id.namespace));
  }

  /** The objects that had the name and that this one may refer to. */
  #named(name: string): Candidate[] {
    return (this.#candidates.get(name) ?? []).filter((candidate) => this.#mayReferTo(candidate));
  }

  /** Those in a namespace: by where they were at first when any object was there, else by where they are. */
  #inNamespace(named: readonly Candidate[], namespace: string | undefined): readonly Candidate[] {
    if (namespace === undefined) return named;
    this.#originalNamespaces ??= this.#originalPlaces();
    const place = this.#originalNamespaces.has(namespace) ? 'originalPlace' : 'place';
    return named.filter((each) => each[place] === namespace);
  }

  #originalPlaces(): ReadonlySet<string> {
    const places = new Set<string>();
    for (const each of this.#all) if (this.#mayReferTo(each)) places.add(each.originalPlace);
    return places;
  }

  #mayReferTo({ id, place }: Candidate): boolean {
    return (
      this.#id.clusterScoped || id.clusterScoped || place === this.#place || this.#subjectNamespaces.has(id.namespace)
    );
  }

  #select(named: readonly Candidate[], spec: FieldSpec, target: Gvk, withNamespace: boolean): Candidate | undefined {
    const role = spec.path.endsWith('roleRef/name') ? roleReference(this.#resource.node) : undefined;
    let found = named.filter(
      ({ previousIds }) =>
        previousIds.some((id) => isSelected(id, target)) &&
        (role === undefined || previousIds.some((id) => isSelected(id, role))),
    );
    if (!this.#id.clusterScoped) {
      found = found.filter(
        ({ id, place }) => id.clusterScoped || id.kind === 'ServiceAccount' || place === this.#place,
      );
    }
    if (found.length <= 1) return found[0];
    const { prefixes, suffixes } = this.#resource;
    found = found.filter((each) => endAlike(each.prefixes, prefixes, true) && endAlike(each.suffixes, suffixes, true));
    if (found.length > 1) {
      found = found.filter(
        (each) => endAlike(each.prefixes, prefixes, false) && endAlike(each.suffixes, suffixes, false),
      );
    }
    const [first] = found;
    if (first === undefined || found.every(({ id }) => sameName(id, first.id, withNamespace))) return first;
    throw this.#ambiguous(found);
  }

  #ambiguous(found: readonly Candidate[]): KustomizeError {
    const shown = found.map(
      ({ resource }, index) => `--- possible referral ${index}:\n${printYaml(resource.toJson())}\n`,
    );
    const ids = found.map(({ id }) => idText(id)).join(', ');
    return new KustomizeError(
      `found multiple possible referrals: ${ids}\n\n**** Too many possible referral targets to referrer:\n${printYaml(this.#resource.toJson())}\n${shown.join('')}`,
    );
  }
}

function sameName(left: ResId, right: ResId, withNamespace: boolean): boolean {
  return left.name === right.name && (!withNamespace || left.namespace === right.namespace);
}

/** Whether the shorter of two lists is the end of the longer; an empty one only of an empty one, unless that is allowed. */
function endAlike(left: readonly string[], right: readonly string[], emptyFits: boolean): boolean {
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  if (shorter.length === 0) return emptyFits || longer.length === 0;
  const start = longer.length - shorter.length;
  return shorter.every((text, index) => longer[start + index] === text);
}

function roleReference(node: YamlNode): Gvk | undefined {
  const roleRef = node.field('roleRef');
  const group = roleRef?.field('apiGroup');
  const kind = roleRef?.field('kind');
  return group === undefined || kind === undefined ? undefined : { group: group.value, version: '', kind: kind.value };
}

/** Throws KustomizeError for a namespace that is no text. */
function subjectNamespaces(resource: Resource): ReadonlySet<string> {
  const subjects = resource.kind === 'RoleBinding' ? (resource.node.field('subjects')?.items ?? []) : [];
  const namespaces = new Set<string>();
  for (const subject of subjects) {
    const namespace = subject.field('namespace');
    if (namespace === undefined || subject.field('kind')?.value !== 'ServiceAccount') continue;
    if (!isStringNode(namespace)) {
      const id = JSON.stringify(idText(resource.id));
      throw new KustomizeError(`Invalid Input: namespace is blank for resource ${id}\n`);
    }
    namespaces.add(namespace.value);
  }
  return namespaces;
}
