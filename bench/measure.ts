import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A command line to measure. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What one run took. CPU and memory are missing where GNU time is not installed. */
export interface Usage {
  readonly wallMs: number;
  /** User and system time. */
  readonly cpuMs?: number;
  readonly peakMiB?: number;
}

/** Debian's package `time`; the only thing on a plain system that tells a child's peak memory. */
const GNU_TIME = '/usr/bin/time';

/**
 * Runs commands one after the other and adds up what they took. Their output is thrown away. Rejects when one of them
 * fails, with what it wrote on standard error.
 */
export async function measure(commands: readonly Command[]): Promise<Usage> {
  const usages: Usage[] = [];
  for (const command of commands) usages.push(await measureOne(command));
  const cpu = usages.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]));
  const peaks = usages.flatMap(({ peakMiB }) => (peakMiB === undefined ? [] : [peakMiB]));
  return {
    wallMs: sum(usages.map(({ wallMs }) => wallMs)),
    ...(cpu.length === 0 ? {} : { cpuMs: sum(cpu) }),
    ...(peaks.length === 0 ? {} : { peakMiB: Math.max(...peaks) }),
  };
}

let runs = 0;

async function measureOne({ argv, env }: Command): Promise<Usage> {
  const base = join(tmpdir(), `kube-lite-bench-${process.pid}-${++runs}`);
  const [timeFile, errorFile] = [`${base}.time`, `${base}.err`];
  const timed = existsSync(GNU_TIME) ? [GNU_TIME, '-q', '-o', timeFile, '-f', '%U %S %M', ...argv] : argv;
  const errors = openSync(errorFile, 'w+');
  try {
    const began = performance.now();
    const status = await exitOf(timed, errors, env);
    const wallMs = performance.now() - began;
    if (status !== 0) {
      const said = readFileSync(errorFile, 'utf8').split('\n').slice(0, 10).join('\n');
      throw new Error(`${argv.join(' ')} ended with status ${status}:\n${said}`);
    }
    return { wallMs, ...(timed === argv ? {} : readTime(timeFile)) };
  } finally {
    closeSync(errors);
    rmSync(errorFile, { force: true });
    rmSync(timeFile, { force: true });
  }
}

async function exitOf(
  [program = '', ...args]: readonly string[],
  errors: number,
  env: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  // Node.js reads such a bundle at each start, for 50 ms and more, on both sides: what is compared would seem closer than it is.
  const { NODE_EXTRA_CA_CERTS: _bundle, ...own } = process.env;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', errors], env: { ...own, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

function readTime(file: string): { cpuMs: number; peakMiB: number } {
  const [user = 0, system = 0, kibibytes = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return { cpuMs: (user + system) * 1000, peakMiB: kibibytes / 1024 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** The middle value; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The medians of several runs. */
export function medianUsage(usages: readonly Usage[]): Usage {
  const cpu = usages.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]));
  const peaks = usages.flatMap(({ peakMiB }) => (peakMiB === undefined ? [] : [peakMiB]));
  return {
    wallMs: median(usages.map(({ wallMs }) => wallMs)),
    ...(cpu.length === 0 ? {} : { cpuMs: median(cpu) }),
    ...(peaks.length === 0 ? {} : { peakMiB: median(peaks) }),
  };
}
