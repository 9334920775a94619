import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdServerKey } from '../../../src/etcd/live/hold-server-key.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { type Ran, run } from '../../commands/run-program.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';

let etcd: EtcdServer;
let storage: Storage;
let state: string;
let prefixes = 0;
let prefix: string;

beforeAll(async () => {
  etcd = await startEtcd();
  storage = await openEtcdStorage({ endpoints: etcd.endpoints });
});
afterAll(async () => {
  await storage.close();
  await etcd.stop();
});
beforeEach(() => {
  state = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-state-'));
  prefix = `/registry-${++prefixes}`;
});
afterEach(() => fs.rmSync(state, { recursive: true, force: true }));

const kubectl = (...argv: string[]): Promise<Ran> =>
  run(argv, {
    env: {
      KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','),
      KUBE_LITE_ETCD_PREFIX: prefix,
      XDG_STATE_HOME: state,
    },
  });
const done = async (...argv: string[]): Promise<string> => {
  const { status, output, errors } = await kubectl(...argv);
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
  return output;
};
const etcdctl = (...argv: string[]): string =>
  execFileSync('etcdctl', [`--endpoints=${etcd.endpoints.join(',')}`, ...argv], { encoding: 'utf8' });
const bytesAt = async (name: string): Promise<string | undefined> =>
  (await storage.range({ key: Buffer.from(`${prefix}/${name}`) })).kvs[0]?.value.toString('hex');
const put = (name: string, value: Buffer | string, lease = 0n) =>
  storage.txn({
    compares: [],
    success: [{ type: 'put', key: Buffer.from(`${prefix}/${name}`), value: Buffer.from(value), lease }],
  });

function leaseObject(renewTime: Date): Buffer {
  return encodeObject({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'apiserver-x', namespace: 'kube-system' },
    spec: {
      holderIdentity: 'apiserver-x',
      leaseDurationSeconds: 3600,
      renewTime: renewTime.toISOString().replace('Z', '000Z'),
    },
  });
}

describe('while an API server is alive on the etcd', () => {
  it('everything can be read and nothing is written, unless it is forced', async () => {
    await done('create', 'configmap', 'before', '--from-literal=a=b');
    const before = await bytesAt('configmaps/default/before');
    const { id } = await storage.grantLease(60);
    await put('masterleases/10.0.0.5', 'endpoints', id);
    const refusal = new RegExp(
      `nothing is written to etcd while an API server is alive on it: ${prefix}/masterleases/10\\.0\\.0\\.5 \\(held by an API server\\); use that API server, or write past it with --force-live\n$`,
    );
    const refused = async (...argv: string[]): Promise<void> => {
      const { status, output, errors } = await kubectl(...argv);
      expect({ status, output }).toEqual({ status: 1, output: '' });
      expect(errors).toMatch(refusal);
    };
    await refused('create', 'configmap', 'new');
    await refused('label', 'configmap', 'before', 'a=b');
    await refused('delete', 'configmap', 'before');
    await refused('etcd', 'put', `${prefix}/configmaps/default/raw`, 'text');
    await refused('etcd', 'del', `${prefix}/configmaps/default/before`);
    await refused('etcd', 'del', '/', '--prefix');
    expect(await bytesAt('configmaps/default/before')).toBe(before);
    expect(await done('get', 'configmap', 'before', '-o', 'name')).toBe('configmap/before\n');
    expect(await done('etcd', 'get', `${prefix}/configmaps/default/before`)).toContain('kind: ConfigMap');
    await done('etcd', 'put', `/elsewhere-${prefixes}`, 'text');
    expect(await done('label', 'configmap', 'before', 'a=b', '--force-live')).toBe('configmap/before labeled\n');
    await done('etcd', 'put', `${prefix}/raw`, 'text', '--force-live');
    await storage.revokeLease(id);
    await done('create', 'configmap', 'new');
  });

  it('an empty store is shown as it is, and not filled', async () => {
    const { id } = await storage.grantLease(60);
    await put('masterleases/10.0.0.5', 'endpoints', id);
    expect((await kubectl('get', 'namespaces')).status).toBe(0);
    expect(await bytesAt('namespaces/default')).toBeUndefined();
    await storage.revokeLease(id);
  });

  it('a Lease that was renewed just now tells, and an old one does not', async () => {
    await put('leases/kube-system/apiserver-x', leaseObject(new Date(Date.now() - 3600_000)));
    await done('create', 'configmap', 'a');
    await put('leases/kube-system/apiserver-x', leaseObject(new Date()));
    expect((await kubectl('create', 'configmap', 'b')).errors).toMatch(
      new RegExp(`${prefix}/leases/kube-system/apiserver-x \\(renewed \\d+ seconds ago\\)`),
    );
    // Other Leases are no API server's.
    await put('leases/kube-system/apiserver-x', leaseObject(new Date(0)));
    await put('leases/kube-system/kube-scheduler', leaseObject(new Date()));
    await put('masterleases/10.0.0.5', 'left behind, without a lease');
    await done('create', 'configmap', 'c');
  });

  it('kube-lite serve counts, and stops counting when it ends', async () => {
    const end = await holdServerKey(storage, prefix, 'kube-lite serve, process 7 on host');
    expect((await kubectl('create', 'configmap', 'a')).errors).toMatch(/\(kube-lite serve, process 7 on host\)/);
    await end();
    await done('create', 'configmap', 'a');
  });
});

describe('kube-lite serve on an etcd', () => {
  const serving = async (...flags: string[]): Promise<{ stop(): Promise<Ran> }> => {
    const controller = new AbortController();
    const ran = run(['serve', '--port=0', `--cert-dir=${path.join(state, 'serve')}`, ...flags], {
      env: { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: prefix, XDG_STATE_HOME: state },
      signal: controller.signal,
    });
    const kubeconfig = path.join(state, 'serve', 'kubeconfig');
    await Promise.race([ran, eventually(() => fs.existsSync(kubeconfig))]);
    const stop = (): Promise<Ran> => {
      controller.abort();
      return ran;
    };
    return { stop };
  };
  const eventually = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const throughServer = (...argv: string[]): Promise<Ran> =>
    run(argv, { env: { KUBECONFIG: path.join(state, 'serve', 'kubeconfig') } });

  it('is seen by those who would write beside it, writes itself, and keeps no old values', async () => {
    const server = await serving();
    expect((await kubectl('create', 'configmap', 'a')).errors).toMatch(/\(kube-lite serve, process \d+ on .*\)/);
    expect(await throughServer('create', 'configmap', 'a')).toMatchObject({ status: 0 });
    expect(await throughServer('label', 'configmap', 'a', 'x=y')).toMatchObject({ status: 0 });
    await server.stop();
    await done('label', 'configmap', 'a', 'x=z', '--overwrite');
    expect((await done('etcd', 'undo', '--list')).trim().split('\n')).toHaveLength(2);
  });

  it('only reads beside a living kube-apiserver, and says so', async () => {
    await done('create', 'configmap', 'a');
    const { id } = await storage.grantLease(60);
    await put('masterleases/10.0.0.5', '', id);
    const server = await serving('--authorization-mode=AlwaysAllow');
    expect(await throughServer('get', 'configmaps', 'a', '-o', 'name')).toMatchObject({ output: 'configmap/a\n' });
    expect(await throughServer('delete', 'configmap', 'a')).toMatchObject({
      status: 1,
      errors: expect.stringMatching(
        /^Error from server \(Forbidden\): nothing is written to etcd while an API server is alive on it/,
      ) as string,
    });
    expect((await server.stop()).errors).toContain('Warning: this server only reads: nothing is written');
    await storage.revokeLease(id);
  });
});

describe('etcd undo', () => {
  const list = async (): Promise<{ id: string; change: string; key: string; undoneAt?: number }[]> =>
    JSON.parse(await done('etcd', 'undo', '--list', '-o', 'json')) as never;

  it('is said to be impossible where values have no place, unless nobody wants them', async () => {
    await done('create', 'configmap', 'c');
    const env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: prefix };
    const homeless = await run(['label', 'configmap', 'c', 'x=1'], { env: { ...env, XDG_STATE_HOME: '' } });
    expect(homeless).toMatchObject({ status: 0, output: 'configmap/c labeled\n' });
    expect(homeless.errors).toMatch(
      /^[Ww]arning: old values are not kept, so that etcd undo will not bring them back:/,
    );
    expect(homeless.errors.trim().split('\n')).toHaveLength(1);
    const off = { ...env, XDG_STATE_HOME: state, KUBE_LITE_ETCD_UNDO: 'off' };
    expect(await run(['label', 'configmap', 'c', 'x=2', '--overwrite'], { env: off })).toMatchObject({
      status: 0,
      errors: '',
    });
    expect(fs.readdirSync(state)).toEqual([]);
    expect(await run(['etcd', 'undo', '--list'], { env: { ...env, XDG_STATE_HOME: '' } })).toMatchObject({ status: 1 });
  });

  it('brings back what verbs overwrote and deleted, to the byte', async () => {
    await done('create', 'configmap', 'c', '--from-literal=a=1');
    await done('create', 'secret', 'generic', 's', '--from-literal=password=hunter2');
    expect(await list()).toEqual([]);
    const first = await bytesAt('configmaps/default/c');
    const secret = await bytesAt('secrets/default/s');
    await done('label', 'configmap', 'c', 'x=1');
    const second = await bytesAt('configmaps/default/c');
    await done('annotate', 'configmap', 'c', 'y=2');
    await done('delete', 'secret', 's');
    expect((await list()).map(({ change, key }) => [change, key])).toEqual([
      ['put', `${prefix}/configmaps/default/c`],
      ['put', `${prefix}/configmaps/default/c`],
      ['delete', `${prefix}/secrets/default/s`],
    ]);
    expect(await done('etcd', 'undo', '--last=1')).toMatch(/secrets\/default\/s brought back at revision \d+\n$/);
    expect(await bytesAt('secrets/default/s')).toBe(secret);
    await done('etcd', 'undo', '--last=1');
    expect(await bytesAt('configmaps/default/c')).toBe(second);
    await done('etcd', 'undo', '--last=1');
    expect(await bytesAt('configmaps/default/c')).toBe(first);
    expect(await done('get', 'secret', 's', '-o', 'jsonpath={.data.password}')).toBe('aHVudGVyMg==');
    expect(await kubectl('etcd', 'undo', '--last=1')).toMatchObject({
      status: 1,
      errors: 'error: there is nothing to undo\n',
    });
  });

  it('brings back several changes of one key at once, and all changes of one command', async () => {
    await done('create', 'configmap', 'c', '--from-literal=a=1');
    await done('create', 'configmap', 'd', '--from-literal=a=1');
    const before = [await bytesAt('configmaps/default/c'), await bytesAt('configmaps/default/d')];
    for (const value of ['1', '2', '3']) await done('label', '--overwrite', 'configmap', 'c', `x=${value}`);
    await done('etcd', 'undo', '--last=3');
    expect(await bytesAt('configmaps/default/c')).toBe(before[0]);
    await done('etcd', 'del', `${prefix}/configmaps/default/`, '--prefix');
    const run = (await list()).at(-1)?.id.replace(/\.\d+$/, '') ?? '';
    expect((await done('etcd', 'undo', run)).trim().split('\n')).toHaveLength(2);
    expect([await bytesAt('configmaps/default/c'), await bytesAt('configmaps/default/d')]).toEqual(before);
  });

  it('an undo can be undone', async () => {
    await done('etcd', 'put', `${prefix}/k`, 'one');
    await done('etcd', 'put', `${prefix}/k`, 'two', '--force');
    await done('etcd', 'undo', '--last=1');
    const [, own] = await list();
    await done('etcd', 'undo', own?.id ?? '');
    expect(etcdctl('get', '--print-value-only', `${prefix}/k`)).toBe('two\n');
  });

  it('leaves what was changed since, and says so; --force does not', async () => {
    await done('etcd', 'put', `${prefix}/k`, 'one');
    await done('etcd', 'put', `${prefix}/k`, 'two', '--force');
    etcdctl('put', `${prefix}/k`, 'three');
    const refused = await kubectl('etcd', 'undo', '--last=1');
    expect(refused.status).toBe(1);
    expect(refused.errors).toMatch(
      /has changed since it was written at revision \d+ \(its mod revision is \d+\); it was left as it is/,
    );
    expect(etcdctl('get', '--print-value-only', `${prefix}/k`)).toBe('three\n');
    await done('etcd', 'undo', '--last=1', '--force');
    expect(etcdctl('get', '--print-value-only', `${prefix}/k`)).toBe('one\n');
  });

  it('leaves what was made anew after a deletion', async () => {
    await done('etcd', 'put', `${prefix}/k`, 'one');
    await done('etcd', 'del', `${prefix}/k`);
    etcdctl('put', `${prefix}/k`, 'anew');
    expect((await kubectl('etcd', 'undo', '--last=1')).errors).toMatch(/has changed since it was deleted/);
    expect(etcdctl('get', '--print-value-only', `${prefix}/k`)).toBe('anew\n');
  });

  it('refuses while an API server is alive', async () => {
    await done('etcd', 'put', `${prefix}/k`, 'one');
    await done('etcd', 'del', `${prefix}/k`);
    const { id } = await storage.grantLease(60);
    await put('masterleases/10.0.0.5', '', id);
    expect((await kubectl('etcd', 'undo', '--last=1')).errors).toContain('--force-live');
    await storage.revokeLease(id);
    await done('etcd', 'undo', '--last=1');
  });

  it('says what is wrong with its arguments', async () => {
    expect((await kubectl('etcd', 'undo')).errors).toMatch(/exactly one of --list, --last and ID is required/);
    expect((await kubectl('etcd', 'undo', 'x', '--list')).errors).toMatch(/exactly one of/);
    expect((await kubectl('etcd', 'undo', '--last=0')).errors).toMatch(/--last must be at least 1, not 0/);
    expect((await kubectl('etcd', 'undo', 'absent')).errors).toMatch(/no old value "absent" is kept; see --list/);
    expect(
      (await run(['etcd', 'undo', '--list'], { env: { KUBE_LITE_DATA_DIR: path.join(state, 'store') } })).errors,
    ).toMatch(/old values are kept of an etcd alone/);
  });

  it('loses no write of others that comes in between', async () => {
    for (let round = 0; round < 25; round++) {
      const key = Buffer.from(`${prefix}/race-${round}`);
      const other = (value: string) =>
        storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from(value) }] });
      await other('old');
      await done('etcd', 'put', key.toString(), 'new', '--force');
      const pause = new Promise((resolve) => setTimeout(resolve, round % 8));
      const [undone, written] = await Promise.all([
        kubectl('etcd', 'undo', '--last=1'),
        pause.then(() => other('theirs')),
      ]);
      const now = (await storage.range({ key })).kvs[0];
      if (undone.status === 1) {
        expect(now?.value.toString()).toBe('theirs');
        continue;
      }
      // It was brought back over what this program wrote, and over nothing else.
      const revision = Number(/revision (\d+)/.exec(undone.output)?.[1]);
      const before = (await storage.range({ key, revision: revision - 1 })).kvs[0];
      expect(before?.value.toString()).toBe('new');
      expect(written.revision > revision ? now?.value.toString() : 'theirs').toBe('theirs');
    }
  });
});
