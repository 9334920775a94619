import { setMaxListeners } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { InputStream, OutputStream, Terminal } from './commands/context.ts';
import { Interrupt } from './commands/interrupt.ts';
import { runProgram } from './program.ts';
import { readAll } from './read-all.ts';
import type { World } from './world.ts';

const interrupt = new AbortController();
// Each request that is under way listens, and dozens may be; that is no leak.
setMaxListeners(0, interrupt.signal);

function programName(): string {
  const given = process.env['KUBE_LITE_NAME'];
  if (given !== undefined && given !== '') return given;
  const name = path.basename(process.argv[1] ?? 'kube-lite').replace(/\.[cm]?js$/, '');
  return name === 'kubectl-lite' ? 'kubectl lite' : name;
}

/** Ends the program without a word: whoever read our output has gone (`| head`). */
function readerIsGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/**
 * Whether a descriptor is a terminal. `process.stdin` and its like are not asked unless it may be: making them loads what
 * Node has for the network.
 */
function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    const stats = fs.fstatSync(fd);
    const isNullDevice = stats.rdev === 0x103;
    if (!stats.isCharacterDevice() || isNullDevice) return false;
  } catch {
    return false;
  }
  const stream = fd === 0 ? process.stdin : terminalStream(fd);
  return stream.isTTY;
}

function terminalStream(fd: 1 | 2): NodeJS.WriteStream {
  return fd === 1 ? process.stdout : process.stderr;
}

function writeAll(fd: 1 | 2, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      if (readerIsGone(error)) process.exit(fd === 1 ? 0 : 1);
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** So many characters are written at once, also when more is to come in the same turn of the event loop. */
const MOST_HELD = 64 * 1024;

/**
 * Standard output and standard error. What is written to standard output in one turn of the event loop goes out together,
 * which counts with thousands of lines; before anything on standard error, and before the program ends.
 */
function outputStreams(): { readonly out: OutputStream; readonly err: OutputStream; flush(): void } {
  let held = '';
  let waits = false;
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') writeAll(1, Buffer.from(text));
  };
  process.on('exit', flush);
  const out = (text: string | Uint8Array): void => {
    if (typeof text !== 'string') {
      flush();
      writeAll(1, text);
      return;
    }
    held += text;
    if (held.length >= MOST_HELD) flush();
    if (held === '' || waits) return;
    waits = true;
    setImmediate(() => {
      waits = false;
      flush();
    });
  };
  const err = (text: string | Uint8Array): void => {
    flush();
    writeAll(2, typeof text === 'string' ? Buffer.from(text) : text);
  };
  return { out: outputStream(1, out), err: outputStream(2, err), flush };
}

function outputStream(fd: 1 | 2, write: OutputStream['write']): OutputStream {
  if (!isTerminal(fd)) return { write, isTerminal: false, columns: undefined };
  return { write, isTerminal: true, columns: terminalStream(fd).columns };
}

const output = outputStreams();

/** Standard input, which an interrupt ends even while nothing comes. */
async function* inputUntilInterrupt(): AsyncGenerator<Buffer, void, undefined> {
  const { signal } = interrupt;
  signal.throwIfAborted();
  const stop = (): void => void process.stdin.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of process.stdin) yield chunk as Buffer;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const input: InputStream = {
  isTerminal: isTerminal(0),
  readAll: async () => readAll(inputUntilInterrupt()),
  async readLine() {
    const { createInterface } = await import('node:readline');
    const lines = createInterface({ input: process.stdin, signal: interrupt.signal });
    for await (const line of lines) return line;
    interrupt.signal.throwIfAborted();
    return '';
  },
  chunks: inputUntilInterrupt,
  ...(isTerminal(0) ? { terminal: terminalOf(process.stdin) } : {}),
};

function terminalOf(stdin: typeof process.stdin): Terminal {
  return {
    setRaw: (raw) => void stdin.setRawMode(raw),
    size: () => ({ columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 }),
    onResize: (listener) => void process.stdout.on('resize', listener),
  };
}

function usage(): ReturnType<NonNullable<World['usage']>> {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    startSeconds: Math.round(performance.timeOrigin) / 1000,
  };
}

function onInterrupt(signal: NodeJS.Signals): void {
  const reason = new Interrupt(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
  // The first interrupt lets the command stop cleanly, the second does not wait for it.
  if (interrupt.signal.aborted) end(reason.exitStatus);
  interrupt.abort(reason);
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);

/** Ends the process: by the signal itself where one is to blame, so that a shell's script stops, too. */
function end(status: number): void {
  const signal = status === 130 ? 'SIGINT' : 'SIGTERM';
  if (interrupt.signal.aborted && (status === 130 || status === 143)) {
    output.flush();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(status);
}

// Open connections and stores need no farewell at the end: what was acknowledged is durable.
void runProgram(process.argv.slice(2), {
  programName: programName(),
  streams: { in: input, out: output.out, err: output.err },
  env: process.env,
  signal: interrupt.signal,
  programFile: process.argv[1] ?? '',
  homeFolder: process.env['HOME'] ?? os.homedir(),
  pid: process.pid,
  usage,
  now: () => new Date(),
}).then(end);
