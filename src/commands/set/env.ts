import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { podSpecOf } from '../pod-spec.ts';
import { namesNoFiles } from '../target-request.ts';
import { changedEnvironment, type EnvChanges, envChanges, splitEnvironment } from './env-arguments.ts';
import { listEnvironment } from './env-list.ts';
import { ReferencedValues } from './env-reference.ts';
import { type EnvSource, variablesFrom } from './env-source.ts';
import { selectContainers } from './select-containers.ts';
import { selectingSetFlags, setOptions } from './set-flags.ts';
import { setObjects, type SetChange, type SetOptions } from './set-objects.ts';
import { objectsIn } from '../objects-in.ts';

interface EnvOptions extends SetOptions {
  readonly containers: string;
  /** KEY=VALUE, KEY- and -, those of --env first. */
  readonly words: readonly string[];
  /** Whether there were none among the arguments. */
  readonly bare: boolean;
  readonly from: EnvSource | undefined;
  readonly prefix: string;
  readonly list: boolean;
  readonly resolve: boolean;
  readonly envFrom: boolean;
  readonly overwrite: boolean;
}

/** `set env`: sets and lists the environment variables of containers. */
export const setEnv: Command = defineCommand<EnvOptions>({
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  description: `Set, remove and list environment variables in pods and in objects with a pod template.

 KEY- removes a variable, - reads KEY=VALUE lines from standard input. --from takes the keys of a ConfigMap or Secret as variables. --list shows the variables, and with --resolve the values that ConfigMaps, Secrets and fields give them.`,
  examples: [
    { comment: 'Set a variable', command: 'kubectl set env deployment/registry STORAGE_DIR=/local' },
    { comment: 'List the variables of all pods', command: 'kubectl set env pods --all --list' },
    {
      comment: 'List them with the values that come from ConfigMaps and Secrets',
      command: 'kubectl set env deployment/registry --list --resolve',
    },
    { comment: 'Take variables from a secret', command: 'kubectl set env --from=secret/mysecret deployment/myapp' },
    {
      comment: 'Take some of them, under other names',
      command: 'kubectl set env --from=configmap/myconfigmap --keys=key1,key2 --prefix=MYSQL_ deployment/myapp',
    },
    {
      comment: 'Remove a variable from a container of all deployments',
      command: 'kubectl set env deployments --all --containers="c1" ENV-',
    },
    { comment: 'In a manifest, without a server', command: 'kubectl set env -f deploy.yaml ENV- --local -o yaml' },
  ],
  flags: [
    ...selectingSetFlags,
    {
      name: 'containers',
      short: 'c',
      type: 'string',
      default: '*',
      usage: 'The containers to change; * stands for any text.',
    },
    { name: 'env', short: 'e', type: 'stringArray', default: '[]', usage: 'KEY=VALUE of a variable to set.' },
    {
      name: 'env-from',
      type: 'bool',
      default: 'false',
      usage: 'With --list: list what envFrom takes too; kubectl has no such flag.',
    },
    { name: 'from', type: 'string', usage: 'The ConfigMap or Secret whose keys become variables, as TYPE/NAME.' },
    { name: 'keys', type: 'stringList', default: '[]', usage: 'The keys to take of the object that --from names.' },
    {
      name: 'list',
      type: 'bool',
      default: 'false',
      usage: 'List the variables, with the changes, and change nothing.',
    },
    { name: 'overwrite', type: 'bool', default: 'true', usage: 'Let variables that have a value be changed.' },
    { name: 'prefix', type: 'string', usage: 'What to put before the names of variables.' },
    { name: 'resolve', type: 'bool', default: 'false', usage: 'With --list: show the values that references mean.' },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): EnvOptions {
  const { args, flags } = invocation;
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new UserError('cannot set --all and --selector at the same time');
  }
  const { resources, words } = splitEnvironment(args);
  // With --local kubectl does not look at the objects that are named.
  const options = setOptions(invocation, flags.bool('local') ? [] : resources, true);
  const { request } = options;
  const from = flags.string('from');
  const list = flags.bool('list');
  const keys = flags.list('keys');
  const problems = [
    ...options.problems,
    ...(resources.length === 0 && namesNoFiles(request)
      ? ['one or more resources must be specified as <resource> <name> or <resource>/<name>']
      : []),
    ...(list && options.format.output !== '' ? ['--list and --output may not be specified together'] : []),
    ...(keys.length > 0 && from === ''
      ? ['when specifying --keys, a configmap or secret must be provided with --from']
      : []),
  ];
  if (problems[0] !== undefined) throw new UserError(problems[0]);
  return {
    ...options,
    problems: [],
    containers: flags.string('containers'),
    words: [...flags.list('env'), ...words],
    bare: words.length === 0,
    from: from === '' ? undefined : { request: { ...request, args: [from] }, keys },
    prefix: flags.string('prefix'),
    list,
    resolve: flags.bool('resolve'),
    envFrom: flags.bool('env-from'),
    overwrite: flags.bool('overwrite'),
  };
}

async function run(options: EnvOptions, context: Context): Promise<void> {
  const input = options.words.includes('-') ? (await context.streams.in.readAll()).toString('utf8') : '';
  const { set, remove } = envChanges(options.words, input);
  const taken = options.from === undefined ? [] : await variablesFrom(options.from, context);
  const changes = {
    set: [...set, ...taken].map((variable) => ({ ...variable, name: `${options.prefix}${variable.name}` })),
    remove,
  };
  const values = new ReferencedValues((await context.namespace()).name, context);
  await setObjects(options, changeOf(options, changes, { values, context }), context);
}

/** How to change an object; --list prints it instead. */
function changeOf(
  options: EnvOptions,
  changes: EnvChanges,
  { values, context }: { values: ReferencedValues; context: Context },
): SetChange {
  return {
    word: 'env updated',
    failure: 'failed to patch env update to pod template: ',
    onlyShows: options.list,
    async change(_found, object) {
      const containers = selectContainers(podSpecOf(object), options.containers);
      if (containers.length === 0) {
        context.warn(
          `${object.kind}/${object.metadata.name ?? ''} does not have any containers matching ${JSON.stringify(options.containers)}`,
        );
      }
      for (const container of containers) {
        if (!options.overwrite) refuseOverwriting(container, changes);
        container['env'] = changedEnvironment(objectsIn(container, 'env'), changes);
        if (options.list) await listEnvironment(object, container, { ...options, values }, context.streams);
      }
      return !options.list;
    },
  };
}

function refuseOverwriting(container: JsonObject, { set }: EnvChanges): void {
  const present = objectsIn(container, 'env');
  for (const { name, value = '' } of set) {
    const current = present.find((variable) => variable['name'] === name);
    const now = typeof current?.['value'] === 'string' ? current['value'] : '';
    if (current !== undefined && now !== value) {
      throw new UserError(`'${name}' already has a value (${now}), and --overwrite is false`);
    }
  }
}
