import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { masked } from '../transcripts/mask.ts';
import { type Column } from '../transcripts/columns.ts';

/** Files to lay in an empty folder, and commands to run there with two tools. */
export interface Script {
  readonly files: ReadonlyMap<string, string>;
  /** `~` before a command: its output is not compared. */
  readonly commands: readonly string[];
}

/** What a command printed, run-dependent values masked. */
export interface Outcome {
  readonly command: string;
  readonly output: string;
  readonly errors: string;
  readonly status: number;
}

/** What client-go logs of its own accord. */
const LOG_LINE = /^[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ /;

/** Reads `--- NAME` and the file below it, again and again, and below `--- steps` one command a line. */
export function readScript(file: string): Script {
  const files = new Map<string, string>();
  let commands: string[] = [];
  for (const part of fs.readFileSync(file, 'utf8').split(/^--- /m).slice(1)) {
    const end = part.indexOf('\n');
    const text = part.slice(end + 1);
    if (part.slice(0, end) === 'steps') {
      commands = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    } else files.set(part.slice(0, end), text);
  }
  return { files, commands };
}

/** Runs a script with the tool and the server of a column, each command after the other. */
export async function runScript(script: Script, column: Column): Promise<Outcome[]> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'));
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-'));
  const subject = await column.prepare(state);
  try {
    for (const [name, text] of script.files) fs.writeFileSync(path.join(work, name), text);
    const bin = path.join(state, 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\nexec ${subject.command} "$@"\n`, { mode: 0o755 });
    const env = {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      HOME: state,
      NO_COLOR: '1',
      LC_ALL: 'C.UTF-8',
      KUBE_LITE_NAME: 'kubectl',
    };
    const outcomes: Outcome[] = [];
    for (const line of script.commands) {
      const command = line.replace(/^~/, '');
      const outcome = await runCommand(command, work, { ...env, ...subject.env });
      if (command === line) outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await subject.dispose?.();
    fs.rmSync(work, { recursive: true, force: true });
    fs.rmSync(state, { recursive: true, force: true });
  }
}

function runCommand(command: string, cwd: string, env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({
        command,
        output: masked(output.split('\n')),
        errors: masked(errors.split('\n').filter((line) => !LOG_LINE.test(line))),
        status: status ?? 124,
      });
    });
  });
}
