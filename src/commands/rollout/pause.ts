import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Command } from '../command.ts';
import { rolloutChangeCommand } from './change-rollout.ts';

/** `rollout pause`: a deployment's changes have no effect until it is resumed. */
export const rolloutPause: Command = rolloutChangeCommand({
  use: 'pause RESOURCE',
  description: 'Pause deployments: their controller does not act on changes until they are resumed.',
  examples: [{ comment: 'Pause a deployment; what runs goes on', command: 'kubectl rollout pause deployment/nginx' }],
  word: 'paused',
  unchangedWord: 'already paused',
  change(object) {
    const spec = deploymentSpec(object, 'pausing is not supported');
    if (spec['paused'] === true) throw new UserError('is already paused');
    spec['paused'] = true;
  },
});

/** `rollout resume`: ends a pause. */
export const rolloutResume: Command = rolloutChangeCommand({
  use: 'resume RESOURCE',
  description: 'Resume deployments that are paused.',
  examples: [{ comment: 'Resume a deployment', command: 'kubectl rollout resume deployment/nginx' }],
  word: 'resumed',
  unchangedWord: 'already resumed',
  change(object) {
    const spec = deploymentSpec(object, 'resuming is not supported');
    if (spec['paused'] !== true) throw new UserError('is not paused');
    delete spec['paused'];
  },
});

function deploymentSpec({ apiVersion, kind, spec }: KubeObject, refusal: string): JsonObject {
  if (!apiVersion.startsWith('apps/') || kind !== 'Deployment' || !isJsonObject(spec)) throw new UserError(refusal);
  return spec;
}
