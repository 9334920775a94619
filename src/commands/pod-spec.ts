import { isJsonObject, type JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { UserError } from '../model/user-error.ts';
import { goTypeOf } from './typed-object.ts';

/** Where the pod spec is in each kind that has one. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
};

/** The pod spec in an object, made where it lacks; changes made to it are made to the object. Throws UserError for other kinds. */
export function podSpecOf(object: KubeObject): JsonObject {
  const path = PATHS[object.kind];
  if (path === undefined) {
    throw new UserError(`the object is not a pod or does not have a pod template: ${goTypeOf(object)}`);
  }
  let spec = object as unknown as JsonObject;
  for (const field of path) {
    const next = spec[field];
    const inner: JsonObject = isJsonObject(next) ? next : {};
    spec[field] = inner;
    spec = inner;
  }
  return spec;
}
