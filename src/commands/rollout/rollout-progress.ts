import type { KubeObject } from '../../model/kube-object.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../../printers/describe/fields.ts';

/** How far a rollout is, in one line with its end, and whether it is done. */
export interface RolloutProgress {
  readonly text: string;
  readonly done: boolean;
}

/** Reads the progress of a rollout in an object; `revision` 0 is any. Throws UserError where the rollout has failed. */
export type ProgressReader = (object: KubeObject, revision: number) => RolloutProgress;

const READERS: Readonly<Record<string, ProgressReader>> = {
  'Deployment.apps': deploymentProgress,
  'DaemonSet.apps': daemonSetProgress,
  'StatefulSet.apps': statefulSetProgress,
};

/** The reader for a kind, with its group behind a dot. Throws UserError for kinds that have no rollouts. Mirrors kubectl's rollout_status.go. */
export function progressReaderFor(groupKind: string): ProgressReader {
  const reader = READERS[groupKind];
  if (reader === undefined) throw new UserError(`no status viewer has been implemented for ${groupKind}`);
  return reader;
}

function going(text: string): RolloutProgress {
  return { text: `${text}\n`, done: false };
}

function finished(text: string): RolloutProgress {
  return { text: `${text}\n`, done: true };
}

function isObserved(object: KubeObject): boolean {
  return numberAt(object, 'metadata.generation') <= numberAt(object, 'status.observedGeneration');
}

function deploymentProgress(object: KubeObject, revision: number): RolloutProgress {
  const name = JSON.stringify(object.metadata.name ?? '');
  if (revision > 0) {
    const text = object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '0';
    if (!/^[+-]?\d+$/.test(text)) {
      throw new UserError(
        `cannot get the revision of deployment ${name}: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
      );
    }
    if (Number(text) !== revision) {
      throw new UserError(`desired revision (${revision}) is different from the running revision (${Number(text)})`);
    }
  }
  if (!isObserved(object)) return going('Waiting for deployment spec update to be observed...');
  const progressing = objectsAt(object, 'status.conditions').find(({ type }) => type === 'Progressing');
  if (progressing?.['reason'] === 'ProgressDeadlineExceeded') {
    throw new UserError(`deployment ${name} exceeded its progress deadline`);
  }
  const wanted = valueAt(object, 'spec.replicas');
  const replicas = Number(numberAt(object, 'status.replicas'));
  const updated = Number(numberAt(object, 'status.updatedReplicas'));
  const available = Number(numberAt(object, 'status.availableReplicas'));
  const waiting = `Waiting for deployment ${name} rollout to finish:`;
  if (typeof wanted === 'number' && updated < wanted) {
    return going(`${waiting} ${updated} out of ${wanted} new replicas have been updated...`);
  }
  if (replicas > updated) return going(`${waiting} ${replicas - updated} old replicas are pending termination...`);
  if (available < updated) return going(`${waiting} ${available} of ${updated} updated replicas are available...`);
  return finished(`deployment ${name} successfully rolled out`);
}

function requireRollingUpdate(object: KubeObject): void {
  if (textAt(object, 'spec.updateStrategy.type') !== 'RollingUpdate') {
    throw new UserError('rollout status is only available for RollingUpdate strategy type');
  }
}

function daemonSetProgress(object: KubeObject): RolloutProgress {
  requireRollingUpdate(object);
  if (!isObserved(object)) return going('Waiting for daemon set spec update to be observed...');
  const name = JSON.stringify(object.metadata.name ?? '');
  const wanted = numberAt(object, 'status.desiredNumberScheduled');
  const updated = numberAt(object, 'status.updatedNumberScheduled');
  const available = numberAt(object, 'status.numberAvailable');
  const waiting = `Waiting for daemon set ${name} rollout to finish:`;
  if (updated < wanted) return going(`${waiting} ${updated} out of ${wanted} new pods have been updated...`);
  if (available < wanted) return going(`${waiting} ${available} of ${wanted} updated pods are available...`);
  return finished(`daemon set ${name} successfully rolled out`);
}

function statefulSetProgress(object: KubeObject): RolloutProgress {
  requireRollingUpdate(object);
  if (numberAt(object, 'status.observedGeneration') === 0 || !isObserved(object)) {
    return going('Waiting for statefulset spec update to be observed...');
  }
  const wanted = valueAt(object, 'spec.replicas');
  const ready = Number(numberAt(object, 'status.readyReplicas'));
  const updated = Number(numberAt(object, 'status.updatedReplicas'));
  if (typeof wanted === 'number' && ready < wanted) return going(`Waiting for ${wanted - ready} pods to be ready...`);
  if (valueAt(object, 'spec.updateStrategy.rollingUpdate') !== undefined) {
    const partition = valueAt(object, 'spec.updateStrategy.rollingUpdate.partition');
    if (typeof wanted === 'number' && typeof partition === 'number' && updated < wanted - partition) {
      return going(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...`,
      );
    }
    return finished(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  const current = textAt(object, 'status.currentRevision');
  const update = textAt(object, 'status.updateRevision');
  if (update !== current) {
    return going(`waiting for statefulset rolling update to complete ${updated} pods at revision ${update}...`);
  }
  const replicas = numberAt(object, 'status.currentReplicas');
  return finished(`statefulset rolling update complete ${replicas} pods at revision ${current}...`);
}

/** A kind with its group behind a dot, as errors name it: `Deployment.apps`. */
export function groupKindOf({ group, kind }: Pick<ResourceInfo, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}
