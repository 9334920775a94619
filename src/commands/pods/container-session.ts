import type { Context, Terminal } from '../context.ts';
import { SilentExit } from '../silent-exit.ts';
import type { Pod } from './pod.ts';
import { podPath } from './pod-path.ts';
import { RemoteExit, streamRemote } from './remote-stream.ts';

/** What a person's session in a container is made of. */
export interface ContainerSession {
  readonly subresource: 'exec' | 'attach';
  readonly pod: Pod;
  readonly container: string;
  /** With exec. */
  readonly command: readonly string[];
  readonly stdin: boolean;
  /** The terminal that the container gets, raw; see sessionTerminal. */
  readonly terminal: Terminal | undefined;
}

/**
 * The terminal of a session with `-i -t`; undefined when there is none to be had, which is said unless `quiet`. Mirrors
 * StreamOptions.SetupTTY of kubectl's pkg/cmd/exec.
 */
export function sessionTerminal(
  { stdin, tty, quiet }: { readonly stdin: boolean; readonly tty: boolean; readonly quiet: boolean },
  { streams }: Context,
): Terminal | undefined {
  if (!stdin || !tty) return undefined;
  if (streams.in.terminal !== undefined) return streams.in.terminal;
  if (!quiet) streams.err.write('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return undefined;
}

/**
 * Runs a session on the program's own streams. A command's exit status is said on standard error and becomes the program's
 * (SilentExit); an interrupt ends it with 1.
 */
export async function runSession(session: ContainerSession, context: Context): Promise<void> {
  const { terminal } = session;
  const { in: input, out, err } = context.streams;
  terminal?.setRaw(true);
  try {
    await streamRemote(
      {
        path: podPath(
          session.pod.metadata.namespace ?? 'default',
          session.pod.metadata.name ?? '',
          session.subresource,
        ),
        query: queryOf(session),
        ...(session.stdin ? { stdin: input.chunks?.() ?? whole(async () => input.readAll()) } : {}),
        stdout: (data) => out.write(data),
        stderr: (data) => err.write(data),
        terminal,
      },
      context,
    );
  } catch (error) {
    if (context.signal.aborted) throw new SilentExit(1);
    if (!(error instanceof RemoteExit)) throw error;
    terminal?.setRaw(false);
    err.write(`${error.message}\n`);
    throw new SilentExit(error.exitStatus);
  } finally {
    terminal?.setRaw(false);
  }
}

function queryOf({ command, container, stdin, terminal }: ContainerSession): URLSearchParams {
  return new URLSearchParams([
    ...command.map((word): [string, string] => ['command', word]),
    ['container', container],
    // A terminal has one output alone.
    ...(terminal === undefined ? [['stderr', 'true'] as [string, string]] : []),
    ...(stdin ? [['stdin', 'true'] as [string, string]] : []),
    ['stdout', 'true'],
    ...(terminal === undefined ? [] : [['tty', 'true'] as [string, string]]),
  ]);
}

async function* whole(read: () => Promise<Buffer>): AsyncGenerator<Uint8Array> {
  yield await read();
}
