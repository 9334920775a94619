import { UserError } from '../../model/user-error.ts';
import { HelpFirst } from '../help-first.ts';

/** `KEY=VALUE` and `KEY-` as given. */
export interface Pairs {
  readonly set: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** Reads pairs. Asks for help, as set-credentials does, for a text that is none; `what` says what they are. */
export function parsePairs(texts: readonly string[], what: string): Pairs {
  const set = new Map<string, string>();
  const removed: string[] = [];
  const invalid: string[] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at === 0) invalid.push(text);
    else if (at > 0) set.set(text.slice(0, at), text.slice(at + 1));
    else if (text.endsWith('-')) removed.push(text.slice(0, -1));
    else invalid.push(text);
  }
  if (invalid.length > 0) throw new HelpFirst(new UserError(`invalid ${what} format: ${invalid.join(', ')}`));
  return { set, removed };
}
