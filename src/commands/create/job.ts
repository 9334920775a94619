import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { requireOneName } from '../resource-words.ts';
import { resolveTargets } from '../resolve-targets.ts';
import type { NamedTarget } from '../target.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';

interface JobOptions {
  readonly name: string;
  readonly image: string;
  /** The cron job whose template to use, as `cronjob/NAME`. */
  readonly from: string;
  readonly command: readonly string[];
  readonly common: GeneratorOptions;
}

/** `create job`. */
export const createJob: Command = defineCommand<JobOptions>({
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  description: 'Create a job with the given name, of an image or of the template of a cron job.',
  examples: [
    { comment: 'A job that runs an image', command: 'kubectl create job my-job --image=busybox' },
    { comment: 'With a command of its own', command: 'kubectl create job my-job --image=busybox -- date' },
    { comment: 'What a cron job would run', command: 'kubectl create job test-job --from=cronjob/a-cronjob' },
  ],
  flags: [
    ...generatorFlags,
    { name: 'image', type: 'string', usage: 'Image to run.' },
    { name: 'from', type: 'string', usage: 'Cron job to take the template of, as cronjob/NAME.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, flags, argsBeforeDash }) {
    const name = requireOneName(args, argsBeforeDash);
    const [image, from, command] = [flags.string('image'), flags.string('from'), args.slice(1)];
    const common = generatorOptions(flags);
    if ((image === '') === (from === '')) throw new UserError('either --image or --from must be specified');
    if (command.length > 0 && from !== '') throw new UserError('cannot specify --from and command');
    return { name, image, from, command, common };
  },
  async run(options, context) {
    const object = options.from === '' ? job(options) : await jobFromCronJob(options, context);
    await createGenerated({ object, failure: 'failed to create job: ' }, options.common, context);
  },
});

function job({ name, image, command }: JobOptions): KubeObject {
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: { name },
    spec: jobSpec({ name, image, command, restartPolicy: 'Never' }),
    status: {},
  };
}

/** The spec of a job with one container, its fields in Go's order. */
export function jobSpec(options: {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly restartPolicy: string;
}): JsonObject {
  const { name, image, command, restartPolicy } = options;
  const container = {
    name,
    ...(image === '' ? {} : { image }),
    ...(command.length === 0 ? {} : { command: [...command] }),
    resources: {},
  };
  return { template: { metadata: {}, spec: { containers: [container], restartPolicy } } };
}

async function jobFromCronJob({ name, from }: JobOptions, context: Context): Promise<KubeObject> {
  const { typedObject } = await import('../typed-object.ts');
  const cronJob = await cronJobOf(from, context);
  const { spec } = typedObject(cronJob) as KubeObject & { spec: JsonObject };
  const template = isJsonObject(spec['jobTemplate']) ? spec['jobTemplate'] : {};
  const { annotations, labels } = (template['metadata'] ?? {}) as { annotations?: JsonObject; labels?: JsonObject };
  const metadata = {
    name,
    ...(labels === undefined ? {} : { labels }),
    annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
    ownerReferences: [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        name: cronJob.metadata.name ?? '',
        uid: cronJob.metadata.uid ?? '',
        // Not blocking the owner's deletion: that would ask for rights on the cron job's finalizers.
        controller: true,
      },
    ],
  } as KubeObject['metadata'];
  return typedObject({ kind: 'Job', apiVersion: 'batch/v1', metadata, spec: template['spec'] ?? {} });
}

async function cronJobOf(from: string, context: Context): Promise<KubeObject> {
  const targets: NamedTarget[] = [];
  for await (const target of resolveTargets({ args: [from], filenames: [], recursive: false }, context)) {
    if (target.kind === 'failure') throw target.error;
    if (target.kind === 'named') targets.push(target);
  }
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw new UserError('from must be an existing cronjob');
  const client = await context.client();
  const object = await client.get(scopeOf(target), target.name, { signal: context.signal });
  if (object.kind === 'CronJob' && object.apiVersion === 'batch/v1') return object;
  const { goTypeOf } = await import('../typed-object.ts');
  throw new UserError(`unknown object type ${goTypeOf(object)}`);
}
