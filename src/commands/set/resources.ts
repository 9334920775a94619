import type { JsonObject } from '../../model/json-value.ts';
import { isJsonObject } from '../../model/json-value.ts';
import { formatQuantity, parseQuantity, QuantityError } from '../../model/quantity.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { podSpecOf } from '../pod-spec.ts';
import { selectContainers } from './select-containers.ts';
import { selectingSetFlags, setOptions } from './set-flags.ts';
import { setObjects, type SetOptions } from './set-objects.ts';

interface ResourcesOptions extends SetOptions {
  readonly containers: string;
  readonly limits: ReadonlyMap<string, string>;
  readonly requests: ReadonlyMap<string, string>;
}

/** `set resources`: sets what containers may and want to use. */
export const setResources: Command = defineCommand<ResourcesOptions>({
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  description: `Set limits and requests of compute resources (cpu, memory) in pods and in objects with a pod template.

 A pod is placed where its requests are free, and held to its limits.`,
  examples: [
    {
      comment: 'The limits of one container',
      command: 'kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi',
    },
    {
      comment: 'Limits and requests of all containers',
      command: 'kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi',
    },
    {
      comment: 'In a manifest, without a server',
      command: 'kubectl set resources -f path/to/file.yaml --limits=cpu=200m,memory=512Mi --local -o yaml',
    },
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
    { name: 'limits', type: 'string', usage: "What the containers may use at most, such as 'cpu=100m,memory=256Mi'." },
    { name: 'requests', type: 'string', usage: "What the containers want to have, such as 'cpu=100m,memory=256Mi'." },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): ResourcesOptions {
  const { args, flags } = invocation;
  const options = setOptions(invocation, args, true);
  const { request } = options;
  const problems = [...options.problems];
  if (request.all === true && request.labelSelector !== undefined) {
    problems.push('cannot set --all and --selector at the same time');
  }
  if (flags.string('limits') === '' && flags.string('requests') === '') {
    problems.push('you must specify an update to requests or limits (in the form of --requests/--limits)');
  }
  const limits = quantities(flags.string('limits'), problems);
  const requests = quantities(flags.string('requests'), problems);
  return { ...options, problems: problems.slice(0, 1), containers: flags.string('containers'), limits, requests };
}

/** `cpu=100m,memory=256Mi` by name, as canonical quantities. What is wrong goes to `problems`. */
function quantities(text: string, problems: string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (text === '') return found;
  for (const statement of text.split(',')) {
    const [name = '', amount, ...more] = statement.split('=');
    if (amount === undefined || more.length > 0) {
      problems.push(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
      continue;
    }
    try {
      found.set(name, formatQuantity(parseQuantity(amount)));
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      problems.push(error.message);
    }
  }
  return found;
}

async function run(options: ResourcesOptions, context: Context): Promise<void> {
  await setObjects(
    options,
    {
      word: 'resource requirements updated',
      failure: 'failed to patch resources update to pod template ',
      change(_found, object, failures) {
        const chosen = selectContainers(podSpecOf(object), options.containers);
        for (const container of chosen) {
          const resources: JsonObject = isJsonObject(container['resources']) ? container['resources'] : {};
          container['resources'] = resources;
          setAmounts(resources, 'limits', options.limits);
          setAmounts(resources, 'requests', options.requests);
        }
        if (chosen.length === 0) {
          failures.add(new UserError(`error: unable to find container named ${options.containers}`));
        }
        return chosen.length > 0;
      },
    },
    context,
  );
}

function setAmounts(resources: JsonObject, field: 'limits' | 'requests', amounts: ReadonlyMap<string, string>): void {
  if (amounts.size === 0) return;
  const present = resources[field];
  resources[field] = { ...(isJsonObject(present) ? present : {}), ...Object.fromEntries(amounts) };
}
