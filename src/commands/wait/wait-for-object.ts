import type { KubeObject } from '../../model/kube-object.ts';
import { notFound } from '../../model/status-errors.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { NamedTarget } from '../target.ts';
import { followObject } from './follow-object.ts';
import type { ObjectCondition, WaitCondition } from './wait-condition.ts';

/** What to wait for on one object. */
export interface ObjectWait {
  readonly target: NamedTarget;
  /** As it was found. */
  readonly object: KubeObject;
  /** Any of these ends the wait. */
  readonly conditions: readonly WaitCondition[];
  /** Any of these ends it with an error. */
  readonly failOn: readonly ObjectCondition[];
  /** Whether to look once and not wait. */
  readonly once: boolean;
  /** How long the first look may take; the time to wait may be shorter than that. */
  readonly firstLook: AbortSignal;
  /** Whether that look is at the object as it was found. */
  readonly local: boolean;
}

/**
 * Resolves with the object as it was last seen when one of the conditions holds. Throws NotFound for an object that is not
 * there, UserError when it is looked at once and no condition holds, and the signal's reason when that aborts.
 */
export async function waitForObject(wait: ObjectWait, context: Context, signal: AbortSignal): Promise<KubeObject> {
  const { target, conditions } = wait;
  // What was found has been created.
  if (conditions.some(({ kind }) => kind === 'create')) return wait.object;
  const client = await context.client();
  const scope = scopeOf(target);
  if (wait.once) {
    const object = wait.local ? wait.object : await client.get(scope, target.name, { signal: context.signal });
    if (holds(wait, object)) return object;
    throw new UserError(`condition not met for ${place(target)}`);
  }
  const untilGone = conditions.some(({ kind }) => kind === 'delete');
  let last = wait.object;
  for await (const state of followObject({ client, scope, name: target.name, firstLook: wait.firstLook }, signal)) {
    if (state.state === 'present') {
      if (holds(wait, state.object)) return state.object;
      last = state.object;
    } else {
      if (untilGone) return last;
      // Only at first: an object that goes may come again.
      if (state.state === 'absent') {
        throw notFound({ group: target.resource.group, resource: target.resource.plural }, target.name);
      }
    }
  }
  return last;
}

function holds({ target, conditions, failOn }: ObjectWait, object: KubeObject): boolean {
  const failed = failOn.find((condition) => condition.holds(object));
  if (failed !== undefined) throw new UserError(`${failed.text} is met on ${place(target)}`);
  return conditions.some((condition) => condition.kind === 'object' && condition.holds(object));
}

/** An object as the errors of wait name it. */
export function place({ resource, name }: NamedTarget): string {
  return `${resource.plural}/${name}`;
}
