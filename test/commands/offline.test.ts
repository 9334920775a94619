import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ran, run } from './run-program.ts';

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n';

/** What is promised to need neither a cluster nor a store nor a network, and what it prints. */
const OFFLINE: readonly (readonly [string, string])[] = [
  ['create configmap a --from-literal=k=v --dry-run=client -o name', 'configmap/a\n'],
  ['create deployment d --image=x --dry-run=client', 'deployment.apps/d created (dry run)\n'],
  ['create secret generic s --from-literal=k=v --dry-run=client -o jsonpath={.data.k}', 'dg=='],
  ['create configmap a --dry-run=client -o name -- what is not looked at', 'configmap/a\n'],
  ['label --local -f - a=b -o jsonpath={.metadata.labels.a}', 'b'],
  ['annotate --local -f - a=b -o jsonpath={.metadata.annotations.a}', 'b'],
  ['create -f - --dry-run=client', 'configmap/a created (dry run)\n'],
  ['create -f - --dry-run=client -o jsonpath={.metadata.namespace}', 'default'],
  ['apply -f - --dry-run=client', 'configmap/a created (dry run)\n'],
  ['apply -f - --dry-run=client -o name', 'configmap/a\n'],
  ['patch --local -f - --type=merge -p {"data":{"k":"w"}} -o jsonpath={.data.k}', 'w'],
];

describe('without a cluster, a store or a network', () => {
  let folder = '';
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-test-'));
    fs.writeFileSync(path.join(folder, 'file'), '');
  });
  const command = new AsyncLocalStorage<true>();
  /** Runs a command where no socket can be opened and no store be made. */
  async function offline(line: string): Promise<Ran> {
    let opened = 0;
    // oxlint-disable-next-line typescript/unbound-method -- called with its socket below
    const { connect: reallyConnect } = net.Socket.prototype;
    const connect = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...given) {
      // What other tests left behind in this process may go on trying.
      if (command.getStore() !== true) return reallyConnect.apply(this, given);
      opened++;
      throw new Error('there is no network');
    });
    try {
      // Below a file there can be no folder, whoever asks.
      const env = { PATH: process.env['PATH'] ?? '', KUBE_LITE_DATA_DIR: path.join(folder, 'file', 'store') };
      const ran = await command.run(true, () => run(line.split(' '), { env, input: MANIFEST }));
      expect(opened).toBe(0);
      return ran;
    } finally {
      connect.mockRestore();
    }
  }
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it.each(OFFLINE)('%s', async (line, output) => {
    expect(await offline(line)).toEqual({ status: 0, output, errors: '' });
  });

  it.each([
    ['explain configmap.data', 'KIND:       ConfigMap\nVERSION:    v1\n\nFIELD: data <map[string]string>\n'],
    [
      'explain deploy.spec.replicas',
      'GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\nFIELD: replicas <integer>\n',
    ],
    ['explain pods --recursive', 'containers\t<[]Container> -required-\n'],
  ])('%s', async (line, beginning) => {
    const { status, output, errors } = await offline(line);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toContain(beginning);
  });

  it('explain says what it does not know', async () => {
    const { status, errors } = await offline('explain widgets');
    expect(status).toBe(1);
    expect(errors).toContain('the server doesn\'t have a resource type "widgets"');
  });

  it.each(['diff -f -', 'diff --server-side -f -'])('%s finds that everything is new', async (line) => {
    const { status, output, errors } = await offline(line);
    expect({ status, errors }).toEqual({ status: 1, errors: '' });
    expect(output).toMatch(/^--- \S*v1\.ConfigMap\.default\.a/m);
    expect(output).toContain('+data:\n+  k: v\n');
    expect(output.split('\n').filter((each) => each.startsWith('-') && !each.startsWith('---'))).toEqual([]);
  });

  it('diff refuses what would be refused', async () => {
    const { status, errors } = await offline('diff -f - -n nowhere');
    expect(status).toBe(2);
    expect(errors).toContain('namespaces "nowhere" not found');
  });

  it('a client dry run of a change finds no object', async () => {
    const { status, errors } = await offline('label configmap a b=c --dry-run=client');
    expect(status).toBe(1);
    expect(errors).toContain('configmaps "a" not found');
  });

  it('is a setting in which a store cannot be opened', async () => {
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'file', 'store') };
    const { status, errors } = await run(['get', 'configmaps'], { env });
    expect(status).toBe(1);
    expect(errors).toContain('ENOTDIR');
  });
});

describe('where a store could be', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-test-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const at = (store: string, line: string): Promise<Ran> =>
    run(line.split(' '), {
      env: { PATH: process.env['PATH'] ?? '', KUBE_LITE_DATA_DIR: path.join(folder, store) },
      input: MANIFEST,
    });

  it.each(['explain pods', 'diff -f -', 'apply -f - --dry-run=client', 'create -f - --dry-run=client'])(
    '%s makes none',
    async (line) => {
      const { errors } = await at('store', line);
      expect(errors).toBe('');
      expect(fs.readdirSync(folder)).toEqual([]);
    },
  );

  it('what is in a store that is there counts', async () => {
    await at('store', 'apply -f -');
    expect(await at('store', 'apply -f - --dry-run=client')).toMatchObject({
      output: 'configmap/a configured (dry run)\n',
    });
    expect(await at('store', 'diff -f -')).toEqual({ status: 0, output: '', errors: '' });
  });

  it.each(['kl.hwm', 'kl.db'])('a store of which %s is left is not taken for an empty one', async (left) => {
    await at('store', 'apply -f -');
    for (const name of fs.readdirSync(path.join(folder, 'store'))) {
      if (name !== left) fs.rmSync(path.join(folder, 'store', name), { recursive: true });
    }
    if (left === 'kl.db') fs.writeFileSync(path.join(folder, 'store', left), 'damaged '.repeat(1000));
    const dry = await at('store', 'apply -f - --dry-run=client');
    expect(dry).toEqual(await at('store', 'get configmaps -o name'));
    expect(dry.status).toBe(1);
  });

  it('a file in place of the folder is an error', async () => {
    fs.writeFileSync(path.join(folder, 'store'), '');
    const { status, errors } = await at('store', 'explain pods');
    expect(status).toBe(1);
    expect(errors).toMatch(/EEXIST|ENOTDIR/);
  });

  it('tells who configured nothing that there is nothing', async () => {
    const env = { XDG_DATA_HOME: folder };
    const { status, errors, output } = await run(['apply', '-f', '-', '--dry-run=client'], { env, input: MANIFEST });
    expect({ status, output }).toEqual({ status: 0, output: 'configmap/a created (dry run)\n' });
    expect(errors).toBe(`There is no local store in ${path.join(folder, 'kube-lite')}; no cluster is configured.\n`);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
