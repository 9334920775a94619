import { deepEqual } from '../../../model/deep-equal.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { timestamp } from '../../timestamp.ts';
import { ensureObject, type Fields, objectsIn, partOf, textIn } from '../../kinds/fields.ts';

/** A condition of a CustomResourceDefinition, without its time. */
export interface Condition {
  readonly type: 'NamesAccepted' | 'Established' | 'Terminating';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export function conditionOf(object: KubeObject, type: Condition['type']): Fields | undefined {
  return objectsIn(partOf(object, 'status'), 'conditions').find((condition) => textIn(condition, 'type') === type);
}

export function isConditionTrue(object: KubeObject, type: Condition['type']): boolean {
  return textIn(conditionOf(object, type) ?? {}, 'status') === 'True';
}

/** Sets a condition in place; its time moves with its status (SetCRDCondition). */
export function setCondition(object: KubeObject, { type, status, reason, message }: Condition, now: Date): void {
  const inside = ensureObject(object, 'status');
  const conditions = objectsIn(inside, 'conditions');
  const before = conditions.find((condition) => textIn(condition, 'type') === type);
  const lastTransitionTime =
    before !== undefined && deepEqual(before['status'], status) ? before['lastTransitionTime'] : timestamp(now);
  const condition: Fields = { type, status, lastTransitionTime, reason, message };
  inside['conditions'] =
    before === undefined ? [...conditions, condition] : conditions.map((each) => (each === before ? condition : each));
}
