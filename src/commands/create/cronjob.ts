import { FirstError } from '../first-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { jobSpec } from './job.ts';

interface CronJobOptions {
  readonly name: string;
  readonly image: string;
  readonly schedule: string;
  readonly restartPolicy: string;
  readonly command: readonly string[];
  readonly common: GeneratorOptions;
}

/** `create cronjob`. */
export const createCronJob: Command = defineCommand<CronJobOptions>({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  description: 'Create a cron job with the given name.',
  examples: [
    {
      comment: 'A cron job that runs every minute',
      command: 'kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"',
    },
    {
      comment: 'With a command of its own',
      command: 'kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date',
    },
  ],
  flags: [
    ...generatorFlags,
    { name: 'image', type: 'string', usage: 'Image to run.' },
    { name: 'schedule', type: 'string', usage: 'When to run it, as cron writes it.' },
    { name: 'restart', type: 'string', usage: 'Restart policy of the jobs: OnFailure or Never.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, flags, argsBeforeDash }) {
    const missing = ['image', 'schedule'].filter((flag) => !flags.changed(flag)).map((flag) => JSON.stringify(flag));
    if (missing.length > 0) throw new FirstError(`required flag(s) ${missing.join(', ')} not set`);
    return {
      name: requireOneName(args, argsBeforeDash),
      image: flags.string('image'),
      schedule: flags.string('schedule'),
      restartPolicy: flags.string('restart') || 'OnFailure',
      command: args.slice(1),
      common: generatorOptions(flags),
    };
  },
  async run({ name, schedule, common, ...job }, context) {
    const jobTemplate = { metadata: { name }, spec: jobSpec({ name, ...job }) };
    const object = {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name },
      spec: { schedule, jobTemplate },
      status: {},
    };
    await createGenerated({ object, failure: 'failed to create cronjob: ' }, common, context);
  },
});
