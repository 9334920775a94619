import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ran, run } from '../commands/run-program.ts';
import type { Upstream } from '../peers/faulty-api-proxy.ts';

/** A `kube-lite serve` in this process. */
export interface Serving {
  readonly kubeconfig: string;
  readonly upstream: Upstream;
  stop(): Promise<Ran>;
}

const TOKEN = 'a-token-of-the-fault-tests';

/** Starts it on the store that `env` names, with its files in `folder`. */
export async function serveInProcess(env: Readonly<Record<string, string>>, folder: string): Promise<Serving> {
  const kubeconfig = path.join(folder, 'kubeconfig');
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  let ended: Ran | undefined;
  const flags = ['--port=0', '--controllers=false', `--serve-token=${TOKEN}`, `--cert-dir=${folder}`];
  const serving = run(['serve', ...flags, `--write-kubeconfig=${kubeconfig}`], { env, signal: abort.signal }).then(
    (ran) => (ended = ran),
  );
  for (let tries = 0; ; tries++) {
    const text = await readFile(kubeconfig, 'utf8').catch(() => '');
    const url = /server: "?(https:[^"\s]+)/.exec(text)?.[1];
    const ca = /certificate-authority-data: "?([A-Za-z0-9+/=]+)/.exec(text)?.[1];
    if (url !== undefined && ca !== undefined) {
      return {
        kubeconfig,
        upstream: { url, ca: Buffer.from(ca, 'base64').toString(), token: TOKEN },
        stop: async () => {
          abort.abort(new Error('stopped'));
          return serving;
        },
      };
    }
    if (ended !== undefined || tries > 1000) throw new Error(`serve did not start: ${JSON.stringify(ended)}\n${text}`);
    await sleep(20);
  }
}
