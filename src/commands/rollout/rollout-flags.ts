import { UserError } from '../../model/user-error.ts';
import type { Invocation } from '../command.ts';
import type { Flag } from '../flag.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { fileFlags, selectorFlag } from '../shared-flags.ts';
import { namesNoFiles, targetRequestOf } from '../target-request.ts';

/** The flags by which rollout commands are told their objects. */
export const rolloutFlags: readonly Flag[] = [...fileFlags('to look at'), selectorFlag];

/** The objects of a rollout command; a type alone means all of it. Throws UserError when none are named. */
export function rolloutRequest({ args, flags }: Invocation): TargetRequest {
  const request = { ...targetRequestOf(args, flags, ['selector']), bareTypeMeansAll: true };
  if (args.length === 0 && namesNoFiles(request)) throw new UserError('required resource not specified');
  return request;
}

/** A revision's number. Throws UserError for a negative one. */
export function checkedRevision(revision: number): number {
  if (revision < 0) throw new UserError(`revision must be a positive integer: ${revision}`);
  return revision;
}
