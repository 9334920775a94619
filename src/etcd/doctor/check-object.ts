import { builtInResources } from '../../model/schema/built-in-resources.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { customStorageInfo, storageInfo } from '../../model/schema/storage-info.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { type ObjectKey, resourceName } from '../object-key.ts';
import type { Finding } from './finding.ts';
import { shellWord } from './shell-word.ts';
import type { StoreFacts } from './store-facts.ts';
import { isOlderVersion } from './version-order.ts';

export interface ObjectCheck {
  /** As text. */
  readonly key: string;
  readonly place: ObjectKey;
  readonly object: KubeObject;
  readonly facts: StoreFacts;
  readonly now: Date;
  /** From when on something that is being deleted hangs. */
  readonly stuckAfterMs: number;
  /** How the program is called, for remedies. */
  readonly program: string;
}

/** What is wrong with an object that can be read: its key, its namespace, its version, its end. */
export function checkObject(check: ObjectCheck): Finding[] {
  return [checkKind(check), checkName(check), checkNamespace(check), checkVersion(check), checkEnd(check)].filter(
    (each) => each !== undefined,
  );
}

/** `/apis/…` with what a command needs to name an object: `deployment.apps web -n default`. */
function named({ place }: ObjectCheck): string {
  const where = place.namespace === '' ? '' : ` -n ${place.namespace}`;
  return `${resourceName(place.resource)} ${place.name}${where}`;
}

// Which kind each built-in resource has: read once, and never changed.
const KINDS: ReadonlyMap<string, string> = new Map(
  builtInResources().map(({ group, plural, kind }) => [resourceName({ group, resource: plural }), kind]),
);

function checkKind({ key, place, object, facts, program }: ObjectCheck): Finding | undefined {
  const name = resourceName(place.resource);
  const definition = facts.definitions.get(`${place.resource.group}/${place.resource.resource}`);
  if (place.custom && definition === undefined) {
    return {
      severity: 'warning',
      code: 'no-definition',
      subject: key,
      message: `no CustomResourceDefinition ${name} is there; no API server serves this object`,
      remedy: `create the definition again, or: ${program} etcd del ${shellWord(key)}`,
    };
  }
  const expected = place.custom ? definition?.kind : KINDS.get(name);
  if (expected === undefined || expected === object.kind) return undefined;
  return {
    severity: 'error',
    code: 'wrong-kind',
    subject: key,
    message: `a ${object.kind} stands where a ${expected} belongs`,
    remedy: `${program} etcd history ${shellWord(key)}`,
  };
}

function checkName({ key, place, object, facts, program }: ObjectCheck): Finding | undefined {
  const { name = '', namespace = '' } = object.metadata ?? {};
  const definition = facts.definitions.get(`${place.resource.group}/${place.resource.resource}`);
  const scoped = definition === undefined || definition.namespaced === (place.namespace !== '');
  if (place.wellFormed && scoped && name === place.name && namespace === place.namespace) return undefined;
  const found = namespace === '' ? JSON.stringify(name) : `${JSON.stringify(name)} in namespace ${namespace}`;
  return {
    severity: 'error',
    code: 'wrong-key',
    subject: key,
    message: `the key is not that of the object in it, which is named ${found}; it cannot be updated or deleted by its name`,
    remedy: `${program} etcd get ${shellWord(key)}; ${program} etcd del ${shellWord(key)}`,
  };
}

function checkNamespace({ key, place, facts, program }: ObjectCheck): Finding | undefined {
  const { namespace } = place;
  if (namespace === '' || facts.namespaces.has(namespace)) return undefined;
  return {
    severity: 'error',
    code: 'missing-namespace',
    subject: key,
    message: `the namespace ${namespace} does not exist`,
    remedy: `${program} create namespace ${namespace}, then delete what is in it as usual; or: ${program} etcd del ${shellWord(key)}`,
  };
}

function checkVersion(check: ObjectCheck): Finding | undefined {
  const { key, place, object, facts, program } = check;
  const { group, resource } = place.resource;
  const definition = facts.definitions.get(`${group}/${resource}`);
  if (place.custom && definition === undefined) return undefined;
  const { group: storedGroup, version } = groupVersionOf(object.apiVersion);
  if (definition !== undefined && !definition.versions.includes(version)) {
    return {
      severity: 'error',
      code: 'removed-version',
      subject: key,
      message: `${object.apiVersion} is no version of the CustomResourceDefinition any more; the object cannot be read by an API server`,
      remedy: `add the version ${version} to the definition with served: false, then: ${program} get ${named(check)} -o json | ${program} replace -f -`,
    };
  }
  const expected =
    definition === undefined
      ? storageInfo({ group, plural: resource })?.apiVersion
      : customStorageInfo({ group, plural: resource }, definition.storageVersion).apiVersion;
  if (expected === undefined || object.apiVersion === expected) return undefined;
  // Events are kept in one version, whichever of both APIs wrote them.
  const elsewhere = storedGroup !== group && resource !== 'events';
  if (!elsewhere && !isOlderVersion(version, groupVersionOf(expected).version)) return undefined;
  return {
    severity: 'warning',
    code: 'old-version',
    subject: key,
    message: `stored as ${object.apiVersion}, where ${expected} is today's; a newer API server may not read it`,
    remedy: `${program} get ${named(check)} -o json | ${program} replace -f -`,
  };
}

function checkEnd(check: ObjectCheck): Finding | undefined {
  const { key, object, now, stuckAfterMs, program } = check;
  const { deletionTimestamp, finalizers = [] } = object.metadata ?? {};
  if (typeof deletionTimestamp !== 'string') return undefined;
  const ageMs = now.getTime() - Date.parse(deletionTimestamp);
  if (!(ageMs > stuckAfterMs)) return undefined;
  const own = object.kind === 'Namespace' ? namespaceFinalizers(object) : [];
  const all = [...finalizers, ...own];
  const why = all.length === 0 ? 'and has no finalizer' : `held by ${all.join(', ')}`;
  return {
    severity: 'warning',
    code: 'stuck-deletion',
    subject: key,
    message: `to be deleted since ${deletionTimestamp}, ${why}`,
    remedy:
      finalizers.length > 0
        ? `${program} patch ${named(check)} --type=merge -p '{"metadata":{"finalizers":null}}'`
        : own.length > 0
          ? `see what is left: ${program} get everything -n ${check.place.name}`
          : `${program} etcd del ${shellWord(key)}`,
  };
}

function namespaceFinalizers(object: KubeObject): string[] {
  const spec = object['spec'];
  const list: unknown =
    typeof spec === 'object' && spec !== null ? (spec as Record<string, unknown>)['finalizers'] : [];
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
