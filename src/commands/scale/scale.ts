import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { Failures } from '../failures.ts';
import { allObjects } from '../find-objects.ts';
import { changePrinter } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { dryRunFlag, fileFlags, objectFormats, outputFlags, selectorFlag } from '../shared-flags.ts';
import { targetRequestOf } from '../target-request.ts';
import { durationSeconds } from '../timeout.ts';
import { scaleObject, waitForReplicas } from './scale-object.ts';
import { FirstError } from '../first-error.ts';

export interface ScaleOptions {
  readonly request: TargetRequest;
  readonly replicas: number;
  /** -1 for any. */
  readonly currentReplicas: number;
  /** Empty for any. */
  readonly resourceVersion: string;
  /** Seconds to wait for the replicas to be there; 0 does not wait. */
  readonly timeout: number;
  readonly dryRun: DryRun;
  readonly format: PrintFormat;
}

/** `scale`: sets how many replicas objects with a scale subresource are to have. */
export const scale: Command = defineCommand<ScaleOptions>({
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  description: `Set how many replicas a deployment, replica set, replication controller, stateful set, or a custom resource with a scale subresource is to have.

 With --current-replicas or --resource-version the object is only scaled when that is how it is now.`,
  examples: [
    { comment: 'Scale a replica set to 3', command: 'kubectl scale --replicas=3 rs/foo' },
    { comment: 'Scale what a manifest names', command: 'kubectl scale --replicas=3 -f foo.yaml' },
    {
      comment: 'Scale a deployment to 3 if it has 2',
      command: 'kubectl scale --current-replicas=2 --replicas=3 deployment/mysql',
    },
  ],
  flags: [
    ...fileFlags('to scale'),
    ...outputFlags(objectFormats),
    selectorFlag,
    dryRunFlag,
    { name: 'all', type: 'bool', default: 'false', usage: 'Choose all objects of the named types in the namespace.' },
    {
      name: 'current-replicas',
      type: 'int',
      default: '-1',
      usage: 'Only scale an object that is to have this many replicas now; -1 for any.',
    },
    { name: 'replicas', type: 'int', default: '0', usage: 'How many replicas there are to be. Required.' },
    { name: 'resource-version', type: 'string', usage: 'Only scale when this is the resource version of the object.' },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long to wait until the replicas are there; 0 does not wait. Other values need a unit (1s, 2m, 3h).',
    },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse({ args, flags }: Invocation): ScaleOptions {
  if (!flags.changed('replicas')) throw new FirstError('required flag(s) "replicas" not set');
  const dryRun = dryRunOf(flags).dryRun;
  const replicas = flags.int('replicas');
  const currentReplicas = flags.int('current-replicas');
  if (replicas < 0) {
    throw new UserError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  }
  if (currentReplicas < -1) throw new UserError('The --current-replicas must specify an integer of -1 or greater');
  return {
    request: targetRequestOf(args, flags, ['selector', 'all']),
    replicas,
    currentReplicas,
    resourceVersion: flags.string('resource-version'),
    timeout: durationSeconds(flags.string('timeout')),
    dryRun,
    format: printFormatOf(flags),
  };
}

async function run(options: ScaleOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context);
  const failures = new Failures();
  const found = await allObjects(options.request, 'as-written', context, failures);
  if (options.resourceVersion !== '' && found.length > 1) {
    throw new UserError('cannot use --resource-version with multiple resources');
  }
  if (found.length === 0) {
    failures.throwAny();
    throw new UserError('no objects passed to scale');
  }
  for (const { target, object } of found) {
    if (options.dryRun === 'client') {
      print(withReplicas(object, options.replicas), 'scaled');
      continue;
    }
    const replicas = await scaleObject(target, options, context);
    if (options.timeout !== 0 && options.dryRun === 'none') await waitForReplicas(target, options, context);
    print(withReplicas(object, replicas), 'scaled');
  }
  failures.throwAny();
}

/** The object with its new number of replicas, where the kind is known to keep it in spec.replicas; kubectl 1.35 prints the old one. */
function withReplicas(object: KubeObject, replicas: number): KubeObject {
  const { apiVersion, spec } = object;
  if (!apiVersion.startsWith('apps/') && apiVersion.includes('/')) return object;
  return { ...object, spec: { ...(isJsonObject(spec) ? spec : {}), replicas } };
}
