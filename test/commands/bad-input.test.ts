import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../peers/free-port.ts';
import { run } from './run-program.ts';

const program = new URL('../../bin/kube-lite.js', import.meta.url).pathname;
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-bad-input-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const env = (): Record<string, string> => ({ KUBE_LITE_DATA_DIR: path.join(folder, 'store') });

function file(name: string, content: string | Buffer): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, content);
  return target;
}

/** Runs the built program with little memory, and tells how it ended and how long it took. */
function confined(
  argv: readonly string[],
  megabytes: number,
): Promise<{ status: number; errors: string; seconds: number }> {
  const begun = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, program, ...argv], {
      env: { PATH: process.env['PATH'] ?? '', ...env() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? -1, errors, seconds: (Date.now() - begun) / 1000 }));
  });
}

describe('manifests that are too much', () => {
  it(
    'a file of 100 MB is refused, in bounded time and memory, with nothing written',
    { timeout: 120_000 },
    async () => {
      const line = `  k: ${'x'.repeat(1000)}\n`;
      const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: huge}\ndata:\n';
      const huge = file('huge.yaml', head + line.repeat(100_000));
      const { status, errors, seconds } = await confined(['create', '-f', huge], 1024);
      expect(errors).toContain('huge.yaml');
      expect(errors.length).toBeLessThan(1000);
      expect(status).toBe(1);
      expect(seconds).toBeLessThan(60);
      expect((await run(['get', 'configmaps', '-o', 'name'], { env: env() })).output).toBe('');
    },
  );

  it('an object beyond the size of a request is refused by its own words', async () => {
    const big = file(
      'big.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata: {k: "${'x'.repeat(1_100_000)}"}\n`,
    );
    const { status, errors } = await run(['create', '-f', big], { env: env() });
    expect(errors).toContain('The ConfigMap "big" is invalid: []: Too long: may not be more than 1048576 bytes');
    expect(status).toBe(1);
  });

  it('a YAML bomb is refused', { timeout: 60_000 }, async () => {
    const levels = Array.from({ length: 12 }, (_, index) => {
      const item = index === 0 ? '"lol"' : `*l${index - 1}`;
      return `l${index}: &l${index} [${Array.from({ length: 10 }, () => item).join(', ')}]`;
    });
    const bomb = file('bomb.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\n${levels.join('\n')}\n`);
    const { status, errors, seconds } = await confined(['create', '-f', bomb], 512);
    expect(errors).toContain('excessive aliasing');
    expect(status).toBe(1);
    expect(seconds).toBeLessThan(30);
  });

  it('a document nested beyond reason is refused', async () => {
    const deep = file(
      'deep.json',
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    );
    const { status, errors } = await run(['create', '-f', deep], { env: env() });
    expect(errors).toMatch(/depth|nested/);
    expect(status).toBe(1);
  });

  it('bytes that are no text are refused, and name the file', async () => {
    const binary = file('binary.yaml', Buffer.from([0, 1, 2, 255, 254, 10, 0]));
    const { status, errors } = await run(['create', '-f', binary], { env: env() });
    expect(errors).toContain('binary.yaml');
    expect(status).toBe(1);
  });
});

describe('stores that cannot be used', () => {
  it('a store of a newer version is left alone', async () => {
    const data = path.join(folder, 'newer');
    expect((await run(['create', 'cm', 'a'], { env: { KUBE_LITE_DATA_DIR: data } })).status).toBe(0);
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const db = new DatabaseSync(path.join(data, 'kl.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    const { status, errors, output } = await run(['get', 'cm'], { env: { KUBE_LITE_DATA_DIR: data } });
    expect(errors).toMatch(/newer/);
    expect({ status, output }).toEqual({ status: 1, output: '' });
  });

  it('a folder that is a file is named', async () => {
    const data = file('not-a-folder', 'x');
    const { status, errors } = await run(['get', 'cm'], { env: { KUBE_LITE_DATA_DIR: data } });
    expect(errors).toContain(data);
    expect(status).toBe(1);
  });

  it('an etcd that is down is named, in bounded time', { timeout: 60_000 }, async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const { status, errors } = await run(['get', 'cm', `--etcd-endpoints=${endpoint}`, '--request-timeout=5s']);
    expect(errors).toContain(new URL(endpoint).host);
    expect(status).toBe(1);
  });

  it('an API server that is down is said to be refused', async () => {
    const port = await freePort();
    const { status, errors } = await run(['get', 'cm', `--server=http://127.0.0.1:${port}`]);
    expect(errors).toBe(
      `The connection to the server 127.0.0.1:${port} was refused - did you specify the right host or port?\n`,
    );
    expect(status).toBe(1);
  });

  it('a value that is no Kubernetes object is an error that names its key', async () => {
    const store = { KUBE_LITE_DATA_DIR: path.join(folder, 'foreign') };
    expect(
      (await run(['etcd', 'put', '/registry/configmaps/default/foreign', 'no object'], { env: store })).status,
    ).toBe(0);
    const { status, errors } = await run(['get', 'configmap', 'foreign'], { env: store });
    expect(errors).toContain('/registry/configmaps/default/foreign');
    expect(status).toBe(1);
  });
});

describe('flags of the backends', () => {
  it.each([
    [['get', 'cm', '--backend=cloud'], '--backend must be one of api, etcd, local, not "cloud"'],
    [['get', 'cm', '--data-dir=/x', '--etcd-endpoints=a:1'], 'name two backends'],
    [['get', 'cm', '--backend=etcd'], 'the etcd backend needs to know where etcd is'],
    [['get', 'cm', '--etcd-endpoints=a:1', '--etcd-user=root'], '--etcd-user is given without a password'],
  ])('%j', async (argv, message) => {
    const { status, errors } = await run(argv);
    expect(errors).toContain(message);
    expect(status).toBe(1);
  });

  it('nothing configured uses the local store, and says so', async () => {
    const { errors, status } = await run(['get', 'cm'], { env: { XDG_DATA_HOME: path.join(folder, 'share') } });
    expect(errors).toBe(
      `Using the local store in ${path.join(folder, 'share', 'kube-lite')}; no cluster is configured.\nNo resources found in default namespace.\n`,
    );
    expect(status).toBe(0);
  });
});
