import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { manifests } from './bulk.ts';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { seededRandom } from './seeded-random.ts';

const OBJECTS = 400;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

interface Sending {
  readonly signal: NodeJS.Signals;
  /** Sent when so much is on standard output and standard error. */
  when?(said: string): boolean;
  readonly input?: string;
  /** Standard input stays open, and the signal comes when the input has been read. */
  readonly waits?: boolean;
}

let folder: string;
let program: BuiltProgram;
beforeAll(async () => {
  program = await builtProgram();
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-signals-'));
}, 300_000);
afterAll(async () => {
  await program.dispose();
  await rm(folder, { recursive: true, force: true });
});

const environment = (store: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: '/proc/no-home',
  KUBE_LITE_DATA_DIR: path.join(folder, store),
});

async function interrupted(argv: readonly string[], store: string, sending: Sending): Promise<Ended> {
  const child = spawn(process.execPath, [program.file, ...argv], { env: environment(store), stdio: 'pipe' });
  let [output, errors, sent] = ['', '', false];
  const look = (): void => {
    if (sent || sending.when?.(output + errors) !== true) return;
    sent = true;
    child.kill(sending.signal);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    look();
  });
  child.stdin.on('error', () => undefined);
  const { input = '' } = sending;
  if (sending.waits === true) child.stdin.write(input, () => child.kill(sending.signal));
  else child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { code, signal, output, errors };
}

const names = (lines: string): string[] => lines.trim().split('\n').filter(Boolean);

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it.each(['create', 'apply', 'delete'])(
    'in the middle of %s: what was told is done, nothing else began',
    async (verb) => {
      const figures = new Figures(`${signal} during ${verb}`);
      const random = seededRandom(`${signal} ${verb}`);
      for (let round = 0; round < inMode({ short: 1, long: 25 }); round++) {
        const store = `${signal}-${verb}-${round}`;
        const env = environment(store);
        const input = manifests(OBJECTS, 'x');
        if (verb === 'delete') expect(await run(['create', '-f', '-'], { env, input })).toMatchObject({ status: 0 });
        const after = 1 + random.below(OBJECTS / 4);
        const ended = await interrupted([verb, '-f', '-'], store, {
          signal,
          input,
          when: (said) => said.split('\n').length > after,
        });
        figures.runs += 1;
        const told = names(ended.output);
        const { output } = await run(['get', 'configmaps', '-o=name'], { env });
        const there = new Set(names(output).filter((name) => /\/c-\d+$/.test(name)));
        const gone = verb === 'delete';
        for (const line of told) {
          const name = gone ? line.replace(/^configmap "(.*)" deleted.*$/, 'configmap/$1') : (line.split(' ')[0] ?? '');
          if (there.has(name) === gone) figures.lost(line);
        }
        const done = gone ? OBJECTS - there.size : there.size;
        if (done > told.length) figures.doubled(`${done - told.length} were done without a word`);
        figures.count('told', told.length);
        // It may have been through already when the signal came.
        if (told.length === OBJECTS) continue;
        figures.faults += 1;
        expect(ended).toMatchObject({ code: null, signal });
        expect(ended.errors).toBe(
          `error: interrupted by ${signal}: ${told.length} objects were finished, the others were not begun\n`,
        );
      }
      figures.finish();
    },
  );

  it.each([
    ['get', ['get', 'configmaps', '--watch']],
    ['wait', ['wait', 'configmap/a', '--for=delete']],
  ])('ends %s without a word and with status 1, as it does kubectl', async (_, argv) => {
    const env = environment(`${signal}-watched`);
    await run(['create', 'configmap', 'a'], { env });
    const watch = [...argv, '-v=6'];
    const ended = await interrupted(watch, `${signal}-watched`, {
      signal,
      when: (said) => said.includes('watch=true'),
    });
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.errors).not.toContain('error:');
  });

  it('ends a command that waits for its standard input', async () => {
    // More than a pipe holds by itself.
    const input = '# Only a comment until now.\n'.repeat(100_000);
    for (const argv of [
      ['create', '-f', '-'],
      ['apply', '-f', '-'],
      ['import', '-'],
    ]) {
      const ended = await interrupted(argv, `${signal}-waiting`, { signal, input, waits: true });
      expect(ended, argv.join(' ')).toMatchObject({ code: null, signal, output: '' });
      expect(ended.errors).toContain(`error: interrupted by ${signal}`);
    }
  });

  it('ends export and leaves no part of a file', async () => {
    const store = `${signal}-export`;
    await run(['create', '-f', '-'], { env: environment(store), input: manifests(OBJECTS, 'x'.repeat(2000)) });
    const target = path.join(folder, `${signal}-exported.yaml`);
    const ended = await interrupted(['export', `--output=${target}`, '-v=6'], store, {
      signal,
      when: (said) => said !== '',
    });
    const left = (await readdir(folder)).filter((name) => name.startsWith(`${signal}-exported`));
    if (ended.code === 0) expect((await readFile(target, 'utf8')).match(/^kind: ConfigMap$/gm)).toHaveLength(OBJECTS);
    else expect({ ...ended, left }).toMatchObject({ code: null, signal, left: [] });
  });
});
