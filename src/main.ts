import { setMaxListeners } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { InputStream, OutputStream } from './commands/context.ts';
import { runProgram } from './program.ts';
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

function outputOf(fd: 1 | 2): OutputStream {
  const stream = fd === 1 ? process.stdout : process.stderr;
  const write = (text: string | Uint8Array): void => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
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
  };
  return { write, isTerminal: stream.isTTY, columns: stream.isTTY ? stream.columns : undefined };
}

const input: InputStream = {
  isTerminal: process.stdin.isTTY,
  async readAll() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  },
  async readLine() {
    const lines = createInterface({ input: process.stdin });
    for await (const line of lines) return line;
    return '';
  },
};

function usage(): ReturnType<NonNullable<World['usage']>> {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    startSeconds: Math.round(performance.timeOrigin) / 1000,
  };
}

function onInterrupt(signal: NodeJS.Signals): void {
  // The first interrupt lets the command stop cleanly, the second does not wait for it.
  if (interrupt.signal.aborted) process.exit(1);
  interrupt.abort(new Error(`interrupted by ${signal}`));
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);

const status = await runProgram(process.argv.slice(2), {
  programName: programName(),
  streams: { in: input, out: outputOf(1), err: outputOf(2) },
  env: process.env,
  signal: interrupt.signal,
  programFile: process.argv[1] ?? '',
  homeFolder: process.env['HOME'] ?? os.homedir(),
  usage,
  now: () => new Date(),
});
// Open connections and stores need no farewell: what was acknowledged is durable.
process.exit(status);
