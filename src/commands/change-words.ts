import { UserError } from '../model/user-error.ts';

/** Arguments of label, annotate and the like: resources first, then KEY=VALUE and KEY- changes. */
export interface ChangeWords {
  readonly resources: readonly string[];
  readonly changes: readonly string[];
}

/** Splits the arguments as kubectl's GetResourcesAndPairs. Throws UserError for a resource after a change. */
export function changeWords(args: readonly string[], what: string): ChangeWords {
  const first = args.findIndex(isChange);
  if (first < 0) return { resources: args, changes: [] };
  const changes = args.slice(first);
  const late = changes.find((word) => !isChange(word));
  if (late !== undefined) throw new UserError(`all resources must be specified before ${what} changes: ${late}`);
  return { resources: args.slice(0, first), changes };
}

function isChange(word: string): boolean {
  return (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word !== '-');
}
