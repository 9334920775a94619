import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import type { StoredKind } from '../../storage/object-storage.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { ApiServer } from '../api-server.ts';
import { timestamp } from '../timestamp.ts';
import { defaultClusterRoleBindings, defaultClusterRoles } from './default-policy.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Stores those roles and bindings of the default policy that are missing. A store that may not be written to stays as it is. */
export async function storeDefaultPolicy({ catalog, storage, randomness, now }: ApiServer): Promise<void> {
  const [roles, bindings] = await Promise.all([
    catalog.preferred(GROUP, 'clusterroles'),
    catalog.preferred(GROUP, 'clusterrolebindings'),
  ]);
  if (roles === undefined || bindings === undefined) return;
  const entry = (kind: StoredKind, object: KubeObject) => {
    const { name = '', ...metadata } = object.metadata;
    const made = { name, uid: randomness.uuid(), creationTimestamp: timestamp(now()), ...metadata };
    return { kind, name: { namespace: '', name }, object: { ...object, metadata: made } };
  };
  try {
    await storage.createMissing([
      ...[...defaultClusterRoles().values()].map((role) => entry(roles.stored, role)),
      ...[...defaultClusterRoleBindings().values()].map((binding) => entry(bindings.stored, binding)),
    ]);
  } catch (error) {
    const cause = error instanceof StatusError ? error.cause : error;
    const closed = cause instanceof StorageError && ['ReadOnly', 'PermissionDenied', 'NoSpace'].includes(cause.code);
    if (!closed) throw error;
  }
}
