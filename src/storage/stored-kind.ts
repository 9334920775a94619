import type { GroupResource } from '../model/status-errors.ts';
import type { ObjectEncoding } from './object-codec.ts';
import type { StoragePath } from './registry-keys.ts';

/** How the objects of one resource are stored. */
export interface StoredKind extends StoragePath {
  /** For error texts. */
  readonly resource: GroupResource;
  /** The encoding of a new object; a stored one keeps the encoding that it was found in. */
  readonly encoding: ObjectEncoding;
}

/** Which object of a kind; the namespace is '' for cluster-wide kinds. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}
