import type { Fields } from '../../kubeconfig/config-fields.ts';
import { UserError } from '../../model/user-error.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { type Pairs, parsePairs } from './parse-pairs.ts';

/** What was given of the program that gets a user's credentials; undefined is left as it is. */
export interface ExecOptions {
  readonly command: string | undefined;
  readonly apiVersion: string | undefined;
  readonly interactiveMode: string | undefined;
  readonly provideClusterInfo: boolean | undefined;
  /** Empty when none was given. */
  readonly args: readonly string[];
  readonly env: Pairs;
}

const MODES = ['Never', 'IfAvailable', 'Always'];

export const execFlags: readonly Flag[] = [
  { name: 'exec-command', type: 'string', values: 'files', usage: "Program that gets the user's credentials." },
  { name: 'exec-api-version', type: 'string', usage: 'API version by which the program is asked.' },
  {
    name: 'exec-interactive-mode',
    type: 'string',
    values: MODES,
    usage: 'Whether the program may ask the person: Never, IfAvailable or Always.',
  },
  {
    name: 'exec-provide-cluster-info',
    type: 'bool',
    default: 'false',
    usage: 'Whether the program is told of the cluster.',
  },
  {
    name: 'exec-arg',
    type: 'stringList',
    default: '[]',
    usage: 'Arguments of the program; they replace those that it had.',
  },
  {
    name: 'exec-env',
    type: 'stringArray',
    default: '[]',
    usage: 'KEY=VALUE in the environment of the program; KEY- removes one.',
  },
];

/** Reads execFlags. Throws UserError for values that there are not. */
export function execOptions(flags: FlagValues): ExecOptions {
  const interactiveMode = flags.given('exec-interactive-mode');
  if (interactiveMode !== undefined && !MODES.includes(interactiveMode)) {
    throw new UserError('invalid interactive mode type, can be only IfAvailable, Never, Always');
  }
  return {
    command: flags.given('exec-command'),
    apiVersion: flags.given('exec-api-version'),
    interactiveMode,
    provideClusterInfo: flags.changed('exec-provide-cluster-info')
      ? flags.bool('exec-provide-cluster-info')
      : undefined,
    args: flags.list('exec-arg'),
    env: parsePairs(flags.list('exec-env'), 'exec-env'),
  };
}

/** The `exec` of a user after the change; without a command there is nothing to change. */
export function changedExec(before: Fields | undefined, options: ExecOptions): Fields | undefined {
  const { command, apiVersion, interactiveMode, provideClusterInfo, args, env } = options;
  if (before === undefined && command === undefined) return undefined;
  return {
    ...before,
    // Arguments belong to the command before.
    ...(command === undefined ? {} : { command, args: undefined }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(args.length === 0 ? {} : { args: [...args] }),
    ...(interactiveMode === undefined ? {} : { interactiveMode }),
    ...(provideClusterInfo === undefined ? {} : { provideClusterInfo }),
    ...(env.removed.length === 0 && env.set.size === 0 ? {} : { env: changedEnv(before?.['env'], env) }),
  };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function changedEnv(before: unknown, { set, removed }: Pairs): Variable[] {
  const variables = (Array.isArray(before) ? (before as Variable[]) : []).filter(({ name }) => !removed.includes(name));
  const changed = variables.map((each) => ({ ...each, value: set.get(each.name) ?? each.value }));
  const names = new Set(changed.map(({ name }) => name));
  return [...changed, ...[...set].filter(([name]) => !names.has(name)).map(([name, value]) => ({ name, value }))];
}
