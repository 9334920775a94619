import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from './run-program.ts';

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n';

/** What is promised to need neither a cluster nor a store nor a network, and what it prints. */
const OFFLINE: readonly (readonly [string, string])[] = [
  ['create configmap a --from-literal=k=v --dry-run=client -o name', 'configmap/a\n'],
  ['create deployment d --image=x --dry-run=client', 'deployment.apps/d created (dry run)\n'],
  ['create secret generic s --from-literal=k=v --dry-run=client -o jsonpath={.data.k}', 'dg=='],
  ['create configmap a --dry-run=client -o name -- what is not looked at', 'configmap/a\n'],
  ['label --local -f - a=b -o jsonpath={.metadata.labels.a}', 'b'],
  ['annotate --local -f - a=b -o jsonpath={.metadata.annotations.a}', 'b'],
  ['patch --local -f - --type=merge -p {"data":{"k":"w"}} -o jsonpath={.data.k}', 'w'],
];

describe('without a cluster, a store or a network', () => {
  let folder = '';
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-test-'));
    fs.writeFileSync(path.join(folder, 'file'), '');
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it.each(OFFLINE)('%s', async (line, output) => {
    const connect = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('there is no network');
    });
    try {
      // Below a file there can be no folder, whoever asks.
      const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'file', 'store') };
      expect(await run(line.split(' '), { env, input: MANIFEST })).toEqual({ status: 0, output, errors: '' });
      expect(connect).not.toHaveBeenCalled();
    } finally {
      connect.mockRestore();
    }
  });

  it('is a setting in which a store cannot be opened', async () => {
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'file', 'store') };
    const { status, errors } = await run(['get', 'configmaps'], { env });
    expect(status).toBe(1);
    expect(errors).toContain('ENOTDIR');
  });
});
