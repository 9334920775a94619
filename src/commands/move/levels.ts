import type { OwnerReference } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { waveRank } from '../waves/wave-rank.ts';

/** What the order of objects depends on. */
export interface Orderable {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-wide objects. */
  readonly namespace: string;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
}

/**
 * Sorts objects into levels that can be created one after the other, those of one level at once: namespaces and definitions,
 * then what others need, then the rest (see waveRank), and an owner always before what it owns. Owners in a circle are broken
 * where it was entered.
 */
export function levelsOf<T extends Orderable>(objects: readonly T[], defined: ReadonlySet<string>): T[][] {
  const byName = new Map(objects.map((each) => [nameOf(each.apiVersion, each.kind, each.namespace, each.name), each]));
  const levels = new Map<T, number>();
  const visiting = new Set<T>();
  const levelOf = (object: T): number => {
    const known = levels.get(object);
    if (known !== undefined) return known;
    if (visiting.has(object)) return 0;
    visiting.add(object);
    const { group } = groupVersionOf(object.apiVersion);
    const { wave, place } = waveRank(object.kind, group, defined);
    let level = wave * PLACES + place;
    for (const owner of object.owners) {
      // A namespaced object may have an owner that has no namespace.
      for (const namespace of new Set([object.namespace, ''])) {
        const found = byName.get(nameOf(owner.apiVersion, owner.kind, namespace, owner.name));
        if (found !== undefined) level = Math.max(level, levelOf(found) + 1);
      }
    }
    visiting.delete(object);
    levels.set(object, level);
    return level;
  };
  const sorted = new Map<number, T[]>();
  for (const object of objects) {
    const level = levelOf(object);
    const peers = sorted.get(level);
    if (peers === undefined) sorted.set(level, [object]);
    else peers.push(object);
  }
  return [...sorted].toSorted(([left], [right]) => left - right).map(([, peers]) => peers);
}

/** More than there are places in a wave. */
const PLACES = 1000;

function nameOf(apiVersion: string, kind: string, namespace: string, name: string): string {
  return [groupVersionOf(apiVersion).group, kind, namespace, name].join('\n');
}
