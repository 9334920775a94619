import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/kube-lite.js', import.meta.url));
const PROBE = fileURLToPath(new URL('heap-probe.cjs', import.meta.url));
const TOKEN = 'measured';

/** An answer that is read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** `kube-lite serve` as a process of its own, whose memory can be asked for. */
export interface MeasuredServer {
  readonly url: string;
  /** Bytes on the heap after a garbage collection. */
  heap(): Promise<number>;
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** Follows a watch until its connection ends; hands over what comes. */
  watch(path: string, onData: (chunk: Buffer) => void): Promise<{ readonly stop: () => void }>;
  /** Asks it to stop; resolves with its exit status. */
  stop(): Promise<number | null>;
}

/** Starts a server of the local store in a folder. Its clients share so many connections. */
export async function startMeasuredServer(folder: string, connections: number): Promise<MeasuredServer> {
  const args = ['--expose-gc', '--require', PROBE, PROGRAM, 'serve', '--port=0', `--data-dir=${folder}`];
  const child = spawn(process.execPath, [...args, `--serve-token=${TOKEN}`], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/proc/no-home' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const url = await announced(child);
  const agent = new https.Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  const watching = new https.Agent({ rejectUnauthorized: false });
  const headers = { authorization: `Bearer ${TOKEN}` };
  return {
    url,
    async heap() {
      child.send('heap');
      const [usage] = (await once(child, 'message')) as [NodeJS.MemoryUsage];
      return usage.heapUsed;
    },
    async request(method, path, body, contentType = 'application/json') {
      return new Promise((resolve, reject) => {
        const options = { method, agent, headers: { ...headers, 'content-type': contentType } };
        const request = https.request(`${url}${path}`, options, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        });
        request.on('error', reject);
        request.end(body === undefined ? undefined : JSON.stringify(body));
      });
    },
    async watch(path, onData) {
      return new Promise((resolve, reject) => {
        const request = https.get(`${url}${path}`, { agent: watching, headers }, (response) => {
          if (response.statusCode !== 200) {
            reject(new Error(`watch: ${response.statusCode}`));
            return;
          }
          response.on('data', onData);
          response.on('error', () => undefined);
          resolve({ stop: () => request.destroy() });
        });
        request.on('error', reject);
      });
    },
    async stop() {
      agent.destroy();
      if (child.exitCode !== null) return child.exitCode;
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGINT');
      return (await exited)[0];
    },
  };
}

async function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const url = /https:\S+/.exec(text)?.[0];
      if (url !== undefined && text.includes('KUBECONFIG')) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`serve ended with ${status}: ${text}`)));
  });
}
