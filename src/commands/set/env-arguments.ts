import { envVarNameMessages } from '../../model/names.ts';
import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { FirstError } from '../first-error.ts';

/** An environment variable as a container has it: a name with a value, or with where the value comes from. */
export type EnvVar = JsonObject & { name: string };

/** What to do with the environment of containers. */
export interface EnvChanges {
  readonly set: readonly EnvVar[];
  readonly remove: readonly string[];
}

/** Parts arguments into resources and the KEY=VALUE, KEY- and - words behind them. Throws UserError for another order. */
export function splitEnvironment(args: readonly string[]): { readonly resources: string[]; readonly words: string[] } {
  const first = args.findIndex(isEnvironmentWord);
  const words = first < 0 ? [] : args.slice(first);
  if (!words.every(isEnvironmentWord)) {
    throw new FirstError(`all resources must be specified before environment changes: ${args.join(' ')}`);
  }
  return { resources: args.slice(0, first < 0 ? args.length : first), words };
}

function isEnvironmentWord(word: string): boolean {
  return word.indexOf('=', 1) > 0 || word.endsWith('-');
}

/** Reads KEY=VALUE, KEY- and - (lines of `standardInput`). Throws UserError in kubectl's words. */
export function envChanges(words: readonly string[], standardInput: string): EnvChanges {
  const set: EnvVar[] = [];
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (word === '-') set.push(...variablesIn(standardInput));
    else if (equals >= 0) set.push(checkedVariable(word.slice(0, equals), word.slice(equals + 1)));
    else if (word.endsWith('-')) remove.push(word.slice(0, -1));
    else throw new UserError(`unknown environment variable: ${word}`);
  }
  const given = new Set(words.filter((word) => word.includes('=')).map((word) => word.slice(0, word.indexOf('='))));
  if (remove.some((name) => given.has(name))) {
    throw new UserError('can not both modify and remove the same environment variable in the same command');
  }
  return { set, remove };
}

function checkedVariable(name: string, value: string): EnvVar {
  const messages = envVarNameMessages(name);
  if (messages.length > 0) {
    throw new UserError(`${JSON.stringify(name)} is not a valid key name: ${messages.join(';')}`);
  }
  return { name, value };
}

/** Lines of NAME=VALUE; what stands behind # and lines without = mean nothing. */
function variablesIn(text: string): EnvVar[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').replace(/#.*$/, ''));
  return lines.flatMap((line) => {
    const equals = line.indexOf('=');
    return equals < 0 ? [] : [{ name: line.slice(0, equals), value: line.slice(equals + 1) }];
  });
}

/** An environment with changes: a variable that is there is replaced in its place, others are added; removal wins. */
export function changedEnvironment(present: readonly JsonObject[], { set, remove }: EnvChanges): JsonObject[] {
  const done = new Set(remove);
  const wanted = new Map<string, EnvVar>();
  for (const variable of set) if (!wanted.has(variable.name)) wanted.set(variable.name, variable);
  const kept: JsonObject[] = [];
  for (const variable of present) {
    const name = typeof variable['name'] === 'string' ? variable['name'] : '';
    if (done.has(name)) continue;
    const newer = wanted.get(name);
    if (newer !== undefined) done.add(name);
    kept.push(newer ?? variable);
  }
  const added = [...wanted.values()].filter(({ name }) => !done.has(name));
  return [...kept, ...added];
}
