import { compactJson } from '../model/json-printer.ts';
import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { ensureField, getField, NodeKindError, setScalar } from './node-edit.ts';
import { itemsOf } from './node-path.ts';
import { idKey, type ResMap } from './res-map.ts';
import type { Resource } from './resource.ts';
import { isClusterScopedKind } from './res-id.ts';
import type { Transformer } from './transformer.ts';
import { isMissingOrNull, STRING_TAG, YamlNode } from './yaml-node.ts';

/** Which subjects of role bindings get the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceOptions {
  readonly namespace: string;
  readonly specs: readonly FieldSpec[];
  readonly subjects?: SubjectMode;
  /** Only where there is no namespace yet. */
  readonly unsetOnly?: boolean;
}

const SUBJECT_NAMESPACE = 'subjects/namespace';
const NAME = 'metadata/name';
const NAMESPACE = 'metadata/namespace';

/** Puts all objects that can be in a namespace into one, and what of others names it: webhooks' services, role subjects. */
export function namespaceTransformer(options: NamespaceOptions): Transformer {
  return {
    kind: 'NamespaceTransformer',
    transform(objects) {
      const counts = new Map<string, number>();
      for (const resource of objects.resources) count(counts, resource, 1);
      for (const resource of objects.resources) {
        if (resource.isGone) continue;
        count(counts, resource, -1);
        resource.storePreviousId();
        setNamespace(resource, options);
        count(counts, resource, 1);
        if (counts.get(idKey(resource.id)) !== 1) throw conflict(objects, resource);
      }
    },
  };
}

function count(counts: Map<string, number>, resource: Resource, by: number): void {
  const key = idKey(resource.id);
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function conflict({ resources }: ResMap, resource: Resource): KustomizeError {
  const key = idKey(resource.id);
  const same = resources.filter((each) => idKey(each.id) === key);
  const shown = same.map((each) => compactJson(each.toJson(), { sortKeys: true })).join(' ');
  return new KustomizeError(`namespace transformation produces ID conflict: [${shown}]`);
}

function setNamespace(resource: Resource, options: NamespaceOptions): void {
  const { node, kind, apiVersion } = resource;
  const set = (field: YamlNode): void => {
    if (options.unsetOnly === true && field.text !== '') return;
    setScalar(field, YamlNode.scalar(options.namespace, STRING_TAG));
  };
  if (!isClusterScopedKind(resource.gvk)) {
    const spec = { group: '', version: '', kind: '', path: NAMESPACE, create: true };
    applyFieldSpec(node, spec, { set, createKind: 'scalar' });
  }
  const binding = kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
  if (binding) setSubjects(node, options.subjects ?? 'defaultOnly', set);
  for (const spec of options.specs) {
    if (spec.path === NAMESPACE || (spec.path === NAME && apiVersion !== 'v1')) continue;
    if (binding && spec.path === SUBJECT_NAMESPACE && spec.kind.endsWith('RoleBinding')) continue;
    applyGuarded(node, spec, set);
  }
}

function applyGuarded(node: YamlNode, spec: FieldSpec, set: (field: YamlNode) => void): void {
  let container = false;
  const guarded = (field: YamlNode): void => {
    try {
      set(field);
    } catch (error) {
      container = error instanceof NodeKindError;
      throw error;
    }
  };
  try {
    applyFieldSpec(node, spec, { set: guarded, createKind: 'scalar', createTag: STRING_TAG });
  } catch (error) {
    throw wrapError(
      error,
      container ? 'namespace field specs must target scalar nodes' : 'namespace transformation failed',
    );
  }
}

function setSubjects(node: YamlNode, mode: SubjectMode, set: (field: YamlNode) => void): void {
  if (mode === 'none') return;
  const subjects = getField(node, 'subjects');
  if (subjects === undefined || isMissingOrNull(subjects)) return;
  const [field, value] = mode === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  try {
    for (const subject of itemsOf(subjects)) {
      if (getField(subject, field ?? '')?.text === value) set(ensureField(subject, ['namespace'], 'scalar'));
    }
  } catch (error) {
    throw wrapError(error, 'setting namespace on (cluster)role binding subjects');
  }
}
