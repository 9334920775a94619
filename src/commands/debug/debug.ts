import { createStrategicPatch } from '../../model/patch/strategic-diff.ts';
import { randomInt } from 'node:crypto';
import { randomSuffix } from '../../model/generate-name.ts';
import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { Failures } from '../failures.ts';
import { allObjects } from '../find-objects.ts';
import { asPod, type Pod } from '../pods/pod.ts';
import { containerNamed } from '../pods/pod-containers.ts';
import { podScope } from '../pods/pods-of.ts';
import { typeOf } from '../typed-object.ts';
import { attachToDebugger } from './attach-to-debugger.ts';
import { readCustomContainer } from './custom-container.ts';
import { debugFlags, type DebugOptions, parseDebug } from './debug-options.ts';
import { copiedPod, type DebugPod, nodePod, withEphemeralContainer } from './debug-pod.ts';

const SUFFIX_LENGTH = 5;

/** `debug`: a container beside those of a pod, in a copy of it, or on a node. */
export const debug: Command = defineCommand<DebugOptions>({
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  description:
    'Make a container to look into a pod with: an ephemeral one in the pod itself, one in a copy of the pod (--copy-to), or a pod on a node. Without attaching it works on every backend; attaching needs a real cluster.',
  examples: [
    { comment: 'A shell beside the containers of a pod', command: 'kubectl debug mypod -it --image=busybox' },
    {
      comment: 'In a copy of the pod, with other images',
      command: 'kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox',
    },
    {
      comment: 'A copy with a container more, which sees the others',
      command: 'kubectl debug mypod --image=debian --copy-to=my-debugger --share-processes',
    },
    {
      comment: 'On a node, with its files below /host',
      command: 'kubectl debug node/mynode -it --image=busybox --profile=general',
    },
  ],
  flags: debugFlags,
  parse: parseDebug,
  run: runDebug,
});

async function runDebug(options: DebugOptions, context: Context): Promise<void> {
  const custom = readCustomContainer(options.custom);
  sayBefore(options, context);
  if (options.attach && (await context.backend()) !== 'api') {
    const why = 'there is no kubelet behind this store, so that no container ever runs; use --attach=false';
    throw new UserError(`cannot attach to the debugging container of ${options.targets.join(', ')}: ${why}`);
  }
  const failures = new Failures();
  const bare = !options.targets.some((each) => each.includes('/'));
  const args = bare && options.targets.length > 0 ? ['pods', ...options.targets] : options.targets;
  const request = { args, filenames: options.filenames, recursive: false };
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwFirst();
  for (const { object, target } of found) {
    const { group, version } = target.resource;
    const made = await debugObject(object, { options, custom }, context);
    if (made === undefined) {
      const kind = `${group}/${version}, Kind=${object.kind}`;
      throw new UserError(`${JSON.stringify(kind)} not supported by debug`);
    }
    if (options.attach && made.container !== '') await attachToDebugger(made.pod, made.container, options, context);
  }
}

function sayBefore({ target, quiet, tty, stdin, profile }: DebugOptions, { streams }: Context): void {
  if (target !== '' && !quiet) {
    streams.out.write(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  }
  if (tty && !stdin) throw new UserError('-i/--stdin is required for containers with -t/--tty=true');
  if (profile !== 'legacy') return;
  streams.err.write(
    '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
  );
}

interface Wishes {
  readonly options: DebugOptions;
  readonly custom: JsonObject | undefined;
}

async function debugObject(object: KubeObject, wishes: Wishes, context: Context): Promise<DebugPod | undefined> {
  if (object.apiVersion !== 'v1') return undefined;
  if (object.kind === 'Node') return debugNode(object, wishes, context);
  if (object.kind !== 'Pod') return undefined;
  const pod = asPod(object);
  return wishes.options.copyTo === '' ? addEphemeral(pod, wishes, context) : debugCopy(pod, wishes, context);
}

async function debugNode(node: KubeObject, { options, custom }: Wishes, context: Context): Promise<DebugPod> {
  const { name: namespace } = await context.namespace();
  const { name = '' } = node.metadata;
  const names = {
    pod: `node-debugger-${name}-${randomSuffix(randomInt, SUFFIX_LENGTH)}`,
    container: options.container === '' ? 'debugger' : options.container,
  };
  if (!options.quiet) {
    context.streams.out.write(
      `Creating debugging pod ${names.pod} with container ${names.container} on node ${name}.\n`,
    );
  }
  const { pod, container } = nodePod(node, names, options, custom);
  return { pod: await create(pod, namespace, context), container };
}

async function debugCopy(pod: Pod, { options, custom }: Wishes, context: Context): Promise<DebugPod> {
  const { namespace = 'default', name = '' } = pod.metadata;
  const made = copiedPod(pod, options, (copy) => newName(copy, options, context), custom);
  warnOfUser(made, context);
  const created = await create(made.pod, namespace, context);
  if (options.replace) {
    const client = await context.client();
    const { signal } = context;
    await client.delete(await podScope(namespace, context), name, { gracePeriodSeconds: 0, signal });
  }
  return { pod: created, container: made.container };
}

async function addEphemeral(pod: Pod, { options, custom }: Wishes, context: Context): Promise<DebugPod> {
  const name = options.container === '' ? newName(pod, options, context) : options.container;
  const made = withEphemeralContainer(pod, name, options, custom);
  warnOfUser(made, context);
  const body = createStrategicPatch(pod as unknown as JsonValue, made.pod as unknown as JsonValue, typeOf(pod));
  const client = await context.client();
  const scope = {
    ...(await podScope(pod.metadata.namespace ?? 'default', context)),
    subresource: 'ephemeralcontainers',
  };
  const patch = { type: 'application/strategic-merge-patch+json' as const, body };
  try {
    const result = await client.patch(scope, pod.metadata.name ?? '', patch, { signal: context.signal });
    return { pod: asPod(result), container: name };
  } catch (error) {
    const missing = error instanceof StatusError && error.reason === 'NotFound' && !error.status.details?.name;
    if (!missing) throw error;
    throw new UserError(
      `ephemeral containers are disabled for this cluster (error from server: ${JSON.stringify(error.message)})`,
      { cause: error },
    );
  }
}

/** A name that no container of the pod has. */
function newName(pod: Pod, { quiet }: DebugOptions, { streams }: Context): string {
  let name = '';
  while (name === '' || containerNamed(pod, name) !== undefined) {
    name = `debugger-${randomSuffix(randomInt, SUFFIX_LENGTH)}`;
  }
  if (!quiet) streams.out.write(`Defaulting debug container name to ${name}.\n`);
  return name;
}

async function create(pod: Pod, namespace: string, context: Context): Promise<Pod> {
  const client = await context.client();
  return asPod(await client.create(await podScope(namespace, context), pod, { signal: context.signal }));
}

interface Security {
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly add?: readonly string[] };
}

/** Says when the pod's user keeps the container from what the profile allows it. */
function warnOfUser({ pod, container }: DebugPod, { streams }: Context): void {
  const own = containerNamed(pod, container)?.container['securityContext'] as Security | undefined;
  const { runAsUser } = (pod.spec['securityContext'] ?? {}) as Security;
  if (!runAsUser || own === undefined || own.runAsUser === 0) return;
  if (own.privileged !== true && !own.capabilities?.add?.length) return;
  streams.err.write(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
  );
}
