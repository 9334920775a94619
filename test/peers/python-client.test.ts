import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../transcripts/columns.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';

// Debian's own: another python3 that comes first in the path would not have its packages.
const PYTHON = '/usr/bin/python3';
const script = new URL('python-client.py', import.meta.url).pathname;

let folder: string;
let server: { kubeconfig: string; stop(): Promise<void> };
let proxy: CuttingProxy;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-python-'));
  server = await startServe(folder);
  const port = /server: "?https:\/\/[^:]+:(\d+)/.exec(fs.readFileSync(server.kubeconfig, 'utf8'))?.[1];
  proxy = await startCuttingProxy(Number(port));
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs the script, and cuts its connections when it asks for that. */
async function run(): Promise<unknown> {
  const cut = path.join(folder, 'cut');
  const asked = setInterval(() => {
    if (!fs.existsSync(cut)) return;
    proxy.cut();
    fs.rmSync(cut);
  }, 10);
  try {
    const output = await new Promise<string>((resolve, reject) => {
      const args = [script, server.kubeconfig, String(proxy.port), cut];
      execFile(PYTHON, args, { env: { PATH: '/usr/bin:/bin', HOME: folder } }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr));
      });
    });
    return JSON.parse(output);
  } finally {
    clearInterval(asked);
  }
}

describe('python3-kubernetes on kube-lite serve', () => {
  it('lists, watches over a cut, patches, retries, deletes and learns kinds', async () => {
    expect(await run()).toEqual({
      lists: { pages: [['c0', 'c1'], ['c2', 'c3'], ['c4']], selected: ['c3'] },
      watch_with_cut: { events: ['w0', 'w1', 'w2', 'w3'].map((name) => ['ADDED', name]), cut: true },
      expired: { code: 504, reason: 'Timeout' },
      patches: {
        strategic: [
          ['a', 'a:1'],
          ['b', 'b:2'],
        ],
        merge: [['b', 'b:3']],
        json: 3,
        failed: [422, 'Invalid'],
      },
      conflicts: {
        tries: 2,
        refusals: [[409, 'Conflict']],
        data: { at: '0', other: 'yes', mine: 'yes' },
      },
      status_writes: { replicas: [2, 2], paused: true, scale: 4 },
      deletes: { Background: [], Foreground: [], Orphan: ['owner-orphan-owned'] },
      dynamics: { made: 3, changed: 4, wrong: 'spec.length', left: 0 },
    });
  });
});
