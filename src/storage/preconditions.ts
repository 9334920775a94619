import type { KubeObject } from '../model/kube-object.ts';
import { conflict } from '../model/status-errors.ts';
import { preconditionText } from './storage-status.ts';
import type { StoredKind } from './stored-kind.ts';

/** What must be so of the stored object for a write to happen. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Throws Conflict, in kube-apiserver's words, when an object is not as the preconditions say. */
export function checkPreconditions(
  { kind, name, key }: { kind: StoredKind; name: string; key: Buffer },
  { metadata }: KubeObject,
  wanted: Preconditions | undefined,
): void {
  const refuse = (why: string): never => {
    throw conflict(kind.resource, name, preconditionText(key.toString('utf8'), why));
  };
  if (wanted?.uid !== undefined && wanted.uid !== metadata.uid) {
    refuse(`UID in precondition: ${wanted.uid}, UID in object meta: ${metadata.uid ?? ''}`);
  }
  if (wanted?.resourceVersion !== undefined && wanted.resourceVersion !== metadata.resourceVersion) {
    const have = metadata.resourceVersion ?? '';
    refuse(`ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${have}`);
  }
}
