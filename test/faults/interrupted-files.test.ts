import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { type Ran, run } from '../commands/run-program.ts';
import { type CuttingProxy, startCuttingProxy } from '../peers/cutting-proxy.ts';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { manifests } from './bulk.ts';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { seededRandom } from './seeded-random.ts';

const OBJECTS = 400;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** Of values in the etcd: a snapshot comes in many pieces. */
const MEGABYTES = 24;

vi.setConfig({ testTimeout: 600_000 });

let folder: string;
let program: BuiltProgram;
let etcd: EtcdServer;
let proxy: CuttingProxy;
let store: Record<string, string>;
let snapshot: string;
let exported: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-interrupted-'));
  program = await builtProgram();
  etcd = await startEtcd();
  proxy = await startCuttingProxy(etcd.ports[0] ?? 0);
  const storage = await openEtcdStorage({ endpoints: etcd.endpoints });
  for (let index = 0; index < MEGABYTES; index++) {
    const put = { type: 'put' as const, key: Buffer.from(`/large/${index}`), value: Buffer.alloc(1_000_000, index) };
    await storage.txn({ compares: [], success: [put] });
  }
  await storage.close();
  store = { KUBE_LITE_DATA_DIR: path.join(folder, 'store') };
  const input = manifests(OBJECTS, 'x'.repeat(3000));
  expect(await run(['create', '-f', '-'], { env: store, input })).toMatchObject({ status: 0 });
  snapshot = path.join(folder, 'whole.db');
  expect(await ours(['etcd', 'snapshot', 'save', snapshot])).toMatchObject({ status: 0 });
  exported = path.join(folder, 'whole.yaml');
  expect(await run(['export', 'configmaps', `--output=${exported}`], { env: store })).toMatchObject({ status: 0 });
});
afterAll(async () => {
  await proxy?.stop();
  await etcd?.stop();
  await program?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const ours = async (argv: readonly string[]): Promise<Ran> =>
  run(argv, { env: { ...store, ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') } });

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** Runs a command until `begun` holds, then sends a signal so much later. */
async function interrupted(
  argv: readonly string[],
  { env, signal, begun, later }: { env: object; signal: NodeJS.Signals; begun: Begun; later: number },
): Promise<Ended> {
  const child = spawn(process.execPath, [program.file, ...argv], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/proc/no-home', ETCDCTL_ENDPOINTS: proxy.endpoint, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let [said, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const deadline = Date.now() + 30_000;
  while (child.exitCode === null && Date.now() < deadline && !(await begun(said))) await sleep(1);
  await sleep(later);
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code, ending] = await closed;
  clearTimeout(timer);
  return { code, signal: ending, errors };
}

type Begun = (said: string) => boolean | Promise<boolean>;

/** Whether something is being written for a name. */
const writing = (place: string) => async (): Promise<boolean> =>
  (await readdir(path.dirname(place))).some((name) => name !== path.basename(place));

const CASES = {
  'etcd snapshot save': {
    argv: (target: string) => ['etcd', 'snapshot', 'save', target],
    isWhole: async (target: string) => (await ours(['etcd', 'snapshot', 'status', target])).status === 0,
  },
  'etcd snapshot restore': {
    argv: (target: string) => ['etcd', 'snapshot', 'restore', snapshot, `--data-dir=${target}`],
    isWhole: async (target: string) =>
      existsSync(path.join(target, 'member', 'wal', '0000000000000000-0000000000000000.wal')),
  },
  'export to a file': {
    argv: (target: string) => ['export', 'configmaps', `--output=${target}`],
    isWhole: async (target: string) => (await readFile(target, 'utf8')) === (await readFile(exported, 'utf8')),
  },
  'export to a folder': {
    argv: (target: string) => ['export', 'configmaps', `--output=${target}/`],
    isWhole: async (target: string) => (await readdir(path.join(target, 'default', 'configmap'))).length === OBJECTS,
  },
};

/** The name says what an export is to be. */
const NAMES: Readonly<Record<string, string>> = { 'export to a file': 'target.yaml' };

describe.each(Object.entries(CASES))('%s', (name, { argv, isWhole }) => {
  it.each(SIGNALS)('ended by %s leaves all or nothing under its name, and can be run again', async (signal) => {
    const figures = new Figures(`${signal} during ${name}`);
    const random = seededRandom(`${signal} ${name}`);
    for (let round = 0; round < inMode({ short: 1, long: 15 }); round++) {
      const place = path.join(folder, `${name}-${signal}-${round}`.replaceAll(' ', '-'));
      await mkdir(place);
      const target = path.join(place, NAMES[name] ?? 'target');
      const later = round === 0 ? 0 : random.below(40);
      const ended = await interrupted(argv(target), { env: store, signal, begun: writing(target), later });
      figures.runs += 1;
      if (existsSync(target)) {
        if (!(await isWhole(target))) figures.lost(`${target} is not whole`);
        figures.count('through before');
        await rm(place, { recursive: true });
        continue;
      }
      figures.faults += 1;
      expect(ended, ended.errors).toMatchObject({ code: null, signal });
      if (signal !== 'SIGKILL') expect(await readdir(place)).toEqual([]);
      if (signal !== 'SIGKILL') expect(ended.errors).toContain(`interrupted`);
      expect(await ours(argv(target))).toMatchObject({ status: 0 });
      if (!(await isWhole(target))) figures.lost(`${target} is not whole when made again`);
      await rm(place, { recursive: true });
    }
    figures.finish();
  });
});

describe('import', () => {
  it.each(SIGNALS)('ended by %s is taken up where it was, and has each object once', async (signal) => {
    const figures = new Figures(`${signal} during import`);
    for (let round = 0; round < inMode({ short: 1, long: 15 }); round++) {
      const prefix = `/import-${signal}-${round}`;
      const env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: prefix };
      const there = async (): Promise<string[]> => {
        const { output } = await run(['get', 'configmaps', '-o=name'], { env });
        return output.split('\n').filter((line) => line.startsWith('configmap/c-'));
      };
      const storage = await openEtcdStorage({ endpoints: etcd.endpoints });
      const key = Buffer.from(`${prefix}/configmaps/`);
      const begun = async (): Promise<boolean> =>
        (await storage.range({ key, rangeEnd: Buffer.from(`${prefix}/configmaps0`), countOnly: true })).count > 20;
      const argv = ['import', exported];
      const ended = await interrupted(argv, { env, signal, begun, later: 0 });
      const before = await there();
      figures.runs += 1;
      figures.count('objects there before', before.length);
      if (ended.code === null) figures.faults += 1;
      if (ended.code === null && signal !== 'SIGKILL') expect(ended.errors).toContain(`interrupted by ${signal}`);
      expect(await run(argv, { env })).toMatchObject({ status: 0 });
      expect(await there()).toHaveLength(OBJECTS);
      const { kvs } = await storage.range({ key, rangeEnd: Buffer.from(`${prefix}/configmaps0`) });
      for (const kv of kvs) if (kv.version !== 1) figures.doubled(kv.key.toString());
      await storage.close();
    }
    figures.finish();
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a snapshot of which no more comes', async (signal) => {
  const place = path.join(folder, `stalled-${signal}`);
  await mkdir(place);
  const target = path.join(place, 'target');
  const begun = async (): Promise<boolean> => {
    if (!(await writing(target)())) return false;
    proxy.loseAnswers();
    return true;
  };
  const argv = [...CASES['etcd snapshot save'].argv(target), '--command-timeout=600s'];
  const ended = await interrupted(argv, { env: store, signal, begun, later: 200 });
  proxy.cut();
  expect(ended, ended.errors).toMatchObject({ code: null, signal });
  expect(await readdir(place)).toEqual([]);
});
