import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject, OwnerReference } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';

/** What becomes of objects that a controller has made. */
export type Dependents = 'auto' | 'all' | 'none';

export const dependentsFlag: Flag = {
  name: 'dependents',
  type: 'string',
  values: ['auto', 'all', 'none'],
  default: 'auto',
  usage:
    "Objects that controllers have made: 'auto' leaves out those that they will make again (pods of workloads, endpoints of services, events, finished jobs), 'all' takes everything, 'none' leaves out whatever has a controller.",
};

/** The value of dependentsFlag. Throws UserError for an unknown one. */
export function dependentsOf(flags: FlagValues): Dependents {
  const text = flags.string('dependents');
  if (text === 'auto' || text === 'all' || text === 'none') return text;
  throw new UserError(`--dependents must be one of auto, all, none, not ${JSON.stringify(text)}`);
}

const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Why an object is left out when others are brought somewhere; undefined for one that comes along. A ReplicaSet or a
 * ControllerRevision comes along, for the history of rollouts is in it.
 */
export function leftOut(object: KubeObject, dependents: Dependents): string | undefined {
  if (dependents === 'all') return undefined;
  const { metadata } = object;
  const controller = metadata.ownerReferences?.find((each) => each.controller === true);
  if (controller !== undefined && dependents === 'none') return `${controller.kind} ${controller.name} controls it`;
  if (metadata.annotations?.[MIRROR] !== undefined) return 'a kubelet mirrors it from a file';
  return madeAgain(object, controller);
}

function madeAgain(object: KubeObject, controller: OwnerReference | undefined): string | undefined {
  const { metadata } = object;
  const { group } = groupVersionOf(object.apiVersion);
  switch (group === '' ? object.kind : `${object.kind}.${group}`) {
    case 'Pod':
      return controller === undefined ? undefined : `${controller.kind} ${controller.name} makes it`;
    case 'Event':
    case 'Event.events.k8s.io':
      return 'events tell of the past';
    case 'EndpointSlice.discovery.k8s.io':
      return controller === undefined ? undefined : `made for ${controller.kind} ${controller.name}`;
    case 'ConfigMap':
      return metadata.name === 'kube-root-ca.crt' ? 'every namespace gets one' : undefined;
    case 'Endpoints':
      return metadata.labels?.['endpoints.kubernetes.io/managed-by'] === undefined ? undefined : 'made for its service';
    case 'Job.batch':
      return isFinished(object) ? 'it is finished, and would run again' : undefined;
    default:
      return undefined;
  }
}

function isFinished(object: KubeObject): boolean {
  const status = object['status'];
  const conditions = isJsonObject(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.some(
    (each) =>
      isJsonObject(each) && each['status'] === 'True' && (each['type'] === 'Complete' || each['type'] === 'Failed'),
  );
}
