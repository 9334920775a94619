import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { kubectlBinary } from '../peers/kubectl-binary.ts';
import { KubeletServer } from '../peers/kubelet-server.ts';
import { pod } from '../peers/kubelet-objects.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

let folder: string;
let server: KubeletServer;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-proxy-'));
  fs.mkdirSync(path.join(folder, 'www', 'sub'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'www', 'sub', 'index.html'), '<p>hello</p>\n');
  fs.writeFileSync(path.join(folder, 'secret'), 'secret');
  fs.symlinkSync(path.join(folder, 'secret'), path.join(folder, 'www', 'out'));
  server = await KubeletServer.start();
  server.objects = [pod('one')];
  server.logs.set('one/main', 'a line\n');
}, 60_000);
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs `proxy` in this process while `work` uses it. */
async function proxied(args: readonly string[], work: (line: string) => Promise<void>): Promise<void> {
  const interrupt = new AbortController();
  let started: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => {
    started = resolve;
  });
  const done = run(['proxy', ...args], { signal: interrupt.signal, onOutput: (text) => started(text) });
  const first = await Promise.race([line, done.then(({ errors }) => Promise.reject(new Error(errors)))]);
  try {
    await work(first);
  } finally {
    interrupt.abort(new Error('interrupted'));
    await done;
  }
  expect(await done).toMatchObject({ status: 0 });
}

const portOf = (line: string): number => Number(/:(\d+)\n$/.exec(line)?.[1]);

async function ask(
  port: number | string,
  url: string,
  options: http.RequestOptions & { body?: string } = {},
): Promise<Answer> {
  const where =
    typeof port === 'number' ? { port, host: '127.0.0.1' } : { socketPath: port, headers: { host: 'localhost' } };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...where, path: url, ...options }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.once('error', reject);
    request.end(options.body);
  });
}

describe('proxy', () => {
  it('carries the API of a server, failures and logs too, as kubectl does', async () => {
    await proxied(['--port=0', '--server', server.url], async (line) => {
      expect(line).toMatch(/^Starting to serve on 127\.0\.0\.1:\d+\n$/);
      const child = spawn(await kubectlBinary(), ['proxy', '--port=0', '--server', server.url], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const theirs = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
      );
      try {
        expect(theirs.replace(/\d+\n/, '')).toBe(line.replace(/\d+\n/, ''));
        for (const url of [
          '/api/v1/namespaces/default/pods/one',
          '/api/v1/namespaces/default/pods/nope',
          '/api/v1/namespaces/default/pods?limit=1',
          '/api/v1/namespaces/default/pods/one/log?container=main',
          '/api/v1/namespaces/default/pods/one/exec',
          '/nothing',
        ]) {
          expect({ url, ...(await ask(portOf(line), url)) }).toEqual({ url, ...(await ask(portOf(theirs), url)) });
        }
        const foreign = { headers: { host: 'example.com' } };
        expect(await ask(portOf(line), '/api', foreign)).toEqual(await ask(portOf(theirs), '/api', foreign));
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('serves the local store in the same way, and writes to it', async () => {
    const local = [`--data-dir=${path.join(folder, 'store')}`];
    await proxied(['--port=0', ...local, '--reject-methods=DELETE', '--api-prefix=/k8s/'], async (line) => {
      const url = '/k8s/api/v1/namespaces/default/configmaps';
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } });
      const headers = { 'content-type': 'application/json' };
      expect((await ask(portOf(line), url, { method: 'POST', headers, body })).status).toBe(201);
      expect(JSON.parse((await ask(portOf(line), `${url}/c`)).body)).toMatchObject({ data: { a: 'b' } });
      expect(await ask(portOf(line), `${url}/c`, { method: 'DELETE' })).toEqual({ status: 403, body: 'Forbidden\n' });
      expect((await ask(portOf(line), '/api/v1/pods')).status).toBe(404);
    });
  });

  it('serves files of a folder and nothing outside of it', async () => {
    const args = ['--port=0', '--server', server.url, `--www=${path.join(folder, 'www')}`, '--www-prefix=/files'];
    await proxied(args, async (line) => {
      expect(await ask(portOf(line), '/files/sub/index.html')).toEqual({ status: 200, body: '<p>hello</p>\n' });
      expect(await ask(portOf(line), '/files/sub/')).toEqual({ status: 200, body: '<p>hello</p>\n' });
      for (const place of ['/files/out', '/files/../secret', '/files/%2e%2e/secret', '/files/none']) {
        expect((await ask(portOf(line), place)).body).not.toContain('secret\n');
        expect((await ask(portOf(line), place)).status).toBe(404);
      }
    });
  });

  it('listens on a socket file that others may not use', async () => {
    const socket = path.join(folder, 'sock');
    await proxied(['-u', socket, '--server', server.url], async (line) => {
      expect(line).toBe(`Starting to serve on ${socket}\n`);
      expect(fs.statSync(socket).mode & 0o077).toBe(0);
      expect((await ask(socket, '/api/v1/namespaces/default/pods/one')).status).toBe(200);
    });
  });

  it.each([
    [['--port=1', '--unix-socket=x'], 'error: cannot set --unix-socket and --port at the same time\n'],
    [['--port=70000'], 'error: --port must be between 0 and 65535, not 70000\n'],
    [['--accept-paths=('], 'error: Error compiling re: error parsing regexp: missing closing ): `(`\n'],
  ])('refuses %j', async (args, errors) => {
    expect(await run(['proxy', ...args, '--server', server.url])).toMatchObject({ status: 1, output: '', errors });
  });
});
