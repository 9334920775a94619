import { spawn } from 'node:child_process';
import type { Context, OutputStream } from './context.ts';

/** What `failure` is when there is no such program. */
export const notFoundFailure = 'executable file not found in $PATH';

export interface ChildResult {
  /** Undefined when the program did not run or was ended by a signal. */
  readonly status: number | undefined;
  /** Why it is not 0, in Go's words: `exit status 2`, `signal: SIGKILL`, or `notFoundFailure`. */
  readonly failure: string;
}

/**
 * Runs a program and hands its output on. On a terminal it gets the terminal itself, as editors need and as programs that
 * colour their output look for. An interrupt does not end it: the terminal tells it of that too.
 * Its environment is this program's unless another is given.
 */
export function runChild(
  program: string,
  args: readonly string[],
  { streams }: Context,
  env?: Context['env'],
): Promise<ChildResult> {
  const stdio = [streams.out, streams.err].map(({ isTerminal }) => (isTerminal ? 'inherit' : 'pipe'));
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['inherit', ...stdio],
      ...(env === undefined ? {} : { env: { ...env } }),
    });
    forward(child.stdout, streams.out);
    forward(child.stderr, streams.err);
    child.on('error', (error) => resolve({ status: undefined, failure: startFailure(program, error) }));
    child.on('close', (status, signal) => {
      const failure = signal === null ? `exit status ${status}` : `signal: ${signal}`;
      resolve({ status: status ?? undefined, failure });
    });
  });
}

function forward(from: NodeJS.ReadableStream | null, to: OutputStream): void {
  from?.on('data', (chunk: Buffer) => to.write(chunk));
}

function startFailure(program: string, error: Error): string {
  const code = 'code' in error ? error.code : '';
  if (code === 'ENOENT') return notFoundFailure;
  return `fork/exec ${program}: ${code === 'EACCES' ? 'permission denied' : error.message}`;
}
