import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';

/** What may be pruned when nothing else was said: namespaced kinds, then others. */
const DEFAULT_KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Endpoints'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Pod'],
  ['v1', 'ReplicationController'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolume'],
];

/**
 * The resources that may be pruned, in kubectl's order: those of `group/version/kind` texts, or kubectl's own list when
 * there are none. Throws UserError for a text of another form and for a kind that is not served.
 */
export async function allowedKinds(texts: readonly string[], context: Context): Promise<readonly ResourceInfo[]> {
  const wanted = texts.length === 0 ? DEFAULT_KINDS : texts.map(parseKind);
  const { mapper } = await context.client();
  const found: ResourceInfo[] = [];
  for (const [apiVersion, kind] of wanted) {
    const resource = await mapper.resourceForKind(apiVersion, kind);
    if (resource === undefined) {
      throw new UserError(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    }
    found.push(resource);
  }
  return found;
}

function parseKind(text: string): readonly [apiVersion: string, kind: string] {
  const [group = '', version = '', kind, ...more] = text.split('/');
  if (kind === undefined || more.length > 0) {
    throw new UserError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
  }
  return [group === 'core' || group === '' ? version : `${group}/${version}`, kind];
}
