import { randomInt } from 'node:crypto';
import { randomSuffix } from '../../model/generate-name.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { FirstError } from '../first-error.ts';

interface DeploymentOptions {
  readonly name: string;
  readonly images: readonly string[];
  readonly command: readonly string[];
  readonly replicas: number;
  /** -1 for none. */
  readonly port: number;
  readonly common: GeneratorOptions;
}

/** `create deployment`. */
export const createDeployment: Command = defineCommand<DeploymentOptions>({
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  description: 'Create a deployment with the given name, of one container for each image.',
  examples: [
    { comment: 'A deployment that runs an image', command: 'kubectl create deployment my-dep --image=busybox' },
    { comment: 'With a command of its own', command: 'kubectl create deployment my-dep --image=busybox -- date' },
    {
      comment: 'With three replicas that listen on a port',
      command: 'kubectl create deployment my-dep --image=nginx --replicas=3 --port=80',
    },
  ],
  flags: [
    ...generatorFlags,
    {
      name: 'image',
      type: 'stringList',
      default: '[]',
      usage: 'Image to run; can be given several times, one container each.',
    },
    { name: 'port', type: 'int', default: '-1', usage: 'Port that the containers listen on.' },
    { name: 'replicas', short: 'r', type: 'int', default: '1', usage: 'How many replicas to run.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, flags, argsBeforeDash }) {
    if (!flags.changed('image')) throw new FirstError('required flag(s) "image" not set');
    const name = requireOneName(args, argsBeforeDash);
    const images = flags.list('image');
    const command = argsBeforeDash === undefined ? [] : args.slice(argsBeforeDash);
    if (images.length > 1 && command.length > 0) {
      throw new UserError('cannot specify multiple --image options and command');
    }
    return {
      name,
      images,
      command,
      replicas: flags.int('replicas'),
      port: flags.int('port'),
      common: generatorOptions(flags),
    };
  },
  async run(options, context) {
    await createGenerated(
      { object: deployment(options), failure: 'failed to create deployment: ' },
      options.common,
      context,
    );
  },
});

function deployment({ name, images, command, replicas, port }: DeploymentOptions): KubeObject {
  const labels = { app: name };
  const containers = images.map((image): JsonObject => ({
    name: containerName(image),
    image,
    ...(command.length === 0 ? {} : { command: [...command] }),
    ...(port < 0 ? {} : { ports: [{ containerPort: port }] }),
    resources: {},
  }));
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: { ...labels } },
      template: { metadata: { labels: { ...labels } }, spec: { containers } },
      strategy: {},
    },
    status: {},
  };
}

/** The last part of an image's path without tag and digest; made a valid name, with a random suffix then, as kubectl does. */
function containerName(image: string): string {
  const last = image.split('/').at(-1) ?? '';
  const base = last.split(':')[0]?.split('@')[0] ?? '';
  return /[_.]/.test(base) ? `${base.replaceAll(/[_.]/g, '-')}-${randomSuffix(randomInt)}` : base;
}
