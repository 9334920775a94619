import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The worker program, bundled so that every supported Node can run it, and the processes that run it. */
export class Workers {
  readonly folder: string;
  readonly #running = new Set<ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async bundle(): Promise<Workers> {
    const folder = await mkdtemp(join(tmpdir(), 'kube-lite-workers-'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await build({
      absWorkingDir: root,
      entryPoints: ['test/storage/local/worker.ts'],
      outfile: join(folder, 'worker.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@photostructure/sqlite'],
      logLevel: 'error',
    });
    return new Workers(folder);
  }

  start(task: string, ...parameters: string[]): Worker {
    const child = spawn(process.execPath, [join(this.folder, 'worker.mjs'), task, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return new Worker(child);
  }

  async dispose(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One process, and what it has said so far. */
export class Worker {
  readonly said: unknown[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #errors = '';
  #rest = '';
  #heard: (() => void) | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#exit = once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.said.push(...lines.map((line): unknown => JSON.parse(line)));
      this.#heard?.();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /** Resolves when the process has said this many things; rejects when it ends before. */
  async heard(count: number): Promise<void> {
    while (this.said.length < count) {
      const more = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      const ended = await Promise.race([more.then(() => false), this.#exit.then(() => true)]);
      if (ended && this.said.length < count) throw new Error(`the worker ended early: ${this.#errors}`);
    }
  }

  /** Waits for the process to end by itself, without an error, and gives what it said. */
  async finished(): Promise<unknown[]> {
    await this.#exit;
    if (this.#child.exitCode !== 0) throw new Error(`exit status ${this.#child.exitCode}: ${this.#errors}`);
    return this.said;
  }

  /** Kills the process at once and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
    if (this.#errors !== '') throw new Error(this.#errors);
  }
}
