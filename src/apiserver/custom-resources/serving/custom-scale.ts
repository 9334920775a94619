import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { badRequest, internalError } from '../../../model/status-errors.ts';
import type { ScalePaths } from '../../served-resource.ts';
import { fieldAt, fieldsOf } from './scale-errors.ts';

/** What a Scale shows of an object. */
export interface ScaleState {
  /** Undefined when the object does not say. */
  readonly wanted: number | undefined;
  readonly seen: number;
  /** '' when there is none. */
  readonly selector: string;
}

/** The Scale of a custom resource. Throws InternalError when a field has the wrong type. */
export function customScale(object: KubeObject, paths: ScalePaths): ScaleState {
  const selector = paths.labelSelectorPath === '' ? undefined : valueAt(object, paths.labelSelectorPath);
  return {
    wanted: numberAt(object, paths.specReplicasPath),
    seen: numberAt(object, paths.statusReplicasPath) ?? 0,
    selector: typeof selector === 'string' ? selector : '',
  };
}

/** The error of a Scale that is asked for where nothing says how many replicas are wanted. */
export function missingReplicas({ specReplicasPath }: ScalePaths): Error {
  return internalError(`the spec replicas field ${JSON.stringify(specReplicasPath)} does not exist`);
}

/** Writes the replicas that a Scale asks for, in place. Throws BadRequest when it asks for nothing. */
export function writeReplicas(object: KubeObject, paths: ScalePaths, replicas: number | undefined): void {
  if (replicas === undefined) {
    throw badRequest(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} cannot be empty`);
  }
  const fields = fieldsOf(paths.specReplicasPath);
  const last = fields.pop() ?? '';
  let inside = object as unknown as JsonObject;
  for (const field of fields) {
    const next = inside[field];
    const below: JsonObject = isJsonObject(next) ? next : {};
    inside[field] = below;
    inside = below;
  }
  inside[last] = replicas;
}

function numberAt(object: KubeObject, path: string): number | undefined {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : undefined;
}

function valueAt(object: KubeObject, path: string): JsonValue | undefined {
  const found = fieldAt(object, path);
  if ('problem' in found) throw internalError(found.problem);
  return found.value;
}
