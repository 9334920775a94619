import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { run } from '../commands/run-program.ts';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { manifests } from './bulk.ts';

/** Less than anything that is written here. */
const SIZE = '1m';

let root: string;
let disk: string;
let mounted = false;
let etcd: EtcdServer;
let env: Record<string, string>;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-full-'));
  disk = path.join(root, 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'none', disk], { stdio: 'ignore' });
    mounted = true;
  } catch {
    return;
  }
  etcd = await startEtcd();
  env = { KUBE_LITE_DATA_DIR: path.join(root, 'store'), ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') };
  const input = manifests(100, 'x'.repeat(20_000));
  expect(await run(['create', '-f', '-'], { env, input })).toMatchObject({ status: 0 });
  const storage = await openEtcdStorage({ endpoints: etcd.endpoints });
  for (let index = 0; index < 3; index++) {
    const put = { type: 'put' as const, key: Buffer.from(`/large/${index}`), value: Buffer.alloc(1_000_000, index) };
    await storage.txn({ compares: [], success: [put] });
  }
  await storage.close();
});
afterAll(async () => {
  await etcd?.stop();
  if (mounted) execFileSync('umount', ['--lazy', disk]);
  await rm(root, { recursive: true, force: true });
});

it.for([
  ['an export', 'all.yaml', (target: string) => ['export', 'configmaps', `--output=${target}`]],
  ['an export to a folder', 'all', (target: string) => ['export', 'configmaps', `--output=${target}/`]],
  ['a snapshot', 'all.db', (target: string) => ['etcd', 'snapshot', 'save', target]],
] as const)(
  'a disk that is full in the middle of %s is told, and nothing is left on it',
  async ([, name, argv], context) => {
    if (!mounted) context.skip('mounting needs root');
    const target = path.join(disk, name);
    const { status, output, errors } = await run(argv(target), { env });
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toMatch(/^error: cannot (write|save a snapshot at) .*all.*ENOSPC: no space left on device/);
    expect(await readdir(disk)).toEqual([]);
    const elsewhere = path.join(root, name);
    expect(await run(argv(elsewhere), { env })).toMatchObject({ status: 0 });
  },
);

it('a store whose disk fills in the middle of a create has what it acknowledged', async (context) => {
  if (!mounted) context.skip('mounting needs root');
  const place = { KUBE_LITE_DATA_DIR: path.join(disk, 'store') };
  const { status, output, errors } = await run(['create', '-f', '-'], {
    env: place,
    input: manifests(100, 'x'.repeat(20_000)),
  });
  expect(status).toBe(1);
  expect(errors).toMatch(/space|full/);
  const told = output
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[0] ?? '');
  const found = await run(['get', 'configmaps', '-o=name'], { env: place });
  const there = found.output.split('\n').filter((line) => line.startsWith('configmap/c-'));
  expect({ ...found, there: there.toSorted() }).toMatchObject({ status: 0, there: told.toSorted() });
});
