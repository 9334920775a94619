import type { ResMap } from './res-map.ts';

/** A step of a kustomization that changes its objects. */
export interface Transformer {
  /** What the step is called in error texts and in notes of where changes come from: `PrefixTransformer`. */
  readonly kind: string;
  /** Throws KustomizeError. */
  transform(objects: ResMap): void;
}
