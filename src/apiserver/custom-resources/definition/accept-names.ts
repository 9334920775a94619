import { deepEqual } from '../../../model/deep-equal.ts';
import type { Condition } from './conditions.ts';
import type { DefinitionNames } from './definition-names.ts';

/** The names that other definitions of a group have. */
export interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** The names that definitions of a group have accepted. */
export function takenNames(accepted: readonly DefinitionNames[]): TakenNames {
  return {
    resources: new Set(accepted.flatMap(({ plural, singular, shortNames }) => [plural, singular, ...shortNames])),
    kinds: new Set(accepted.flatMap(({ kind, listKind }) => [kind, listKind])),
  };
}

/**
 * Which of the names that a definition asks for it gets: those that no other definition of its group has. Answers the names
 * to accept and the condition NamesAccepted, which tells of the last conflict.
 */
export function acceptNames(
  requested: DefinitionNames,
  accepted: DefinitionNames,
  taken: TakenNames,
): { names: DefinitionNames; condition: Condition } {
  const conflicts: { reason: string; message: string }[] = [];
  const one = (field: 'plural' | 'singular' | 'kind' | 'listKind', reason: string): string => {
    const wanted = requested[field];
    const others = field === 'plural' || field === 'singular' ? taken.resources : taken.kinds;
    if (wanted === accepted[field] || !others.has(wanted)) return wanted;
    conflicts.push({ reason, message: inUse(wanted) });
    return accepted[field];
  };
  const names: DefinitionNames = {
    plural: one('plural', 'PluralConflict'),
    singular: one('singular', 'SingularConflict'),
    shortNames: shortNames(requested, accepted, taken, conflicts),
    kind: one('kind', 'KindConflict'),
    listKind: one('listKind', 'ListKindConflict'),
    categories: requested.categories,
  };
  const last = conflicts.at(-1);
  const condition: Condition =
    last === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...last };
  return { names, condition };
}

function shortNames(
  requested: DefinitionNames,
  accepted: DefinitionNames,
  { resources }: TakenNames,
  conflicts: { reason: string; message: string }[],
): readonly string[] {
  if (deepEqual(requested.shortNames, accepted.shortNames)) return requested.shortNames;
  const own = new Set(accepted.shortNames);
  const messages = requested.shortNames.filter((name) => !own.has(name) && resources.has(name)).map(inUse);
  if (messages.length === 0) return requested.shortNames;
  const unique = [...new Set(messages)];
  const message = unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`;
  conflicts.push({ reason: 'ShortNamesConflict', message });
  return accepted.shortNames;
}

function inUse(name: string): string {
  return `${JSON.stringify(name)} is already in use`;
}
