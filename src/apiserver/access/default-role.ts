/**
 * A role of the default policy. A line of its rules is `groups: resources: verbs`, or `groups: resources: verbs: names` for
 * objects of these names; `-` is the core group. `paths: verbs` is of paths. All are separated by spaces.
 */
export interface DefaultRole {
  readonly rules: string;
  /** The aggregate role that takes this one in. */
  readonly aggregatedTo?: 'admin' | 'edit' | 'view';
  /** Whether its own rules are those of the roles that are aggregated to it. */
  readonly aggregate?: true;
  /** Who is bound to it in the whole cluster. */
  readonly groups?: readonly string[];
  readonly users?: readonly string[];
  /** Service accounts of kube-system. */
  readonly accounts?: readonly string[];
  /** Whether it has a binding although nobody is bound to it. */
  readonly unbound?: true;
}
