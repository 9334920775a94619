import type { JsonObject } from '../model/json-value.ts';
import { canonicalQuantity, QuantityError } from '../model/quantity.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { UserError } from '../model/user-error.ts';
import type { PrintFormat } from '../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import type { Context } from './context.ts';
import { createMadeObject, type Creation } from './create-object.ts';
import { dryRunOf } from './dry-run.ts';
import { concernsOneObject, Failures } from './failures.ts';
import { findObjects, type FoundObject } from './find-objects.ts';
import type { FlagValues } from './flag-values.ts';
import { changePrinter } from './print-change.ts';
import { printFormatOf } from './print-format.ts';
import type { TargetRequest } from './resolve-targets.ts';
import { dryRunFlag, fieldManagerFlag, fileFlags, objectFormats, outputFlags, saveConfigFlag } from './shared-flags.ts';
import { targetRequestOf } from './target-request.ts';
import { typedObject } from './typed-object.ts';

interface AutoscaleOptions extends Creation {
  readonly request: TargetRequest;
  /** Empty: the name of the object that is scaled. */
  readonly name: string;
  /** Below 1: left to the server. */
  readonly min: number;
  readonly max: number;
  readonly metrics: readonly JsonObject[];
  readonly format: PrintFormat;
}

/** `autoscale`: a HorizontalPodAutoscaler for an object with a scale subresource. */
export const autoscale: Command = defineCommand<AutoscaleOptions>({
  use: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  description:
    'Create an autoscaler that sets how many pods a deployment, replica set, stateful set, or replication controller has.',
  examples: [
    {
      comment: 'Between 2 and 10 pods, as the server sees fit',
      command: 'kubectl autoscale deployment foo --min=2 --max=10',
    },
    {
      comment: 'At most 5 pods, which use 80% of the processor time that they ask for',
      command: 'kubectl autoscale rc foo --max=5 --cpu=80%',
    },
    {
      comment: 'Pods that use half a core and 200 MiB of memory on average',
      command: 'kubectl autoscale deployment bar --min=3 --max=6 --cpu=500m --memory=200Mi',
    },
  ],
  flags: [
    ...fileFlags('to scale'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    fieldManagerFlag('kubectl-autoscale'),
    saveConfigFlag,
    {
      name: 'cpu',
      type: 'string',
      usage:
        "Processor time to aim at: a percentage of what the pods ask for ('70%'), or an average amount ('500m'; milli-cores without unit).",
    },
    {
      name: 'cpu-percent',
      type: 'int',
      default: '-1',
      usage: 'Percentage of the requested processor time to aim at.',
      hidden: true,
      deprecated:
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    },
    { name: 'max', type: 'int', default: '-1', usage: 'How many pods there are at most. Required.' },
    {
      name: 'memory',
      type: 'string',
      usage:
        "Memory to aim at: a percentage of what the pods ask for ('60%'), or an average amount ('200Mi'; MiB without unit).",
    },
    {
      name: 'min',
      type: 'int',
      default: '-1',
      usage: 'How many pods there are at least; negative leaves it to the server.',
    },
    { name: 'name', type: 'string', usage: 'Name of the autoscaler; that of the object when not given.' },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): AutoscaleOptions {
  if (!flags.changed('max')) throw new UserError('required flag(s) "max" not set');
  const { dryRun } = dryRunOf(flags);
  const max = flags.int('max');
  const min = flags.int('min');
  if (max < 1) throw new UserError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min) {
    throw new UserError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  }
  return {
    request: targetRequestOf(args, flags, []),
    name: flags.string('name'),
    min,
    max,
    metrics: metricsOf(flags),
    dryRun,
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    format: printFormatOf(flags),
  };
}

function metricsOf(flags: FlagValues): JsonObject[] {
  const percent = flags.int('cpu-percent');
  const cpu = flags.string('cpu');
  const memory = flags.string('memory');
  if (percent > 0 && cpu !== '') throw new UserError('--cpu-percent and --cpu are mutually exclusive');
  return [
    ...(percent > 0 ? [metric('cpu', utilization(percent))] : []),
    ...(cpu === '' ? [] : [metric('cpu', targetOf(cpu, 'cpu', 'm'))]),
    ...(memory === '' ? [] : [metric('memory', targetOf(memory, 'memory', 'Mi'))]),
  ];
}

function metric(name: string, target: JsonObject): JsonObject {
  return { type: 'Resource', resource: { name, target } };
}

function utilization(percent: number): JsonObject {
  return { type: 'Utilization', averageUtilization: percent };
}

/** Reads `70%`, `500m`, or a bare number of the resource's default unit. */
function targetOf(given: string, resource: string, unit: string): JsonObject {
  const text = given.trim();
  if (text === '') throw new UserError('empty input');
  if (text.endsWith('%')) {
    const percent = text.slice(0, -1);
    if (!/^\+?\d+$/.test(percent) || Number(percent) >= 2 ** 31) {
      throw new UserError(`invalid percentage value: ${percent}`);
    }
    return utilization(Number(percent));
  }
  const bare = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
  try {
    return { type: 'AverageValue', averageValue: canonicalQuantity(bare ? `${Number(text)}${unit}` : text) };
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new UserError(bare ? error.message : `invalid resource ${resource} value: ${text}`, { cause: error });
  }
}

async function run(options: AutoscaleOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const failures = new Failures();
  let count = 0;
  for await (const found of findObjects(options.request, 'as-written', context, failures)) {
    try {
      const created = await createMadeObject(autoscalerFor(found, options), options, context);
      print(typedObject(created), options.dryRun === 'client' ? 'created' : 'autoscaled');
      count++;
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
  if (count === 0) throw new UserError('no objects passed to autoscale');
}

function autoscalerFor(
  { target }: FoundObject,
  { name, min, max, metrics }: AutoscaleOptions,
): ReturnType<typeof typedObject> {
  const { resource } = target;
  if (!resource.subresources.includes('scale')) {
    const what = `${resource.group}/${resource.version}, Resource=${resource.plural}`;
    throw new UserError(
      `cannot autoscale a ${resource.kind}: could not find scale subresource for ${what} in discovery information`,
    );
  }
  return typedObject({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: name === '' ? target.name : name },
    spec: {
      scaleTargetRef: { kind: resource.kind, name: target.name, apiVersion: apiVersionOf(resource) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(metrics.length > 0 ? { metrics: [...metrics] } : {}),
    },
  });
}
