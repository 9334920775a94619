import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import type { DataItem } from './data-sources.ts';

/** Where values come from that no command line may show. */
export interface HiddenSources {
  /** The key that standard input becomes the value of; empty for none. */
  readonly stdinKey: string;
  /** `NAME`, or `KEY=NAME`, of environment variables. */
  readonly variables: readonly string[];
}

export const hiddenSourceFlags: readonly Flag[] = [
  {
    name: 'from-env',
    type: 'stringList',
    default: '[]',
    usage: 'Environment variables to take values from: NAME, or KEY=NAME for another key. kubectl has no such flag.',
  },
  {
    name: 'from-stdin',
    type: 'string',
    usage: 'Key to put standard input under, byte for byte. kubectl has no such flag.',
  },
];

/** Reads hiddenSourceFlags. Throws UserError for what names nothing, and for env files beside them. */
export function hiddenSourcesOf(flags: FlagValues): HiddenSources {
  const variables = flags.list('from-env');
  const stdinKey = flags.string('from-stdin');
  if (flags.changed('from-stdin') && stdinKey === '') throw new UserError('--from-stdin needs a key');
  const given = [...(variables.length > 0 ? ['from-env'] : []), ...(stdinKey === '' ? [] : ['from-stdin'])];
  if (given.length > 0 && flags.list('from-env-file').length > 0) {
    throw new UserError(`from-env-file cannot be combined with ${given.join(' or ')}`);
  }
  return { stdinKey, variables };
}

/** The values. Throws UserError for a variable that is not set, and when nothing can be read without asking a person. */
export async function hiddenItems({ stdinKey, variables }: HiddenSources, context: Context): Promise<DataItem[]> {
  const items = variables.map((variable) => variableItem(variable, context.env));
  if (stdinKey === '') return items;
  const { in: input } = context.streams;
  if (input.isTerminal) {
    throw new UserError(
      '--from-stdin reads standard input, which is a terminal: pipe the value in, or redirect a file',
    );
  }
  return [...items, { key: stdinKey, value: await input.readAll() }];
}

function variableItem(source: string, env: Context['env']): DataItem {
  const at = source.indexOf('=');
  const name = source.slice(at + 1);
  const key = at < 0 ? name : source.slice(0, at);
  if (name === '' || key === '') {
    throw new UserError(`invalid --from-env source ${JSON.stringify(source)}, expected NAME or KEY=NAME`);
  }
  const value = env[name];
  if (value === undefined) throw new UserError(`--from-env: the environment variable ${name} is not set`);
  return { key, value: Buffer.from(value) };
}
