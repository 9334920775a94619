import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { Failures } from '../failures.ts';
import { allObjects } from '../find-objects.ts';

/**
 * The one object that `POD`, `TYPE/NAME`, `TYPE NAME` or manifests name; a bare name is a pod's. Throws UserError with
 * `several` when there are more.
 */
export async function oneObject(
  args: readonly string[],
  filenames: readonly string[],
  several: string,
  context: Context,
): Promise<KubeObject> {
  const [first, ...others] = args;
  const bare = first !== undefined && !first.includes('/') && others.length === 0;
  const failures = new Failures();
  const request = { args: bare ? ['pods', first] : args, filenames, recursive: false, bareTypeMeansAll: false };
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwAny();
  const [only, another] = found;
  if (only === undefined || another !== undefined) throw new UserError(several);
  return only.object;
}
