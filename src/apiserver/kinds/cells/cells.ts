import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { ageSince } from '../age-since.ts';

/** The cells of an object's table row, one a column of `columnsOf`; upstream: pkg/printers/internalversion. */
export type Cells = (object: KubeObject, now: Date) => JsonValue[];

export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

export function ageOf(object: KubeObject, now: Date): string {
  return ageSince(object.metadata.creationTimestamp, now);
}
