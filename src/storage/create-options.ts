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

const NO_KEYS: readonly string[] = [];

/** What must hold for a create beside that there is no object yet. */
export function createConditions(
  prefix: string,
  { guard, also = [], none, noKeys = NO_KEYS }: CreateOptions,
): Compare[] {
  const compares: Compare[] = [];
  if (guard !== undefined) compares.push(...madeOnce(guard, prefix, () => [unchanged(prefix, guard)]));
  for (const each of also) compares.push(unchanged(prefix, each));
  const notBegun = () => noKeys.map((beginning) => nothingIn(Buffer.from(`${prefix}/${beginning}`)));
  compares.push(...madeOnce(noKeys, prefix, notBegun));
  if (none !== undefined) {
    const { kind, namespace } = none;
    const where = () => [nothingIn(collectionPrefix(prefix, kind, namespace))];
    compares.push(...madeOnce(kind, `${prefix} ${namespace}`, where));
  }
  return compares;
}

function unchanged(prefix: string, { kind, name, revision }: CreateGuard): Compare {
  return { key: objectKey(prefix, kind, name.namespace, name.name), target: 'mod', result: '=', operand: revision };
}

function nothingIn(prefix: Buffer): Compare {
  return { ...prefixRange(prefix), target: 'version', result: '=', operand: 0 };
}

// Thousands of creates have the same conditions; what they are made from never changes.
const MADE = new WeakMap<object, { readonly place: string; readonly compares: readonly Compare[] }>();

/** What `make` answers; the same as before when it was for the same thing in the same place. */
function madeOnce(thing: object, place: string, make: () => readonly Compare[]): readonly Compare[] {
  const known = MADE.get(thing);
  if (known?.place === place) return known.compares;
  const compares = make();
  MADE.set(thing, { place, compares });
  return compares;
}
