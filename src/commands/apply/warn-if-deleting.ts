import type { KubeObject } from '../../model/kube-object.ts';
import type { Context } from '../context.ts';

/** Says that the object which was changed is on its way out. */
export function warnIfDeleting(object: KubeObject, { streams }: Context): void {
  const { deletionTimestamp, name = '' } = object.metadata;
  if (!deletionTimestamp) return;
  streams.err.write(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
}
