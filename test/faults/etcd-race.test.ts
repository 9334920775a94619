import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { hangingUp } from './run-and-hang-up.ts';
import { startThreeMembers, type ThreeMembers } from './three-members.ts';

/** How many counters are raced for. */
const COUNTERS = 4;

let etcd: ThreeMembers;
const { run, stop } = hangingUp();
beforeAll(async () => {
  etcd = await startThreeMembers();
});
afterAll(async () => {
  stop();
  await etcd.stop();
});

/** A machine that is busy with other tests; if it was sent all the same, the counter shows it. */
const NOT_SENT = /cannot reach etcd: .*no connection in time/;

const keyOf = (counter: number): string => `/registry/configmaps/default/n-${counter}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Stored {
  readonly text: string;
  readonly revision: string;
  readonly version: number;
}

/** Through etcd's JSON gateway: no client of ours. */
async function read(counter: number): Promise<Stored> {
  const response = await fetch(`${etcd.endpoints[0]}/v3/kv/range`, {
    method: 'POST',
    body: JSON.stringify({ key: base64(keyOf(counter)) }),
  });
  const { kvs } = (await response.json()) as { kvs: { value: string; mod_revision: string; version: string }[] };
  const [kv] = kvs;
  if (kv === undefined) throw new Error(`${keyOf(counter)} is gone`);
  return { text: Buffer.from(kv.value, 'base64').toString(), revision: kv.mod_revision, version: Number(kv.version) };
}

const raised = (text: string): string => text.replace(/"n":"(\d+)"/, (_, n: string) => `"n":"${Number(n) + 1}"`);

/** Each raises a counter by one unless somebody else was faster, and tells whether it did. */
const WRITERS = {
  async 'kube-lite'(counter: number): Promise<boolean> {
    const env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') };
    const got = await run(['get', 'configmap', `n-${counter}`, '-o=json'], { env });
    if (NOT_SENT.test(got.errors)) return false;
    expect(got).toMatchObject({ status: 0, errors: '' });
    const object = JSON.parse(got.output) as { data: { n: string } };
    object.data.n = String(Number(object.data.n) + 1);
    const { status, errors } = await run(['replace', '-f', '-'], { env, input: JSON.stringify(object) });
    if (NOT_SENT.test(errors)) return false;
    if (status !== 0) expect(errors).toContain('the object has been modified');
    return status === 0;
  },
  async 'raw transactions'(counter: number): Promise<boolean> {
    const { text, revision } = await read(counter);
    const key = base64(keyOf(counter));
    const response = await fetch(`${etcd.endpoints[1]}/v3/kv/txn`, {
      method: 'POST',
      body: JSON.stringify({
        compare: [{ key, target: 'MOD', result: 'EQUAL', mod_revision: revision }],
        success: [{ request_put: { key, value: base64(raised(text)) } }],
      }),
    });
    return ((await response.json()) as { succeeded?: boolean }).succeeded === true;
  },
  async 'etcdctl txn'(counter: number): Promise<boolean> {
    const { text, revision } = await read(counter);
    const key = keyOf(counter);
    const input = `mod("${key}") = "${revision}"\n\nput ${key} ${JSON.stringify(raised(text))}\n\n\n`;
    const child = spawn('etcdctl', ['txn', `--endpoints=${etcd.endpoints[2]}`], {
      env: { ...process.env, ETCDCTL_API: '3' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (output += part));
    child.stdin.end(input);
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
    if (!/^(SUCCESS|FAILURE)/.test(output)) throw new Error(`etcdctl txn: ${output}`);
    return output.startsWith('SUCCESS');
  },
};

it(
  'a race of kube-lite, etcdctl txn and raw transactions for counters loses no write',
  { timeout: 1_200_000 },
  async () => {
    const figures = new Figures('race on etcd');
    const writes = inMode({ short: 160, long: 10_000 });
    const object = (counter: number): string =>
      JSON.stringify({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: `n-${counter}`,
          namespace: 'default',
          uid: `u-${counter}`,
          creationTimestamp: '2026-11-24T00:00:00Z',
        },
        data: { n: '0' },
      });
    for (let counter = 0; counter < COUNTERS; counter++) {
      const body = JSON.stringify({ key: base64(keyOf(counter)), value: base64(object(counter)) });
      expect((await fetch(`${etcd.endpoints[0]}/v3/kv/put`, { method: 'POST', body })).status).toBe(200);
    }
    const acknowledged = Array.from({ length: COUNTERS }, () => 0);
    // Half of the writes are ours, whoever is faster.
    const left: Record<string, number> = {
      'kube-lite': writes / 2,
      'raw transactions': writes / 4,
      'etcdctl txn': writes / 4,
    };
    const work = async (name: keyof typeof WRITERS, first: number): Promise<void> => {
      for (let turn = first; (left[name] ?? 0) > 0; turn++) {
        const counter = turn % COUNTERS;
        const done = await WRITERS[name](counter);
        if (!done) {
          figures.count('beaten');
          continue;
        }
        left[name] = (left[name] ?? 0) - 1;
        figures.count(name);
        acknowledged[counter] = (acknowledged[counter] ?? 0) + 1;
      }
    };
    await Promise.all([
      work('kube-lite', 0),
      work('kube-lite', 1),
      work('kube-lite', 2),
      work('raw transactions', 3),
      work('etcdctl txn', 1),
      work('etcdctl txn', 2),
    ]);
    figures.runs = 1;
    expect(acknowledged.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(writes);
    for (const [counter, count] of acknowledged.entries()) {
      const { text, version } = await read(counter);
      const n = Number(/"n":"(\d+)"/.exec(text)?.[1]);
      for (let missing = n; missing < count; missing++) figures.lost(`a write of n-${counter}`);
      for (let more = count; more < n || more < version - 1; more++) figures.doubled(`a write of n-${counter}`);
    }
    figures.finish();
  },
);
