import type { KubeObject } from '../../../model/kube-object.ts';
import { timestamp } from '../../timestamp.ts';
import { isTime } from '../../metadata/validate-metadata.ts';
import { setCondition } from './conditions.ts';
import { CLEANUP_FINALIZER } from './definitions.ts';

/** Marks a definition whose deletion begins, in place: its objects go first. A second deletion changes nothing. */
export function markDefinition(object: KubeObject, now: Date): void {
  const { metadata } = object;
  if (isTime(metadata.deletionTimestamp)) return;
  metadata.deletionTimestamp = timestamp(now);
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(CLEANUP_FINALIZER)) metadata.finalizers = [...finalizers, CLEANUP_FINALIZER];
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
  setCondition(object, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message }, now);
}
