import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { faultSeed } from './fault-mode.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What needs more ends the program. */
const MEMORY = '--max-old-space-size=512';

/** A test program that runs as processes of its own, bundled so that every supported Node can run it. */
export class Programs {
  readonly #folder: string;
  readonly #running = new Set<ChildProcess>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `entry` is a file below `test/faults/`. */
  static async bundle(entry: string): Promise<Programs> {
    const folder = await mkdtemp(join(tmpdir(), 'kube-lite-programs-'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await build({
      absWorkingDir: root,
      entryPoints: [`test/faults/${entry}`],
      outfile: join(folder, 'program.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
    return new Programs(folder);
  }

  start(...parameters: string[]): Program {
    const child = spawn(process.execPath, [MEMORY, join(this.#folder, 'program.mjs'), ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, KUBE_LITE_SEED: String(faultSeed) },
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return new Program(child);
  }

  async dispose(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** One process, and the JSON lines that it has written so far. */
export class Program {
  readonly said: unknown[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #errors = '';
  #rest = '';
  #heard: (() => void) | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close').then(() => this.#heard?.());
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

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it has said this much, or has ended. */
  async heard(count: number): Promise<void> {
    while (this.said.length < count && !this.hasEnded) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Waits until the process ends by itself. Rejects when it fails. */
  async finished(): Promise<void> {
    await this.#closed;
    if (this.#child.exitCode !== 0) throw new Error(`the program ended with ${this.#child.exitCode}: ${this.#errors}`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
