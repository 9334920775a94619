import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** A running `kube-lite serve`. */
export interface KubeServer {
  readonly url: URL;
  readonly kubeconfig: string;
  readonly process: ChildProcess;
  /** Milliseconds from its start until it said that it serves. */
  readonly readyMs: number;
  /** Milliseconds from the signal to its end. */
  stop(): Promise<number>;
}

/** Starts `kube-lite serve` on the local store in `folder`. */
export async function startServer(program: readonly string[], folder: string): Promise<KubeServer> {
  const kubeconfig = `${folder}/kubeconfig`;
  const [command = '', ...args] = program;
  const began = performance.now();
  const serving = ['serve', '--data-dir', folder, '--port=0', `--write-kubeconfig=${kubeconfig}`];
  const child = spawn(command, [...args, ...serving], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = await new Promise<URL>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /Serving the Kubernetes API on (\S+)\n/.exec(said)?.[1];
      if (found !== undefined) resolve(new URL(found));
    });
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`serve ended with status ${status}: ${said}`)));
  });
  const readyMs = performance.now() - began;
  return {
    url,
    kubeconfig,
    process: child,
    readyMs,
    async stop() {
      const asked = performance.now();
      child.kill('SIGTERM');
      await exited;
      return performance.now() - asked;
    },
  };
}

/** Writes a copy of the server's kubeconfig that leads to another port of this machine; its path. */
export function kubeconfigFor(server: KubeServer, port: number): string {
  const file = `${server.kubeconfig}-${port}`;
  writeFileSync(file, readFileSync(server.kubeconfig, 'utf8').replace(server.url.host, `127.0.0.1:${port}`));
  return file;
}
