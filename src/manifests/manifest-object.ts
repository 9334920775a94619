import type { KubeObject } from '../model/kube-object.ts';

/** An object read from a manifest, and where it stands. */
export interface ManifestObject {
  readonly object: KubeObject;
  /** As error texts name it: the path as given or found, `STDIN`, a URL. */
  readonly source: string;
  /** Which document of the source, from 1. */
  readonly document: number;
  /** It is an item of a list, not a document of its own. */
  readonly isItem?: true;
}

/** A source or a document that could not be read; others may still follow. */
export interface ManifestFailure {
  readonly error: Error;
  readonly source: string;
}
