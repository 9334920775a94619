import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { masked } from './mask.ts';
import { readTranscript, type Step, type Transcript } from './transcript.ts';

/** The tool under test in one of its settings. */
export interface Subject {
  /** A shell command that runs it, to which arguments are added. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a step did differently from its recording. */
export interface Difference {
  readonly command: string;
  readonly expected: { readonly output: string; readonly errors: string; readonly status: number };
  readonly actual: { readonly output: string; readonly errors: string; readonly status: number };
}

export interface Replay {
  /** Steps that were compared. */
  readonly steps: number;
  readonly differences: readonly Difference[];
}

/** What a command printed, and its exit status. */
export interface Result {
  readonly output: string;
  readonly errors: string;
  readonly status: number;
}

type Prepare = (folder: string) => Promise<Subject & { dispose?(): Promise<void> }>;

/** Runs a transcript and compares what each step printed. Steps that `leaveOut` accepts are not run. */
export async function replay(
  file: string,
  prepare: Prepare,
  leaveOut: (command: string) => boolean = () => false,
): Promise<Replay> {
  const results = await runTranscript(readTranscript(file), prepare, leaveOut);
  const differences = results.flatMap(({ step, actual }) => compare(step, actual) ?? []);
  return { steps: results.length, differences };
}

/**
 * Runs a transcript in an empty folder. `prepare` is given a second fresh folder for a store or kubeconfig, and tells how to
 * run the tool. Answers what the steps printed that are not set-up.
 */
export async function runTranscript(
  transcript: Transcript,
  prepare: Prepare,
  leaveOut: (command: string) => boolean = () => false,
): Promise<{ readonly step: Step; readonly actual: Result }[]> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'));
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'));
  const subject = await prepare(state);
  try {
    for (const [name, text] of transcript.files) {
      fs.mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
      fs.writeFileSync(path.join(work, name), text);
    }
    const bin = path.join(state, 'bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\nexec ${subject.command} "$@"\n`, { mode: 0o755 });
    const env = {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      HOME: state,
      NO_COLOR: '1',
      LC_ALL: 'C.UTF-8',
      ...subject.env,
    };
    const results: { step: Step; actual: Result }[] = [];
    for (const step of transcript.steps) {
      if (leaveOut(step.command)) continue;
      const actual = await runStep(step.command, work, env);
      if (!step.setup) results.push({ step, actual });
    }
    return results;
  } finally {
    await subject.dispose?.();
    fs.rmSync(work, { recursive: true, force: true });
    fs.rmSync(state, { recursive: true, force: true });
  }
}

function runStep(command: string, cwd: string, env: Record<string, string>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ output, errors, status: status ?? 124 }));
  });
}

function compare(step: Step, actual: Result): Difference | undefined {
  const expected = { output: masked(step.output), errors: masked(step.errors), status: step.status };
  const got = {
    output: masked(actual.output.split('\n')),
    errors: masked(actual.errors.split('\n')),
    status: actual.status,
  };
  const same = expected.output === got.output && expected.errors === got.errors && expected.status === got.status;
  return same ? undefined : { command: step.command, expected, actual: got };
}
