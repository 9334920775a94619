import type { KubeObject } from '../model/kube-object.ts';
import { prefixRange } from './key-range.ts';
import { collectionPrefix, objectKey } from './registry-keys.ts';
import type { Compare } from './storage.ts';
import type { ObjectName, StoredKind } from './stored-kind.ts';

/** An object that must still be as it was read for a create to happen. */
export interface CreateGuard {
  readonly kind: StoredKind;
  readonly name: ObjectName;
  readonly revision: number;
}

/** An object that is changed in the transaction of a create, if it still is as it was read. */
export interface CreateCompanion extends CreateGuard {
  readonly object: KubeObject;
}

export interface CreateOptions {
  readonly dryRun?: boolean | undefined;
  readonly guard?: CreateGuard | undefined;
  readonly also?: readonly CreateCompanion[] | undefined;
  /** A kind of which the namespace must have no objects. */
  readonly none?: { readonly kind: StoredKind; readonly namespace: string } | undefined;
  /** Texts with which no key may begin after the prefix: `validating`. */
  readonly noKeys?: readonly string[] | undefined;
}

/** Thrown by create when something else than the object itself is not as the options say; the caller reads it again. */
export class GuardChanged extends Error {
  override readonly name = 'GuardChanged';
}

/** What must hold for a create beside that there is no object yet. */
export function createConditions(prefix: string, { guard, also = [], none, noKeys = [] }: CreateOptions): Compare[] {
  const guards = [...(guard === undefined ? [] : [guard]), ...also];
  const compares = guards.map(({ kind, name, revision }): Compare => {
    const key = objectKey(prefix, kind, name.namespace, name.name);
    return { key, target: 'mod', result: '=', operand: revision };
  });
  const ranges = noKeys.map((beginning) => prefixRange(Buffer.from(`${prefix}/${beginning}`)));
  if (none !== undefined) ranges.push(prefixRange(collectionPrefix(prefix, none.kind, none.namespace)));
  return [...compares, ...ranges.map((range): Compare => ({ ...range, target: 'version', result: '=', operand: 0 }))];
}
