import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, run } from '../commands/run-program.ts';
import { type CuttingProxy, startCuttingProxy } from '../peers/cutting-proxy.ts';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { type FaultyApiProxy, type PassingRequest, startFaultyApiProxy } from '../peers/faulty-api-proxy.ts';
import { stored } from './bulk.ts';
import { faultMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { type Serving, serveInProcess } from './serve-in-process.ts';

const configMap = (value: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c-0' }, data: { value } });
const REFERENCE = ['configmap', 'c-0'];
const MERGE = '-p={"data":{"value":"after"}}';
const JSON_PATCH =
  '-p=[{"op":"test","path":"/data/value","value":"before"},{"op":"replace","path":"/data/value","value":"after"}]';

interface Case {
  readonly argv: readonly string[];
  readonly input?: string;
  /** Whether there is an object before. */
  readonly on: 'nothing' | 'an object' | 'an applied object';
  /** The value that is there afterwards, in the how manieth version; nothing when it is gone. */
  readonly leaves: readonly [value: string, version: number] | undefined;
  /** What is said when it is known that it was done. */
  readonly done: string;
}

const CASES: Readonly<Record<string, Case>> = {
  create: {
    argv: ['create', '-f', '-'],
    input: configMap('after'),
    on: 'nothing',
    leaves: ['after', 1],
    done: 'configmap/c-0 created\n',
  },
  'apply of something new': {
    argv: ['apply', '-f', '-'],
    input: configMap('after'),
    on: 'nothing',
    leaves: ['after', 1],
    done: 'configmap/c-0 created\n',
  },
  'apply of a change': {
    argv: ['apply', '-f', '-'],
    input: configMap('after'),
    on: 'an applied object',
    leaves: ['after', 2],
    done: 'configmap/c-0 configured\n',
  },
  'server-side apply': {
    argv: ['apply', '--server-side', '-f', '-'],
    input: configMap('after'),
    on: 'nothing',
    leaves: ['after', 1],
    done: 'configmap/c-0 serverside-applied\n',
  },
  patch: {
    argv: ['patch', ...REFERENCE, MERGE],
    on: 'an object',
    leaves: ['after', 2],
    done: 'configmap/c-0 patched\n',
  },
  'JSON patch': {
    argv: ['patch', ...REFERENCE, '--type=json', JSON_PATCH],
    on: 'an object',
    leaves: ['after', 2],
    done: 'configmap/c-0 patched\n',
  },
  replace: {
    argv: ['replace', '-f', '-'],
    input: configMap('after'),
    on: 'an object',
    leaves: ['after', 2],
    done: 'configmap/c-0 replaced\n',
  },
  label: {
    argv: ['label', ...REFERENCE, 'a=b'],
    on: 'an object',
    leaves: ['before', 2],
    done: 'configmap/c-0 labeled\n',
  },
  delete: {
    argv: ['delete', ...REFERENCE],
    on: 'an object',
    leaves: undefined,
    done: 'configmap "c-0" deleted from default namespace\n',
  },
};
const ALL = Object.entries(CASES);
/** What waits until a request's time is over. */
const PATIENT = ALL.filter(([name]) => faultMode === 'long' || ['create', 'patch', 'delete'].includes(name));

let folder: string;
let etcd: EtcdServer;
let rounds = 0;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-lost-'));
  etcd = await startEtcd();
});
afterAll(async () => {
  await etcd.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Whether that is a transaction that puts the object, or (with the bytes that a deletion of a key has in it) deletes it. */
const isWriting = (sent: Buffer): boolean =>
  sent.includes('/configmaps/default/c-0') && (sent.includes('k8s\0') || isDeletion(sent));

/** Field 3 of an operation, a deletion, whose field 1 is a key; each with its length. */
function isDeletion(sent: Buffer): boolean {
  const key = sent.lastIndexOf('/lost-');
  return sent[key - 4] === 0x1a && sent[key - 2] === 0x0a;
}

interface Left {
  readonly value: string;
  /** How often it was written. */
  readonly version: number;
}

/** The object as it is in etcd. */
async function left(prefix: string): Promise<Left | undefined> {
  const found = (await stored(etcd.endpoints, prefix)).find(({ key }) => key.toString().endsWith('/c-0'));
  if (found === undefined) return undefined;
  const text = found.value.toString('latin1');
  return { value: ['before', 'after'].find((value) => text.includes(value)) ?? text, version: found.version };
}

async function prepare(on: Case['on']): Promise<void> {
  if (on === 'nothing') return;
  const verb = on === 'an object' ? 'create' : 'apply';
  expect(await run([verb, '-f', '-'], { env, input: configMap('before') })).toMatchObject({ status: 0 });
}

function compare(name: string, wanted: Case['leaves'], found: Left | undefined, figures: Figures): void {
  if (wanted === undefined) {
    if (found !== undefined) figures.lost(`${name}: it is there`);
    return;
  }
  if (found?.value !== wanted[0]) figures.lost(`${name}: ${found?.value}`);
  else if (found.version !== wanted[1]) figures.doubled(`${name}: version ${found.version}`);
}

describe('on etcd, a command whose answer is lost after the commit', () => {
  let proxy: CuttingProxy;
  let prefix: string;
  beforeEach(async () => {
    proxy = await startCuttingProxy(etcd.ports[0] ?? 0);
    prefix = `/lost-${++rounds}`;
    env = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: prefix };
  });
  afterEach(async () => proxy.stop());

  /** Runs a command, loses what is answered to it once it has written, and then does `afterwards`. */
  async function withLostAnswer(
    { argv, input, on }: Case,
    afterwards: () => Promise<void>,
    flags: readonly string[] = [],
  ): Promise<Ran> {
    await prepare(on);
    const before = JSON.stringify(await left(prefix));
    let lost = false;
    proxy.loseAnswersFrom((sent) => (lost ||= isWriting(sent)));
    const running = run([...argv, ...flags], {
      env: { ...env, KUBE_LITE_ETCD_ENDPOINTS: proxy.endpoint },
      ...(input === undefined ? {} : { input }),
    });
    for (const deadline = Date.now() + 20_000; JSON.stringify(await left(prefix)) === before; await sleep(5)) {
      if (Date.now() > deadline) throw new Error(`nothing was written: ${JSON.stringify(await running)}`);
    }
    expect(lost).toBe(true);
    await afterwards();
    return running;
  }

  it.each(ALL)('%s: it is found out that it was done, and said', async (name, each) => {
    const figures = new Figures(`${name} on etcd, answer lost`);
    const ran = await withLostAnswer(each, async () => proxy.cut());
    expect(ran).toEqual({ status: 0, output: each.done, errors: '' });
    compare(name, each.leaves, await left(prefix), figures);
    figures.runs = 1;
    figures.faults = 1;
    figures.finish();
  });

  it.each(PATIENT)('%s: and then etcd for good: nobody knows, as it says', async (name, each) => {
    const figures = new Figures(`${name} on etcd, answer lost for good`);
    const ran = await withLostAnswer(each, async () => proxy.stop(), ['--request-timeout=2s']);
    expect(ran).toMatchObject({ status: 1, output: '' });
    expect(ran.errors).toContain('may or may not have been done');
    expect(ran.errors).toContain('read the object to see whether it was written before you try again');
    compare(name, each.leaves, await left(prefix), figures);
    figures.runs = 1;
    figures.faults = 1;
    figures.finish();
  });
});

describe('through an API server, a command whose answer is lost after the commit', () => {
  let serving: Serving;
  let proxy: FaultyApiProxy;
  const PREFIX = '/lost-api';
  beforeAll(async () => {
    const store = { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: PREFIX };
    serving = await serveInProcess(store, folder);
  });
  afterAll(async () => {
    await serving.stop();
  });
  beforeEach(async () => {
    env = { KUBECONFIG: serving.kubeconfig };
    proxy = await startFaultyApiProxy(serving.upstream);
    await run(['delete', ...REFERENCE, '--ignore-not-found'], { env });
  });
  afterEach(async () => proxy.stop());
  const isWrite = ({ method, url }: PassingRequest): boolean => method !== 'GET' && url.includes('/configmaps');

  /** With --retry, what would change nothing a second time is sent again; a creation is looked for. Else nobody knows. */
  const AGAIN: Readonly<Record<string, { readonly writes: number; readonly output: string }>> = {
    'apply of something new': { writes: 1, output: 'configmap/c-0 unchanged\n' },
    'apply of a change': { writes: 2, output: 'configmap/c-0 configured\n' },
    'server-side apply': { writes: 2, output: 'configmap/c-0 serverside-applied\n' },
    patch: { writes: 2, output: 'configmap/c-0 patched\n' },
    label: { writes: 2, output: 'configmap/c-0 labeled\n' },
    delete: { writes: 2, output: 'configmap "c-0" deleted from default namespace\n' },
  };

  it.each(ALL.flatMap(([name, each]) => [[], ['--retry=3']].map((flags) => ({ name, flags, each }))))(
    '$name $flags: is done once, and told as done only when that is known',
    async ({ name, flags, each }) => {
      const figures = new Figures(`${[name, ...flags].join(' ')} through serve, answer lost`);
      await prepare(each.on);
      proxy.add({ fault: { type: 'cut-answer' }, times: 1, match: isWrite });
      const { argv, input = '' } = each;
      const ran = await run([...argv, `--server=${proxy.url}`, ...flags], { input });
      const again = flags.length === 0 ? undefined : AGAIN[name];
      // As kubectl says it.
      const unknown = { status: 1, output: '', errors: 'Unable to connect to the server: EOF\n' };
      expect(ran).toEqual(again === undefined ? unknown : { status: 0, output: again.output, errors: '' });
      expect(proxy.requests.filter(isWrite)).toHaveLength(again?.writes ?? 1);
      compare(name, each.leaves, await left(PREFIX), figures);
      figures.runs = 1;
      figures.faults = 1;
      figures.finish();
    },
  );
});
