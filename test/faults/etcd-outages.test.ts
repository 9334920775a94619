import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prefixRange } from '../../src/storage/key-range.ts';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { type Ran, run } from '../commands/run-program.ts';
import { startCuttingProxy } from '../peers/cutting-proxy.ts';
import { createTestAuthority, type TestAuthority } from '../peers/test-authority.ts';
import { ROOT_PASSWORD, startEtcd } from '../peers/etcd-server.ts';
import { manifests, startWatching, stored } from './bulk.ts';
import { Figures } from './figures.ts';
import { startThreeMembers, type ThreeMembers } from './three-members.ts';

const execute = promisify(execFile);

describe('a cluster of three members', () => {
  let etcd: ThreeMembers;
  let env: Record<string, string>;
  beforeAll(async () => {
    etcd = await startThreeMembers();
    env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') };
  });
  afterAll(async () => {
    await etcd.stop();
  });
  const kubeLite = async (...argv: string[]): Promise<Ran> => run(argv, { env });

  it('that loses its quorum refuses in bounded time, and takes up its work when it is back', async () => {
    const figures = new Figures('quorum lost and back');
    const watched = startWatching(env);
    expect(await kubeLite('create', 'configmap', 'before')).toMatchObject({ status: 0 });
    await watched.until(1);
    await Promise.all([etcd.kill(0), etcd.kill(1)]);
    const began = performance.now();
    const [reading, writing] = await Promise.all([
      kubeLite('get', 'configmaps', '--request-timeout=3s'),
      kubeLite('create', 'configmap', 'during', '--request-timeout=3s'),
    ]);
    figures.stall(performance.now() - began);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(reading).toMatchObject({ status: 1, output: '', errors: expect.stringContaining('etcd') });
    expect(writing).toMatchObject({ status: 1, output: '', errors: expect.stringContaining('etcd') });
    await Promise.all([etcd.restart(0), etcd.restart(1)]);
    const back = performance.now();
    expect(await kubeLite('create', 'configmap', 'after')).toMatchObject({ status: 0 });
    figures.note('time to recover', `${Math.round(performance.now() - back)} ms`);
    // What was refused may have been written all the same, as the error says; the others must be there once.
    const versions = new Map((await stored(etcd.endpoints, '/registry')).map((kv) => [kv.key.toString(), kv.version]));
    for (const name of ['before', 'after']) {
      if (versions.get(`/registry/configmaps/default/${name}`) !== 1) figures.lost(name);
    }
    await watched.until(versions.size);
    await watched.stop();
    expect(watched.events.map((event) => event.split(' ')[0])).toEqual(Array.from(versions, () => 'ADDED'));
    figures.runs = 1;
    figures.faults = 2;
    figures.finish();
  });

  it('whose member is replaced by an empty one in the middle of creates has each object once', async () => {
    const figures = new Figures('member replaced');
    const creating = run(['create', '-f', '-'], { env, input: manifests(300, 'x') });
    await sleep(200);
    const victim = ((await etcd.leader()) + 1) % 3;
    await etcd.kill(victim);
    const others = etcd.endpoints.filter((_, index) => index !== victim).join(',');
    await etcd.replace(victim, async ({ name, peerURL }) => {
      const member = async (...argv: string[]): Promise<string> => {
        const options = { env: { ...process.env, ETCDCTL_API: '3' } };
        return (await execute('etcdctl', ['member', ...argv, `--endpoints=${others}`], options)).stdout;
      };
      const id = /^(\w+), \w+, (\S+),/m;
      const row = (await member('list')).split('\n').find((line) => id.exec(line)?.[2] === name);
      await member('remove', row?.split(',')[0] ?? '');
      // etcd takes a new member only when all others have known each other for a while.
      for (const deadline = Date.now() + 20_000; ; await sleep(250)) {
        const added = await member('add', name, `--peer-urls=${peerURL}`).catch((error: unknown) => error);
        if (typeof added === 'string') break;
        if (Date.now() > deadline) throw added;
      }
    });
    expect(await creating).toMatchObject({ status: 0, errors: '' });
    await etcd.settled();
    const kvs = await stored([etcd.endpoints[victim] ?? ''], '/registry');
    const mine = kvs.filter(({ key }) => /\/c-\d+$/.test(key.toString()));
    for (const { key, version } of mine) if (version !== 1) figures.doubled(key.toString());
    expect(mine).toHaveLength(300);
    figures.runs = 1;
    figures.faults = 1;
    figures.finish();
  });
});

it('a full database says what to do, which helps', async () => {
  const etcd = await startEtcd({ quotaBytes: 2_000_000 });
  try {
    const env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') };
    const acknowledged: string[] = [];
    let refused: Ran | undefined;
    for (let index = 0; index < 30 && refused === undefined; index++) {
      const ran = await run(['create', 'configmap', `c-${index}`, `--from-literal=a=${'x'.repeat(300_000)}`], { env });
      if (ran.status === 0) acknowledged.push(`c-${index}`);
      else refused = ran;
    }
    expect(refused?.errors).toContain('database space exceeded');
    expect(refused?.errors).toContain('alarm');
    const { output } = await run(['get', 'configmaps', '-o=name'], { env });
    // Ten and more of them are not listed in the order in which they were made.
    expect(output.trim().split('\n').toSorted()).toEqual(acknowledged.map((name) => `configmap/${name}`).toSorted());
    // Frees what the hint names: old revisions, the space, the alarm. The quota is held against pages that are written, a
    // while after their commit, so that a fast machine gets more than the quota's bytes in: all but three must go.
    expect(await run(['delete', 'configmap', ...acknowledged.slice(3)], { env })).toMatchObject({ status: 0 });
    const { kvs, revision } = await revisionOf(etcd.endpoints);
    expect(kvs).toBe(3);
    const etcdCommands = { ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') };
    for (const argv of [['compact', `${revision}`, '--physical'], ['defrag'], ['alarms', 'disarm']]) {
      expect(await run(['etcd', ...argv], { env: etcdCommands }), argv.join(' ')).toMatchObject({ status: 0 });
    }
    expect(await run(['create', 'configmap', 'again', '--from-literal=a=b'], { env })).toMatchObject({ status: 0 });
  } finally {
    await etcd.stop();
  }
});

it('a token that expires is renewed without a word', async () => {
  const etcd = await startEtcd({ auth: true, args: ['--auth-token-ttl', '1'] });
  const storage = await openEtcdStorage({ endpoints: etcd.endpoints, username: 'root', password: ROOT_PASSWORD });
  try {
    for (let round = 0; round < 2; round++) {
      const key = Buffer.from(`/token/${round}`);
      const compares = [{ key, target: 'version' as const, result: '=' as const, operand: 0 }];
      const result = await storage.txn({ compares, success: [{ type: 'put', key, value: Buffer.from('x') }] });
      expect(result.succeeded).toBe(true);
      // A simple token lives this long after its last use, and is looked for once a second.
      await sleep(2500);
    }
    expect((await storage.range({ key: Buffer.from('/token/0') })).kvs[0]?.version).toBe(1);
  } finally {
    await storage.close();
    await etcd.stop();
  }
});

async function revisionOf(endpoints: readonly string[]): Promise<{ kvs: number; revision: number }> {
  const storage = await openEtcdStorage({ endpoints });
  try {
    const { count, revision } = await storage.range({
      ...prefixRange(Buffer.from('/registry/configmaps/')),
      countOnly: true,
    });
    return { kvs: count, revision };
  } finally {
    await storage.close();
  }
}

it('a server certificate that is rotated is taken by what runs on, one of another authority is refused', async () => {
  const etcd = await startEtcd({ tls: true });
  const files = { ca: etcd.ca ?? '', cert: etcd.cert ?? '', key: etcd.key ?? '' };
  const [proxied] = etcd.ports;
  const proxy = await startCuttingProxy(proxied ?? 0);
  const storage = await openEtcdStorage({
    endpoints: [proxy.endpoint.replace('http:', 'https:')],
    caFile: files.ca,
    certFile: files.cert,
    keyFile: files.key,
    requestTimeoutMs: 3000,
  });
  const folder = dirname(files.ca);
  const rotate = async (authority: TestAuthority): Promise<void> => {
    const { cert, key } = authority.issue('etcd', ['127.0.0.1', 'localhost']);
    await writeFile(join(folder, 'server.key'), key);
    await writeFile(join(folder, 'server.crt'), cert);
    // etcd reads its certificate for each new connection.
    proxy.cut();
  };
  const read = async (): Promise<number> => (await storage.range({ key: Buffer.from('/a') })).kvs.length;
  try {
    await storage.txn({ compares: [], success: [{ type: 'put', key: Buffer.from('/a'), value: Buffer.from('1') }] });
    await rotate(etcd.authority ?? createTestAuthority());
    expect(await read()).toBe(1);
    await rotate(createTestAuthority());
    await expect(read()).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('certificate'),
    });
    await rotate(etcd.authority ?? createTestAuthority());
    expect(await read()).toBe(1);
  } finally {
    await storage.close();
    await proxy.stop();
    await etcd.stop();
  }
});
