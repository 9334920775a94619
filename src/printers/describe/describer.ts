import type { KubeObject } from '../../model/kube-object.ts';
import type { DescribeSource } from './describe-source.ts';
import type { Description } from './description.ts';

/** One description that is being written. */
export interface Describing {
  /** In the version that the kind's describer reads. */
  readonly object: KubeObject;
  readonly out: Description;
  readonly source: DescribeSource;
  readonly showEvents: boolean;
  /** For ages. */
  readonly now: Date;
}

/** Writes what kubectl's describer of a kind prints. */
export type Describer = (describing: Describing) => Promise<void>;
