import type { VarEntry } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { nodeToJson } from './node-json.ts';
import { lookUp, splitBracketPath } from './node-path.ts';
import type { ResMap } from './res-map.ts';
import { effectiveNamespace, type Gvk, gvkText, parseApiVersion, type ResId, sameGvk } from './res-id.ts';
import { BOOL_TAG, FLOAT_TAG, INT_TAG, isMissingOrNull, isStringNode, STRING_TAG, YamlNode } from './yaml-node.ts';

/** A var of `vars`: a name for a field of an object. */
interface Var {
  readonly name: string;
  readonly gvk: Gvk;
  readonly objectName: string;
  readonly namespace: string;
  readonly fieldPath: string;
}

/** The vars of a kustomization and of those below it. */
export class Vars {
  readonly #vars = new Map<string, Var>();

  /** Throws KustomizeError for a name that is there, or for an object that cannot be told from others. */
  add(entries: readonly VarEntry[], { resources }: ResMap): void {
    for (const entry of entries) {
      const added = readVar(entry);
      const found = resources.filter(
        (resource) => !resource.isGone && [...resource.previousIds, resource.id].some((id) => isObject(id, added)),
      );
      if (found.length > 1) {
        throw new KustomizeError(
          `found ${found.length} resId matches for var ${goText(added)} (unable to disambiguate)`,
        );
      }
      found[0]?.varNames.push(added.name);
    }
    for (const entry of entries) this.#merge(readVar(entry));
  }

  addAll(other: Vars): void {
    for (const each of other.#vars.values()) this.#merge(each);
  }

  #merge(added: Var): void {
    if (this.#vars.has(added.name)) throw new KustomizeError(`var '${added.name}' already encountered`);
    this.#vars.set(added.name, { ...added, fieldPath: added.fieldPath || 'metadata.name' });
  }

  /** Puts the vars' values where `$(NAME)` stands in the fields of the specs. `warn` hears of vars that stand nowhere. */
  resolve(objects: ResMap, specs: readonly FieldSpec[], warn: (line: string) => void): void {
    const values = new Map<string, VarValue>();
    for (const name of [...this.#vars.keys()].toSorted()) {
      const each = this.#vars.get(name);
      if (each !== undefined) values.set(name, valueOf(each, objects));
    }
    if (values.size === 0) return;
    const used = new Set<string>();
    const expander = new Expander(values, used, warn);
    for (const { node } of objects.resources) {
      for (const spec of specs) applyFieldSpec(node, spec, { set: (field) => expander.set(field) });
    }
    const unused = [...values.keys()].filter((name) => !used.has(name));
    if (unused.length > 0) warn(`well-defined vars that were never replaced: ${unused.join(',')}`);
  }
}

function readVar({ name = '', objref = {}, fieldref }: VarEntry): Var {
  const { apiVersion = '', kind = '', group = '', version = '' } = objref;
  const gvk = apiVersion === '' ? { group, version, kind } : { ...parseApiVersion(apiVersion), kind };
  return {
    name,
    gvk,
    objectName: objref.name ?? '',
    namespace: objref.namespace ?? '',
    fieldPath: fieldref?.fieldPath ?? '',
  };
}

function isObject(id: ResId, { gvk, objectName, namespace }: Var): boolean {
  if (id.name !== objectName || !sameGvk(id, gvk)) return false;
  if (namespace === '') return true;
  return effectiveNamespace(id) === effectiveNamespace({ ...gvk, name: objectName, namespace, clusterScoped: false });
}

/** Go's `%v` of a types.Var, whose object prints as its kind alone. */
function goText({ name, gvk, fieldPath }: Pick<Var, 'name' | 'gvk' | 'fieldPath'>): string {
  return `{${name} ${gvkText(gvk)} {${fieldPath}}}`;
}

/** Go's `%v` of vars as they stand in the file. */
export function varsText(entries: readonly VarEntry[]): string {
  const texts = entries.map(({ name = '', objref = {}, fieldref = {} }) => {
    const { group = '', version = '', kind = '' } = objref;
    return goText({ name, gvk: { group, version, kind }, fieldPath: fieldref.fieldPath ?? '' });
  });
  return `[${texts.join(' ')}]`;
}

type Primitive = string | number | bigint | boolean | null;
type VarValue = Primitive | object;

function valueOf(each: Var, { resources }: ResMap): VarValue {
  const resource = resources.find(({ varNames }) => varNames.includes(each.name));
  if (resource === undefined) {
    throw new KustomizeError(`var '${goText(each)}' cannot be mapped to a field in the set of known resources`);
  }
  const path = splitBracketPath(each.fieldPath, '.').flatMap((part) => {
    const [, name = '', index = ''] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
    if (index === '') return [part];
    return name === '' ? [index] : [name, index];
  });
  let node: YamlNode | undefined;
  try {
    node = lookUp(resource.node, path);
  } catch {
    node = undefined;
  }
  if (node === undefined) {
    throw new KustomizeError(`field specified in var '${goText(each)}' not found in corresponding resource`);
  }
  if (node.kind !== 'scalar') return nodeToJson(node);
  return [INT_TAG, FLOAT_TAG, BOOL_TAG].includes(node.tag)
    ? nodeToJson(YamlNode.scalar(node.value, node.tag))
    : node.value;
}

class Expander {
  readonly #values: ReadonlyMap<string, VarValue>;
  readonly #used: Set<string>;
  readonly #warn: (line: string) => void;

  constructor(values: ReadonlyMap<string, VarValue>, used: Set<string>, warn: (line: string) => void) {
    this.#values = values;
    this.#used = used;
    this.#warn = warn;
  }

  set(field: YamlNode): void {
    if (isMissingOrNull(field)) return;
    if (field.kind === 'scalar') this.#expand(field);
    else if (field.kind === 'mapping') {
      for (const { key, tag, value } of field.fields) {
        if (tag !== STRING_TAG) throw new KustomizeError(`invalid map key: value='${key}', tag='${tag}'`);
        this.#expand(value);
      }
    } else {
      for (const item of field.items) {
        if (!isStringNode(item)) throw new KustomizeError('invalid value type expect a string');
        this.#expand(item);
      }
    }
  }

  #expand(node: YamlNode): void {
    if (!isStringNode(node)) return;
    const value = this.#expanded(node.value);
    node.assign(YamlNode.scalar(String(value), tagOf(value)));
  }

  /** The text with every `$(NAME)` replaced; a var that is all of the text keeps its type. `$$` is a dollar. */
  #expanded(text: string): Primitive {
    const whole = /^\$\(([^)]*)\)$/.exec(text)?.[1];
    if (whole !== undefined) return this.#value(whole);
    return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (_match: string, name: string | undefined) =>
      name === undefined ? '$' : String(this.#value(name)),
    );
  }

  #value(name: string): Primitive {
    const value = this.#values.get(name);
    if (value === undefined) return `$(${name})`;
    if (typeof value === 'object' && value !== null) {
      this.#warn(
        `MakePrimitiveReplacer: bad replacement type=${Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'} val=${JSON.stringify(value)}`,
      );
      return `$(${name})`;
    }
    this.#used.add(name);
    return value;
  }
}

function tagOf(value: Primitive): string {
  if (typeof value === 'boolean') return BOOL_TAG;
  if (typeof value === 'bigint') return INT_TAG;
  if (typeof value !== 'number') return STRING_TAG;
  return Number.isInteger(value) ? INT_TAG : FLOAT_TAG;
}
