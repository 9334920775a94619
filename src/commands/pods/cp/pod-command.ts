import type { ResourceClient } from '../../../client/client.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Context, OutputStream } from '../../context.ts';
import { asPod, isCompleted } from '../pod.ts';
import { chosenContainer } from '../pod-containers.ts';
import { podPath } from '../pod-path.ts';
import { podScope } from '../pods-of.ts';
import { streamRemote } from '../remote-stream.ts';

/** A command to run in a pod, and where its streams go. */
export interface PodCommand {
  readonly namespace: string;
  readonly pod: string;
  /** Empty: the default one. */
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin?: AsyncIterable<Uint8Array>;
  stdout(data: Buffer): void;
  /** Takes what the command says, and which container was chosen. */
  readonly stderr: OutputStream;
  readonly signal?: AbortSignal;
}

/** Runs a command in a container of a pod; rejects with RemoteExit for its status, and as streamRemote does. */
export async function runInPod(wanted: PodCommand, context: Context): Promise<void> {
  const client: ResourceClient = await context.client();
  const scope = await podScope(wanted.namespace, context);
  const pod = asPod(await client.get(scope, wanted.pod, { signal: context.signal }));
  if (isCompleted(pod)) {
    const phase = pod.status?.phase ?? '';
    throw new UserError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  }
  const saying = { ...context, streams: { ...context.streams, err: wanted.stderr } };
  const container = wanted.container || chosenContainer(pod, '', false, saying).name;
  const query = new URLSearchParams([
    ...wanted.command.map((word): [string, string] => ['command', word]),
    ['container', container],
    ['stderr', 'true'],
    ...(wanted.stdin === undefined ? [] : [['stdin', 'true'] as [string, string]]),
    ['stdout', 'true'],
  ]);
  await streamRemote(
    {
      path: podPath(wanted.namespace, wanted.pod, 'exec'),
      query,
      stdin: wanted.stdin,
      stdout: (data) => wanted.stdout(Buffer.from(data)),
      stderr: (data) => wanted.stderr.write(data),
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    },
    context,
  );
}
