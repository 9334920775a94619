import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { run } from '../commands/run-program.ts';
import { startCuttingProxy } from '../peers/cutting-proxy.ts';
import { ROOT_PASSWORD, startEtcd } from '../peers/etcd-server.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';

/** How long a token lives. */
const LIFE_MS = 1000;

let folder: string;
let jwt: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-tokens-'));
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [own, known] = [path.join(folder, 'own.pem'), path.join(folder, 'known.pem')];
  await writeFile(own, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  await writeFile(known, publicKey.export({ type: 'spki', format: 'pem' }));
  jwt = `jwt,pub-key=${known},priv-key=${own},sign-method=RS256,ttl=${LIFE_MS / 1000}s`;
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

it.each([
  ['simple', () => ['--auth-token-ttl', '1']],
  ['jwt', () => ['--auth-token', jwt]],
] as const)('%s tokens that expire stop neither writes nor a watch that is cut then', async (kind, argsOf) => {
  const figures = new Figures(`${kind} tokens that expire`);
  const etcd = await startEtcd({ auth: true, args: argsOf() });
  const proxy = await startCuttingProxy(etcd.ports[0] ?? 0);
  const login = { username: 'root', password: ROOT_PASSWORD };
  const storage = await openEtcdStorage({ endpoints: [proxy.endpoint], ...login });
  const abort = new AbortController();
  const rounds = inMode({ short: 2, long: 20 });
  const seen: string[] = [];
  try {
    const range = { key: Buffer.from('/token/'), rangeEnd: Buffer.from('/token0') };
    const watching = (async () => {
      for await (const { events } of storage.watch({ ...range, signal: abort.signal })) {
        seen.push(...events.map(({ kv }) => `${kv.key.toString()} ${kv.version}`));
      }
    })();
    for (let round = 0; round < rounds; round++) {
      const key = Buffer.from(`/token/${round}`);
      const compares = [{ key, target: 'version' as const, result: '=' as const, operand: 0 }];
      const write = { compares, success: [{ type: 'put' as const, key, value: Buffer.from('x') }] };
      const { succeeded } = await figures.timed(async () => storage.txn(write));
      if (!succeeded) figures.doubled(key.toString());
      // Longer than a token lives; for simple ones etcd looks only once a second.
      await sleep(kind === 'jwt' ? LIFE_MS * 1.5 : LIFE_MS * 2.5);
      proxy.cut();
      figures.runs += 1;
      figures.faults += 2;
    }
    for (const deadline = Date.now() + 20_000; seen.length < rounds && Date.now() < deadline;) await sleep(20);
    expect(seen).toEqual(Array.from({ length: rounds }, (_, round) => `/token/${round} 1`));
    abort.abort();
    await watching;
    const env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints[0] ?? '', KUBE_LITE_ETCD_USER: 'root' };
    const right = await run(['get', 'configmaps'], { env: { ...env, KUBE_LITE_ETCD_PASSWORD: ROOT_PASSWORD } });
    expect(right).toMatchObject({ status: 0 });
    const wrong = await run(['get', 'configmaps'], { env: { ...env, KUBE_LITE_ETCD_PASSWORD: 'a-wrong-secret' } });
    expect(wrong).toMatchObject({ status: 1, output: '', errors: expect.stringContaining('user name or password') });
    expect(wrong.errors).not.toContain('a-wrong-secret');
  } finally {
    abort.abort();
    await storage.close();
    await proxy.stop();
    await etcd.stop();
  }
  figures.finish();
});
