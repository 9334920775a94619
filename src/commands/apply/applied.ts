import type { KubeObject } from '../../model/kube-object.ts';

/** What became of one object. */
export interface Applied {
  readonly object: KubeObject;
  readonly operation: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}
