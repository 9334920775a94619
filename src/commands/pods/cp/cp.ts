import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../../command.ts';
import type { Context, OutputStream } from '../../context.ts';
import { SilentExit } from '../../silent-exit.ts';
import { RemoteExit } from '../remote-stream.ts';
import { containerFlag } from '../session-flags.ts';
import { type FileSpec, fileSpecOf } from './file-spec.ts';
import { runInPod } from './pod-command.ts';
import { tarOf } from './tar-writer.ts';
import { unpacker } from './unpack.ts';

/** How long a pod may take to say whether a folder is there. */
const TEST_MILLISECONDS = 30_000;

interface CpOptions {
  readonly source: FileSpec;
  readonly destination: FileSpec;
  readonly container: string;
  readonly noPreserve: boolean;
  /** How often a copy from a pod is taken up again; negative: without end. */
  readonly retries: number;
}

/** `cp`: files to and from containers that have tar. */
export const cp: Command = defineCommand<CpOptions>({
  use: 'cp <file-spec-src> <file-spec-dest>',
  description: "Copy files and folders to and from containers, by the container's own tar. Needs a real cluster.",
  examples: [
    { comment: 'A folder of this machine to a pod', command: 'kubectl cp /tmp/foo_dir some-pod:/tmp/bar_dir' },
    {
      comment: 'A file to a container of a pod',
      command: 'kubectl cp /tmp/foo some-pod:/tmp/bar -c specific-container',
    },
    { comment: 'To a pod of another namespace', command: 'kubectl cp /tmp/foo some-namespace/some-pod:/tmp/bar' },
    { comment: 'From a pod to this machine', command: 'kubectl cp some-namespace/some-pod:/tmp/foo /tmp/bar' },
  ],
  flags: [
    containerFlag,
    {
      name: 'no-preserve',
      type: 'bool',
      default: 'false',
      usage: 'Do not keep the owner and the permissions of the files in the container.',
    },
    {
      name: 'retries',
      type: 'int',
      default: '0',
      usage: 'How often to take up a copy from a container that broke off; negative is without end.',
    },
  ],
  parse: parseCp,
  run: runCp,
});

function parseCp({ args, flags }: Invocation): CpOptions {
  const [from, to] = args;
  if (from === undefined || to === undefined || args.length > 2) {
    throw new UserError('source and destination are required');
  }
  const [source, destination] = [fileSpecOf(from), fileSpecOf(to)];
  if (source.pod && destination.pod) throw new UserError('one of src or dest must be a local file specification');
  if (source.file === '' || destination.file === '') throw new UserError('filepath can not be empty');
  if (!source.pod && !destination.pod) {
    throw new UserError('one of src or dest must be a remote file specification');
  }
  return {
    source,
    destination,
    container: flags.string('container'),
    noPreserve: flags.bool('no-preserve'),
    retries: flags.int('retries'),
  };
}

async function runCp(options: CpOptions, context: Context): Promise<void> {
  try {
    await (options.source.pod ? copyFrom(options, context) : copyTo(options, context));
  } catch (error) {
    if (context.signal.aborted) throw new SilentExit(1);
    if (!(error instanceof RemoteExit)) throw error;
    context.streams.err.write(`${error.message}\n`);
    throw new SilentExit(error.exitStatus);
  }
}

async function podOf(spec: FileSpec, { container }: CpOptions, context: Context) {
  const namespace = spec.namespace || (await context.namespace()).name;
  return { namespace, pod: spec.pod ?? '', container };
}

async function copyTo(options: CpOptions, context: Context): Promise<void> {
  const { source, destination, noPreserve } = options;
  const { out, err } = context.streams;
  if (!fs.existsSync(source.file)) throw new UserError(`${source.file} doesn't exist in local filesystem`);
  const pod = await podOf(destination, options, context);
  const folder = await isFolder(destination.file, pod, context);
  const target = path.posix.normalize(
    folder ? path.posix.join(destination.file, path.basename(source.file)) : destination.file,
  );
  const preserve = noPreserve ? ['--no-same-permissions', '--no-same-owner'] : [];
  const where = path.posix.dirname(target);
  const failed = new AbortController();
  const archive = watched(tarOf(source.file, path.posix.basename(target)), (error) => failed.abort(error));
  await runInPod(
    {
      ...pod,
      command: ['tar', ...preserve, '-xmf', '-', '-C', where],
      stdin: archive,
      stdout: (data) => out.write(data),
      stderr: err,
      signal: AbortSignal.any([context.signal, failed.signal]),
    },
    context,
  );
}

/** An archive that ends half way must not look whole to the pod: what cannot be read ends the stream. */
async function* watched(archive: AsyncIterable<Buffer>, fail: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* archive;
  } catch (error) {
    fail(error);
    throw error;
  }
}

async function isFolder(
  file: string,
  pod: { readonly namespace: string; readonly pod: string; readonly container: string },
  context: Context,
): Promise<boolean> {
  const limit = AbortSignal.timeout(TEST_MILLISECONDS);
  const signal = AbortSignal.any([context.signal, limit]);
  const nothing: OutputStream = { write: () => undefined, isTerminal: false, columns: undefined };
  try {
    const command = ['test', '-d', file];
    await runInPod({ ...pod, command, stdout: () => undefined, stderr: nothing, signal }, context);
    return true;
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (limit.aborted) throw new UserError('context deadline exceeded', { cause: error });
    return false;
  }
}

async function copyFrom(options: CpOptions, context: Context): Promise<void> {
  const { source, destination, retries } = options;
  const { out, err } = context.streams;
  const pod = await podOf(source, options, context);
  const parser = unpacker({
    source,
    destination: destination.file,
    programName: context.programName,
    warn: (line) => err.write(`${line}\n`),
  });
  let bytes = 0;
  for (let retry = 0; ;) {
    const stdout = (data: Buffer): void => {
      bytes += data.length;
      parser.push(data);
    };
    // kubectl prints what the container's tar says on standard output too.
    const problem = await attempt(
      { ...pod, command: tarCommand(source.file, retries, bytes), stdout, stderr: out },
      context,
    );
    if (parser.finished || (problem === undefined && parser.betweenEntries)) {
      if (problem !== undefined) throw problem;
      return;
    }
    if (retries >= 0 && retry >= retries) {
      if (problem !== undefined) throw problem;
      out.write(`Dropping out copy after ${retry} retries\n`);
      throw new UserError('unexpected EOF');
    }
    retry++;
    out.write(`Resuming copy at ${bytes} bytes, retry ${retry}/${retries}\n`);
  }
}

/** Runs the command; resolves with how the connection broke, which a retry may mend. Rejects with everything else. */
async function attempt(command: Parameters<typeof runInPod>[0], context: Context): Promise<Error | undefined> {
  try {
    await runInPod(command, context);
    return undefined;
  } catch (error) {
    const broken = error instanceof UserError && error.message.startsWith('error reading from error stream: ');
    if (broken && !context.signal.aborted) return error;
    throw error;
  }
}

function tarCommand(file: string, retries: number, bytes: number): string[] {
  if (retries === 0) return ['tar', 'cf', '-', file];
  const quoted = /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
  return ['sh', '-c', `tar cf - ${quoted} | tail -c+${bytes === 0 ? 0 : bytes + 1}`];
}
