import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ApiHandler } from '../../src/apiserver/handler.ts';
import { startServer } from '../../src/http/serve.ts';
import { type Ran, runKubectl } from './run-kubectl.ts';

/** A handler behind HTTPS, and the real kubectl that speaks to it. */
export interface KubectlServer extends AsyncDisposable {
  kubectl(args: readonly string[], input?: string): Promise<Ran>;
  /** Requests that were answered, as `METHOD path status`. */
  readonly answered: string[];
}

export async function startKubectlServer(handler: ApiHandler): Promise<KubectlServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  const answered: string[] = [];
  const server = await startServer({
    handler: async (request) => {
      const response = await handler(request);
      answered.push(`${request.method} ${request.path} ${response.status}`);
      return response;
    },
    address: '127.0.0.1',
    port: 0,
    folder: path.join(folder, 'serve'),
    kubeconfigPath,
    now: new Date(),
  });
  const flags = [`--kubeconfig=${kubeconfigPath}`, `--cache-dir=${path.join(folder, 'cache')}`];
  return {
    answered,
    kubectl: (args, input) => runKubectl([...args, ...flags], input),
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
