import { apiVersionOf, type ResourceInfo, type SubresourceInfo } from '../../model/schema/resource-info.ts';
import type { GroupVersionKind } from './definitions.ts';
import { type OperationParameter, pathParameters, queryParameters } from './operation-parameters.ts';

/** A resource as discovery tells it, with the patches that it takes. */
export interface DescribedResource {
  readonly info: ResourceInfo;
  readonly subresources: readonly SubresourceInfo[];
  readonly patchTypes: readonly string[];
}

export type OperationMethod = 'delete' | 'get' | 'patch' | 'post' | 'put';

/** What an operation sends or answers: an object, a list, a Status …, by apiVersion and kind; or text. */
export type Content = { readonly apiVersion: string; readonly kind: string } | 'text' | 'patch';

/** One operation of a path, in neither version's notation. */
export interface Operation {
  readonly method: OperationMethod;
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly kind: GroupVersionKind;
  readonly parameters: readonly OperationParameter[];
  readonly body?: { readonly content: Content; readonly types: readonly string[] };
  readonly codes: readonly number[];
  readonly answer: Content;
}

export interface OperationPath {
  readonly path: string;
  readonly parameters: readonly OperationParameter[];
  readonly operations: readonly Operation[];
}

const METHODS: Readonly<Record<string, { method: OperationMethod; action: string; id: string; codes: number[] }>> = {
  list: { method: 'get', action: 'list', id: 'list', codes: [200] },
  create: { method: 'post', action: 'post', id: 'create', codes: [200, 201, 202] },
  deletecollection: { method: 'delete', action: 'deletecollection', id: 'delete', codes: [200] },
  get: { method: 'get', action: 'get', id: 'read', codes: [200] },
  update: { method: 'put', action: 'put', id: 'replace', codes: [200, 201] },
  patch: { method: 'patch', action: 'patch', id: 'patch', codes: [200, 201] },
  delete: { method: 'delete', action: 'delete', id: 'delete', codes: [200, 202] },
};

const STATUS = { apiVersion: 'v1', kind: 'Status' };
const DELETE_OPTIONS = { apiVersion: 'v1', kind: 'DeleteOptions' };
const ANY_TYPE = ['*/*'];

/** The paths of a resource and of what is below it, each with the operations that discovery's verbs allow. */
export function operationPaths(resource: DescribedResource): OperationPath[] {
  const { info, subresources } = resource;
  const { group, version, plural, namespaced } = info;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const of = (path: string, operations: readonly Operation[]): OperationPath => ({
    path,
    operations,
    parameters: pathParameters(path),
  });
  const everywhere = namespaced && info.verbs.includes('list') ? [operation(resource, 'list', 'ForAllNamespaces')] : [];
  const paths = [
    of(`${root}/${plural}`, everywhere),
    of(collection, operationsOf(resource, ['list', 'create', 'deletecollection'])),
    of(`${collection}/{name}`, operationsOf(resource, ['get', 'update', 'patch', 'delete'])),
    ...subresources.map((sub) => of(`${collection}/{name}/${sub.name}`, subresourceOperations(resource, sub))),
  ];
  return paths.filter(({ operations }) => operations.length > 0);
}

function operationsOf(resource: DescribedResource, verbs: readonly string[]): Operation[] {
  return verbs.filter((verb) => resource.info.verbs.includes(verb)).map((verb) => operation(resource, verb));
}

function operation(resource: DescribedResource, verb: string, suffix = ''): Operation {
  const { info, patchTypes } = resource;
  const { group, version, kind } = info;
  const own = { apiVersion: apiVersionOf(info), kind };
  const deletes = verb === 'delete' || verb === 'deletecollection';
  const answers: Record<string, Content> = {
    list: { ...own, kind: `${kind}List` },
    delete: STATUS,
    deletecollection: STATUS,
  };
  return {
    ...shape(info, verb, suffix),
    kind: { group, kind, version },
    parameters: queryParameters(verb),
    ...bodyOf(verb, deletes ? DELETE_OPTIONS : own, patchTypes),
    answer: answers[verb] ?? own,
  };
}

function subresourceOperations({ info, patchTypes }: DescribedResource, sub: SubresourceInfo): Operation[] {
  const connects = sub.kind.endsWith('Options');
  const object = { apiVersion: apiVersionOf(sub), kind: sub.kind };
  const suffix = sub.name.charAt(0).toUpperCase() + sub.name.slice(1);
  return sub.verbs.flatMap((verb): Operation[] => {
    if (METHODS[verb] === undefined) return [];
    const found = shape(info, verb, suffix);
    const kind = { group: sub.group, kind: sub.kind, version: sub.version };
    if (connects) {
      const id = found.id.replace(/^[a-z]+/, `connect${titled(found.method)}`);
      return [{ ...found, id, action: 'connect', kind, parameters: [], codes: [200], answer: 'text' }];
    }
    const answer = sub.name === 'log' ? 'text' : object;
    return [{ ...found, kind, parameters: queryParameters(verb), ...bodyOf(verb, object, patchTypes), answer }];
  });
}

/** Method, action, codes and id: `createCoreV1NamespacedPod`, `replaceAppsV1NamespacedDeploymentStatus`. */
function shape(
  info: ResourceInfo,
  verb: string,
  suffix: string,
): Pick<Operation, 'method' | 'action' | 'codes' | 'id'> {
  const { method, action, codes, id } = METHODS[verb] ?? METHODS['get'] ?? fail(verb);
  const collection = verb === 'deletecollection' ? 'Collection' : '';
  const namespaced = info.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  const name = `${id}${titled(groupWord(info.group))}${titled(info.version)}${collection}${namespaced}${info.kind}${suffix}`;
  return { method, action, codes, id: name };
}

/** A group in names: `core`, `apps`, `rbacAuthorization`. */
export function groupWord(group: string): string {
  if (group === '') return 'core';
  const [first = '', ...rest] = group.replace(/\.k8s\.io$/, '').split('.');
  return [first, ...rest.map(titled)].join('');
}

function bodyOf(verb: string, content: Content, patchTypes: readonly string[]): Pick<Operation, 'body'> {
  if (verb === 'get' || verb === 'list') return {};
  return { body: verb === 'patch' ? { content: 'patch', types: patchTypes } : { content, types: ANY_TYPE } };
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function fail(verb: string): never {
  throw new Error(`discovery tells a verb that is not known: ${verb}`);
}
