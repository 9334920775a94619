import { runProgram } from '../../src/program.ts';

/** What a command line printed, and its exit status. */
export interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Told what is printed, as it is. */
  readonly onOutput?: (text: string) => void;
  /** Told what is printed, as bytes. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** Whether a person looks at what is printed. */
  readonly terminal?: boolean;
}

/** Runs a command line in this process, as `kubectl`, without a home folder of its own. */
export async function run(
  argv: readonly string[],
  { env = {}, input = '', signal, onOutput, onBytes, terminal = false }: Setting = {},
): Promise<Ran> {
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  const stream = (to: Buffer[], told?: (text: string) => void) => ({
    write: (text: string | Uint8Array) => {
      to.push(Buffer.from(text));
      told?.(Buffer.from(text).toString());
    },
    isTerminal: terminal,
    columns: terminal ? 80 : undefined,
  });
  const status = await runProgram(argv, {
    programName: 'kubectl',
    streams: {
      in: {
        readAll: async () => Buffer.from(input),
        readLine: async () => String(input).split('\n')[0] ?? '',
        isTerminal: false,
      },
      out: stream(output, onOutput),
      err: stream(errors),
    },
    // Without a home folder for them, old values are only done without when that is asked for.
    env: 'XDG_STATE_HOME' in env ? env : { KUBE_LITE_ETCD_UNDO: 'off', ...env },
    signal: signal ?? new AbortController().signal,
    // It is not there, and cannot be made, not even by root.
    homeFolder: '/proc/no-home',
    programFile: '/nonexistent',
    now: () => new Date(),
  });
  onBytes?.(Buffer.concat(output));
  return { status, output: Buffer.concat(output).toString('utf8'), errors: Buffer.concat(errors).toString('utf8') };
}
