import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { Command } from '../command.ts';
import { rolloutChangeCommand } from './change-rollout.ts';

const KINDS = ['Deployment', 'DaemonSet', 'StatefulSet'];

/** `rollout restart`: new pods in place of all there are. */
export const rolloutRestart: Command = rolloutChangeCommand({
  use: 'restart RESOURCE',
  description: 'Restart deployments, daemon sets and stateful sets: their pods are replaced as after a change.',
  examples: [
    {
      comment: 'Restart all deployments of a namespace',
      command: 'kubectl rollout restart deployment -n test-namespace',
    },
    { comment: 'Restart one daemon set', command: 'kubectl rollout restart daemonset/abc' },
    { comment: 'Restart deployments with a label', command: 'kubectl rollout restart deployment --selector=app=nginx' },
  ],
  word: 'restarted',
  change({ apiVersion, kind, spec }, now) {
    if (!apiVersion.startsWith('apps/') || !KINDS.includes(kind) || !isJsonObject(spec)) {
      throw new UserError('restarting is not supported');
    }
    if (kind === 'Deployment' && spec['paused'] === true) {
      throw new UserError("can't restart paused deployment (run rollout resume first)");
    }
    const template = objectIn(spec, 'template');
    const annotations = objectIn(objectIn(template, 'metadata'), 'annotations');
    annotations['kubectl.kubernetes.io/restartedAt'] = localTime(now);
  },
});

function objectIn(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  const object: JsonObject = isJsonObject(value) ? value : {};
  parent[field] = object;
  return object;
}

/** RFC 3339 in seconds, in the time zone of this machine. */
export function localTime(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${local}Z`;
  const two = (number: number): string => String(number).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
}
