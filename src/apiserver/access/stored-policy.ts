import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { ApiServer } from '../api-server.ts';
import { timestamp } from '../timestamp.ts';
import { aggregateRoles } from './aggregate-roles.ts';
import {
  DEFAULT_CLUSTER_ROLE_BINDINGS,
  DEFAULT_CLUSTER_ROLES,
  defaultNamespacePolicy,
  settledClusterRole,
} from './default-policy.ts';

const NOT_WRITABLE: readonly string[] = ['ReadOnly', 'LiveServer', 'PermissionDenied', 'NoSpace'];
const GROUP = 'rbac.authorization.k8s.io';
/** How many objects are written at once; a store takes 128 in a transaction. */
const AT_ONCE = 64;
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** Stores those roles and bindings of the default policy that are missing. A store that may not be written to stays as it is. */
export async function storeDefaultPolicy(server: ApiServer): Promise<void> {
  const { storage } = server;
  const spaces = ['kube-system', 'kube-public'].map(defaultNamespacePolicy);
  const objects = [
    ...[...DEFAULT_CLUSTER_ROLES.values()].map(settledClusterRole),
    ...DEFAULT_CLUSTER_ROLE_BINDINGS.values(),
    ...spaces.flatMap(({ roles, bindings }) => [...roles, ...bindings]),
  ];
  const entries = await Promise.all(objects.map((object) => entryOf(server, object)));
  const known = entries.filter((entry) => entry !== undefined);
  try {
    await server.bootstrap.ensure();
    for (let from = 0; from < known.length; from += AT_ONCE) {
      await storage.createMissing(known.slice(from, from + AT_ONCE));
    }
    // Roles that were there before may belong to those that were not.
    await aggregateRoles(server);
  } catch (error) {
    const cause = error instanceof StatusError ? error.cause : error;
    const closed = cause instanceof StorageError && NOT_WRITABLE.includes(cause.code);
    if (!closed) throw error;
  }
}

async function entryOf({ catalog, randomness, now }: ApiServer, object: KubeObject) {
  const served = await catalog.preferred(GROUP, PLURALS[object.kind] ?? '');
  if (served === undefined) return undefined;
  const { name = '', namespace = '', ...metadata } = object.metadata;
  const place = namespace === '' ? {} : { namespace };
  const made = { name, ...place, uid: randomness.uuid(), creationTimestamp: timestamp(now()), ...metadata };
  return { kind: served.stored, name: { namespace, name }, object: { ...object, metadata: made } };
}
