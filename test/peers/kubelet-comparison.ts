import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../commands/run-program.ts';
import { type Asked, KubeletServer } from './kubelet-server.ts';
import { type Ran, runKubectl } from './run-kubectl.ts';

/** What a command did: what it printed, and what the server was asked for. */
export interface Outcome extends Ran {
  readonly asked: readonly string[];
}

/** One server, and the two programs that speak to it. */
export class KubeletComparison implements AsyncDisposable {
  readonly server: KubeletServer;
  readonly #cache: string;

  private constructor(server: KubeletServer, cache: string) {
    this.server = server;
    this.#cache = cache;
  }

  static async start(): Promise<KubeletComparison> {
    const cache = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
    return new KubeletComparison(await KubeletServer.start(), cache);
  }

  async kubectl(args: readonly string[], input = ''): Promise<Outcome> {
    // Discovery is read anew each time: what the server has may have changed.
    const cache = await mkdtemp(path.join(this.#cache, 'c-'));
    return this.#outcome(async () => runKubectl(['--server', this.server.url, '--cache-dir', cache, ...args], input));
  }

  async kubeLite(args: readonly string[], input = ''): Promise<Outcome> {
    return this.#outcome(async () => {
      const { status, output, errors } = await run(['--server', this.server.url, ...args], { input });
      return { status, stdout: output, stderr: errors };
    });
  }

  async #outcome(work: () => Promise<Ran>): Promise<Outcome> {
    this.server.asked.length = 0;
    const ran = await work();
    return { ...ran, stderr: withoutLog(ran.stderr), asked: this.server.asked.map(askedText) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await rm(this.#cache, { recursive: true, force: true });
  }
}

function askedText({ method, what, query, body }: Asked): string {
  const sorted = [...query].map(([name, value]) => `${name}=${value}`).toSorted();
  return `${method} ${what}?${sorted.join('&')} ${JSON.stringify(body)}`;
}

/** Without the lines that client-go logs of its own accord. */
function withoutLog(text: string): string {
  return text.replace(/^[IWE]\d{4} .*\n/gm, '');
}
