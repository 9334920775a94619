import type { ResourceScope } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { cascadeFlag } from '../cascade.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { withGeneratedRecord } from '../create/generator.ts';
import { changePrinter, type PrintChange } from '../print-change.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  objectFormats,
  outputFlags,
  saveConfigFlag,
} from '../shared-flags.ts';
import { timeoutFlag } from '../timeout.ts';
import { parseRun, type RunOptions } from './run-options.ts';
import { runPod, runService } from './run-pod.ts';

/** `run`: a pod of an image. */
export const run: Command = defineCommand<RunOptions>({
  use: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  description: 'Run an image in a pod of its own.',
  examples: [
    { comment: 'A pod that runs nginx', command: 'kubectl run nginx --image=nginx' },
    {
      comment: 'With environment variables and labels',
      command: 'kubectl run app --image=app --env="A=1" --labels="app=app,env=prod"',
    },
    { comment: 'With arguments for the image', command: 'kubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>' },
    {
      comment: 'With a terminal, until it ends; then the pod is deleted',
      command: 'kubectl run -i -t busybox --image=busybox --restart=Never --rm',
    },
    {
      comment: 'With a command of its own',
      command: 'kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>',
    },
  ],
  flags: [
    ...fileFlags('to replace'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    fieldManagerFlag('kubectl-run'),
    saveConfigFlag,
    cascadeFlag,
    timeoutFlag,
    {
      name: 'annotations',
      type: 'stringArray',
      default: '[]',
      usage: 'Annotation KEY=VALUE of the pod; can be given several times.',
    },
    { name: 'attach', type: 'bool', default: 'false', usage: 'Wait for the pod to run and attach to it.' },
    {
      name: 'command',
      type: 'bool',
      default: 'false',
      usage: "Take the arguments behind -- as the container's command.",
    },
    {
      name: 'env',
      type: 'stringArray',
      default: '[]',
      usage: 'Environment variable NAME=VALUE; can be given several times.',
    },
    { name: 'expose', type: 'bool', default: 'false', usage: 'Create a service for the pod too; needs --port.' },
    { name: 'force', type: 'bool', default: 'false', usage: 'Accepted, and without effect, as in kubectl.' },
    { name: 'grace-period', type: 'int', default: '-1', usage: 'Accepted, and without effect, as in kubectl.' },
    { name: 'image', type: 'string', usage: 'Image to run.' },
    { name: 'image-pull-policy', type: 'string', usage: 'When to pull the image: Always, IfNotPresent or Never.' },
    { name: 'labels', short: 'l', type: 'string', usage: 'Labels KEY=VALUE of the pod, separated by commas.' },
    {
      name: 'leave-stdin-open',
      type: 'bool',
      default: 'false',
      usage: 'Keep standard input open after the first attachment ends.',
    },
    {
      name: 'override-type',
      type: 'string',
      default: 'merge',
      usage: 'How to apply --overrides: json, merge or strategic.',
    },
    { name: 'overrides', type: 'string', usage: 'JSON that changes the pod before it is created.' },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'How long to wait for the pod to run.' },
    { name: 'port', type: 'string', usage: 'Port that the container listens on.' },
    { name: 'privileged', type: 'bool', default: 'false', usage: 'Run the container privileged.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', usage: 'Print no prompts.' },
    {
      name: 'restart',
      type: 'string',
      default: 'Always',
      usage: 'Restart policy of the pod: Always, OnFailure or Never.',
    },
    { name: 'rm', type: 'bool', default: 'false', usage: 'Delete the pod after it ends; only when attached.' },
    { name: 'stdin', short: 'i', type: 'bool', default: 'false', usage: 'Keep standard input of the container open.' },
    { name: 'tty', short: 't', type: 'bool', default: 'false', usage: 'Give the container a terminal.' },
    { name: 'wait', type: 'bool', default: 'false', usage: 'With --rm, wait until the pod is gone.' },
  ],
  refusesFirst: 'format',
  parse: parseRun,
  run: runImage,
});

async function runImage(options: RunOptions, context: Context): Promise<void> {
  await createPrinter(options.format);
  if (options.attach && (await context.backend()) !== 'api') {
    // Nothing was created by then: a pod that nobody can be attached to is not what was asked for.
    throw new UserError(
      'cannot attach to the pod (--attach, --stdin or --tty): there is no kubelet behind this store, so that no container ever runs',
    );
  }
  const print = await changePrinter(options, context, { keepOrder: true });
  const pod = await create(await overridden(runPod(options), options), options, context);
  if (options.attach) {
    const { runAttached } = await import('./run-attached.ts');
    const others = options.expose ? [await exposePod(options, print, context)] : [];
    return runAttached([pod, ...others], options, context);
  }
  if (options.expose) await exposePod(options, print, context);
  print(pod, 'created');
}

async function exposePod(options: RunOptions, print: PrintChange, context: Context): Promise<KubeObject> {
  const service = await create(runService(options), options, context);
  print(service, 'created');
  if (options.format.output === 'yaml') context.streams.out.write('---\n');
  return service;
}

async function overridden(pod: KubeObject, { overrides, overrideType }: RunOptions): Promise<KubeObject> {
  if (overrides === '') return pod;
  const { overrideObject } = await import('./override-object.ts');
  return overrideObject(pod, overrides, overrideType);
}

async function create(object: KubeObject, options: RunOptions, context: Context): Promise<KubeObject> {
  const { name: namespace, explicit } = await context.namespace();
  if (options.dryRun === 'client') return explicit ? withNamespace(object, namespace) : object;
  const recorded = options.saveConfig ? withGeneratedRecord(object) : object;
  const client = await context.client();
  const resource = await client.mapper.resourceForKind(object.apiVersion, object.kind);
  if (resource === undefined) {
    throw new UserError(
      `no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}`,
    );
  }
  const scope: ResourceScope = { resource, namespace };
  return client.create(scope, recorded, {
    dryRun: options.dryRun === 'server',
    fieldManager: options.fieldManager,
    signal: context.signal,
  });
}

function withNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name = '', ...metadata } = object.metadata;
  return { ...object, metadata: { name, namespace, ...metadata } };
}
