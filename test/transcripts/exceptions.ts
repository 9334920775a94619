/** A step that is not compared, and why. */
export interface Exception {
  /** The transcript, as its path below the fixtures without the ending. */
  readonly transcript: string;
  readonly steps: RegExp;
  /** The columns it holds for; all when not given. */
  readonly columns?: RegExp;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    transcript: 'change/label-annotate',
    steps: /^kubectl label cm --list a$/,
    reason: 'kubectl prints a Go map, whose order is random; kube-lite sorts',
  },
  {
    transcript: 'crd/crd',
    steps: /^kubectl get ct$/,
    reason:
      'kubectl believes its cached discovery of the definition just deleted; kube-lite looks afresh, so knows it gone',
  },
  {
    transcript: 'walkthrough/article',
    steps: /^kubectl (etcd|serve) /,
    columns: /^kubectl/,
    reason: 'commands that kubectl does not have',
  },
];
