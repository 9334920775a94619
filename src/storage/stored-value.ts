import type { KubeObject } from '../model/kube-object.ts';
import { hasUnknownJson } from './has-unknown-json.ts';
import type { DecodedObject, ObjectEncoding } from './object-codec.ts';
import type { StoredKind } from './stored-kind.ts';
import type { OpenedValue } from './value-transformer.ts';

/** A stored object that remembers its bytes, so that an update can see that nothing changed. */
export class StoredValue {
  readonly object: KubeObject;
  readonly revision: number;
  /** The bytes before encryption. */
  readonly value: Buffer;
  /** Encrypted otherwise than it would be now. */
  readonly stale: boolean;
  readonly encoding: ObjectEncoding;
  readonly unknownFields: boolean;

  constructor(decoded: DecodedObject & OpenedValue, revision: number) {
    this.object = decoded.object;
    this.encoding = decoded.encoding;
    this.unknownFields = decoded.unknownFields;
    this.revision = revision;
    this.value = decoded.value;
    this.stale = decoded.stale;
  }
}

/** Whether the stored value has what this version does not know, and would not write back. Custom resources keep all they have. */
export function wouldLose(kind: StoredKind, stored: StoredValue): boolean {
  if (stored.unknownFields) return true;
  return kind.encoding !== 'sorted-json' && stored.encoding !== 'protobuf' && hasUnknownJson(stored.object);
}

const BEFORE_REVISION = ['name', 'generateName', 'namespace', 'uid'] as const;

/** Puts the resourceVersion where Go's ObjectMeta has it: after the uid. */
export function withRevision(object: KubeObject, revision: number): KubeObject {
  const stored = object.metadata;
  const metadata: KubeObject['metadata'] = {};
  for (const field of BEFORE_REVISION) if (stored[field] !== undefined) metadata[field] = stored[field];
  metadata.resourceVersion = String(revision);
  for (const field of Object.keys(stored)) if (field !== 'resourceVersion') metadata[field] = stored[field];
  object.metadata = metadata;
  return object;
}
