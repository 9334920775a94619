import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ran, run, type Setting } from '../commands/run-program.ts';
import {
  type Fault,
  type FaultyApiProxy,
  type PassingRequest,
  startFaultyApiProxy,
} from '../peers/faulty-api-proxy.ts';
import { compareWatched, manifests, startWatching } from './bulk.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { type Serving, serveInProcess } from './serve-in-process.ts';
import { seededRandom } from './seeded-random.ts';

let folder: string;
let serving: Serving;
let proxy: FaultyApiProxy;
let namespaces = 0;
let namespace = '';

// The long mode takes its time.
vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-faults-'));
  serving = await serveInProcess({ KUBE_LITE_DATA_DIR: path.join(folder, 'store') }, folder);
});
afterAll(async () => {
  await serving.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  proxy = await startFaultyApiProxy(serving.upstream);
  namespace = `n${++namespaces}`;
  expect(await direct(['create', 'namespace', namespace])).toMatchObject({ status: 0 });
});
afterEach(async () => {
  await proxy.stop();
});

/** A command through the proxy. */
const kubeLite = async (argv: readonly string[], setting: Setting = {}): Promise<Ran> =>
  run([...argv, `--namespace=${namespace}`, `--server=${proxy.url}`], setting);
/** A command that nothing befalls. */
const direct = async (argv: readonly string[], setting: Setting = {}): Promise<Ran> =>
  run([...argv, `--kubeconfig=${serving.kubeconfig}`], setting);
const names = async (): Promise<string[]> => {
  const { output } = await direct(['get', 'configmaps', '-o=name', `--namespace=${namespace}`]);
  return output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('configmap/c-'));
};
/** Resolves when that is so; rejects after a while. */
const until = async (holds: () => boolean): Promise<void> => {
  for (const deadline = Date.now() + 20_000; !holds(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`that has not come: ${holds.toString()}`);
  }
};
const isPost = ({ method, url }: PassingRequest): boolean => method === 'POST' && url.includes('/configmaps');
const isWatch = ({ url }: PassingRequest): boolean => url.includes('watch=true');
const isAny = ({ url }: PassingRequest): boolean => url.includes('/configmaps');
const posts = (): number => proxy.requests.filter(isPost).length;
const create = async (...flags: string[]): Promise<Ran> => kubeLite(['create', 'configmap', 'c-0', ...flags]);

describe('Retry-After', () => {
  it.each([
    ['a read', ['get', 'configmaps'], isAny],
    ['a creation', ['create', 'configmap', 'c-0'], isPost],
  ])('is waited for by %s that was turned away', async (_name, argv, match) => {
    proxy.add({ fault: { type: 'answer', status: 429, retryAfter: '1' }, times: 1, match });
    expect(await kubeLite(argv)).toMatchObject({ status: 0 });
    const [first, second, ...others] = proxy.requests.filter(match);
    expect(others).toEqual([]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  });

  it('of days is not waited for', async () => {
    for (const [status, argv] of [
      [429, ['get', 'configmaps']],
      [503, ['create', 'configmap', 'c-0']],
    ] as const) {
      proxy.add({ fault: { type: 'answer', status, retryAfter: '99999999' }, times: 9, match: isAny });
      for (const retry of ['0', '3']) {
        const before = proxy.requests.length;
        expect((await kubeLite([...argv, `--retry=${retry}`])).errors).toContain('by the proxy');
        expect(proxy.requests.slice(before).filter(isAny)).toHaveLength(1);
      }
      proxy.add({ fault: { type: 'delay', milliseconds: 0 }, times: 0, match: isAny });
      await proxy.stop();
      proxy = await startFaultyApiProxy(serving.upstream);
    }
    expect(await names()).toEqual([]);
  });
});

describe('a creation whose answer is lost', () => {
  it.each([
    ['an error that asks to try again', { type: 'answer', status: 503, retryAfter: '0', done: true }, []],
    [
      'an error that asks to try again, with --retry',
      { type: 'answer', status: 503, retryAfter: '0', done: true },
      ['--retry=5'],
    ],
    ['an error, with --retry', { type: 'answer', status: 500, done: true }, ['--retry=5']],
    ['a cut, with --retry', { type: 'cut-answer' }, ['--retry=5']],
    ['a cut within the answer, with --retry', { type: 'cut-within', after: 10 }, ['--retry=5']],
    ['garbage, with --retry', { type: 'corrupt', after: 0 }, ['--retry=5']],
  ] as const)('in %s is not sent again once it was done', async (_name, fault, flags) => {
    proxy.add({ fault, times: 1, match: isPost });
    expect(await create(...flags)).toMatchObject({ status: 1, output: '' });
    expect(posts()).toBe(1);
    expect(await names()).toEqual(['configmap/c-0']);
  });

  it.each([
    ['an error that asks to try again', { type: 'answer', status: 503, retryAfter: '0' }, []],
    ['an error, with --retry', { type: 'answer', status: 500 }, ['--retry=5']],
    ['a cut, with --retry', { type: 'cut-request' }, ['--retry=5']],
  ] as const)('in %s is looked for, and sent again when it was not done', async (_name, fault, flags) => {
    proxy.add({ fault, times: 1, match: isPost });
    expect(await create(...flags)).toMatchObject({ status: 0, output: 'configmap/c-0 created\n', errors: '' });
    expect(proxy.requests.filter(isAny).map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  it('says so when another one took the name in the meantime', async () => {
    proxy.add({ fault: { type: 'cut-request' }, times: 1, match: isPost });
    // Between the look and the second attempt.
    proxy.add({ fault: { type: 'delay', milliseconds: 400 }, times: 1, match: isPost });
    const creating = create('--retry=5');
    await until(() => posts() >= 2);
    await direct(['create', 'configmap', 'c-0', `--namespace=${namespace}`]);
    const { status, errors } = await creating;
    expect(status).toBe(1);
    expect(errors).toContain('already exists (the answer to an earlier attempt was lost, which may have created it)');
  });

  it('without a name of its own is not sent again', async () => {
    proxy.add({ fault: { type: 'answer', status: 503, retryAfter: '0' }, times: 1, match: isPost });
    const input = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"c-"}}';
    expect(await kubeLite(['create', '-f', '-', '--retry=5'], { input })).toMatchObject({ status: 1 });
    expect(posts()).toBe(1);
  });
});

it('a deletion, a replacement or a JSON patch that may have been done is not sent again', async () => {
  await direct(['create', 'configmap', 'c-0', `--namespace=${namespace}`]);
  const input = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c-0"},"data":{"a":"b"}}';
  for (const argv of [
    ['patch', 'configmap', 'c-0', '--type=json', '-p=[{"op":"add","path":"/data","value":{}}]'],
    ['replace', '-f', '-'],
    ['delete', 'configmap', 'c-0'],
  ]) {
    const before = proxy.requests.length;
    const writes = ({ method }: PassingRequest): boolean => !['GET', 'POST'].includes(method);
    proxy.add({ fault: { type: 'answer', status: 504, retryAfter: '0', done: true }, times: 1, match: writes });
    expect(await kubeLite(argv, { input }), argv[0]).toMatchObject({ status: 1 });
    expect(proxy.requests.slice(before).filter(writes), argv[0]).toHaveLength(1);
  }
  expect(await names()).toEqual([]);
});

describe('bulk work through a bad network', () => {
  const FAULTS: readonly Fault[] = [
    { type: 'cut-request' },
    { type: 'cut-answer' },
    { type: 'cut-within', after: 40 },
    { type: 'delay', milliseconds: 60 },
    { type: 'duplicate' },
    { type: 'corrupt', after: 0 },
    { type: 'answer', status: 429, retryAfter: '0' },
    { type: 'answer', status: 500 },
    { type: 'answer', status: 503, retryAfter: '0' },
    { type: 'answer', status: 503, done: true },
    { type: 'answer', status: 504, retryAfter: '0', done: true },
  ];

  it.each([
    ['create', ['create', '-f', '-', '--if-exists=skip', '--retry=5'], 'ADDED'],
    ['apply', ['apply', '-f', '-', '--retry=5'], 'ADDED'],
    ['delete', ['delete', '-f', '-', '--ignore-not-found', '--retry=5'], 'DELETED'],
  ] as const)('%s says what it did, and run again does the rest, once', async (verb, argv, type) => {
    const figures = new Figures(`bad network, ${verb}`);
    const count = inMode({ short: 80, long: 1000 });
    const input = manifests(count, 'x');
    if (verb === 'delete') await direct(['create', '-f', '-', `--namespace=${namespace}`], { input });
    // Tells that the watch has begun: what it lists is in the order of the names, not of the changes.
    await direct(['create', 'configmap', 'begun', `--namespace=${namespace}`]);
    const watched = startWatching({ KUBECONFIG: serving.kubeconfig }, [`--namespace=${namespace}`]);
    const present = (verb === 'delete' ? count : 0) + 1;
    await watched.until(present);
    const random = seededRandom(`bad network ${verb}`);
    for (let each = 0; each < count / 5; each++) {
      const when = random.next();
      proxy.add({ fault: random.pick(FAULTS), times: 1, match: (request) => isAny(request) && random.next() > when });
    }
    const told = new Set<string>();
    for (let runs = 0; runs < 60; runs++) {
      const { status, output } = await kubeLite(argv, { input });
      figures.runs += 1;
      for (const line of output.split('\n')) {
        const name = /^configmap(?:\/| ")(c-\d+)"? (created|deleted)/.exec(line)?.[1];
        if (name === undefined) continue;
        if (told.has(name)) figures.doubled(line);
        told.add(name);
      }
      if (status === 0) break;
    }
    figures.faults = proxy.faults;
    figures.count('told', told.size);
    await watched.until(present + count);
    await watched.stop();
    expect(watched.events).toHaveLength(present + count);
    compareWatched({ events: watched.events.slice(present), type, count }, figures);
    expect(await names()).toHaveLength(verb === 'delete' ? 0 : count);
    figures.finish();
  });
});

describe('a watch through a bad network', () => {
  const throughProxy = async (what: string, faults: readonly Fault[]): Promise<void> => {
    const figures = new Figures(`watch, ${what}`);
    const count = inMode({ short: 120, long: 2000 });
    for (const fault of faults) proxy.add({ fault, times: 1, match: isWatch });
    const watched = startWatching({}, [`--namespace=${namespace}`, `--server=${proxy.url}`]);
    await until(() => proxy.requests.some(isWatch));
    const writing = direct(['create', '-f', '-', '--concurrency=2', `--namespace=${namespace}`], {
      input: manifests(count, 'x'),
    });
    const began = performance.now();
    if (faults.length === 0) await proxy.restart(700);
    await writing;
    await watched.until(count);
    await watched.stop();
    figures.runs = 1;
    figures.faults = proxy.faults;
    figures.stall(watched.longestGap(began));
    compareWatched({ events: watched.events, type: 'ADDED', count }, figures);
    expect(watched.events).toHaveLength(count);
    figures.finish();
  };

  it('goes on where it was cut, whatever stands in the way of that', async () => {
    await throughProxy('cuts and refusals', [
      { type: 'cut-within', after: 7 },
      { type: 'cut-within', after: 0 },
      { type: 'answer', status: 503 },
      { type: 'cut-request' },
      { type: 'cut-within', after: 30 },
      { type: 'answer', status: 429 },
      { type: 'answer', status: 500 },
      { type: 'corrupt', after: 5 },
    ]);
  });

  it('goes on when the server comes back', async () => {
    await throughProxy('server away', []);
  });

  it('looks afresh when what it missed is no longer known', async () => {
    await throughProxy('lost versions', [
      { type: 'answer', status: 410 },
      { type: 'cut-within', after: 9 },
      { type: 'answer', status: 410 },
      { type: 'cut-within', after: 20 },
      { type: 'answer', status: 410 },
      { type: 'answer', status: 410 },
    ]);
  });

  it('is followed by wait through cuts, refusals and lost versions', async () => {
    await direct(['create', 'configmap', 'c-0', `--namespace=${namespace}`]);
    const faults: Fault[] = [{ type: 'cut-request' }, { type: 'answer', status: 503 }, { type: 'answer', status: 410 }];
    for (const fault of faults) proxy.add({ fault, times: 1, match: isWatch });
    // The look that follows the lost version fails as well.
    const isLaterList = (request: PassingRequest): boolean => proxy.faults >= faults.length && !isWatch(request);
    proxy.add({ fault: { type: 'answer', status: 503 }, times: 1, match: isLaterList });
    proxy.add({ fault: { type: 'cut-request' }, times: 1, match: isLaterList });
    const waiting = kubeLite(['wait', 'configmap/c-0', '--for=jsonpath={.data.a}=b', '--timeout=30s']);
    await until(() => proxy.faults >= 5);
    await direct(['patch', 'configmap', 'c-0', '-p={"data":{"a":"b"}}', `--namespace=${namespace}`]);
    expect(await waiting).toMatchObject({ status: 0, output: 'configmap/c-0 condition met\n' });
  });

  it('is waited for by delete, which has deleted already', async () => {
    await direct(['create', '-f', '-', `--namespace=${namespace}`], {
      input:
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c-0","finalizers":["example.com/held"]},"data":{}}',
    });
    proxy.add({ fault: { type: 'answer', status: 503 }, times: 1, match: isWatch });
    proxy.add({
      fault: { type: 'cut-request' },
      times: 1,
      match: ({ method, url }) => method === 'GET' && url.includes('/c-0'),
    });
    const deleting = kubeLite(['delete', 'configmap', 'c-0', '--timeout=30s']);
    await until(() => proxy.faults >= 2);
    await direct([
      'patch',
      'configmap',
      'c-0',
      '-p={"metadata":{"finalizers":null}}',
      '--type=merge',
      `--namespace=${namespace}`,
    ]);
    expect(await deleting).toMatchObject({ status: 0 });
  });
});

describe('an interrupt in the middle of many', () => {
  const COUNT = 100;

  it.each([
    ['create', ['create', '-f', '-'], ['create', '-f', '-', '--if-exists=skip']],
    ['apply', ['apply', '-f', '-'], ['apply', '-f', '-']],
    ['delete', ['delete', '-f', '-'], ['delete', '-f', '-', '--ignore-not-found']],
  ] as const)('of %s leaves nothing that was not told, and it can be run again', async (verb, argv, again) => {
    const input = manifests(COUNT, 'x');
    if (verb === 'delete') await direct(['create', '-f', '-', `--namespace=${namespace}`], { input });
    const writes = ({ method, url }: PassingRequest): boolean => isAny({ method, url }) && method !== 'GET';
    proxy.add({ fault: { type: 'delay', milliseconds: 30 }, times: COUNT, match: writes });
    const abort = new AbortController();
    let lines = 0;
    const { status, output, errors } = await kubeLite(argv, {
      input,
      signal: abort.signal,
      onOutput(text) {
        lines += text.split('\n').length - 1;
        if (lines >= 40) abort.abort(new Error('interrupted by SIGINT'));
      },
    });
    const told = output.trim().split('\n').length;
    expect(status).toBe(1);
    expect(errors).toBe(`error: interrupted by SIGINT: ${told} objects were finished, the others were not begun\n`);
    expect(told).toBeLessThan(COUNT);
    expect(await names()).toHaveLength(verb === 'delete' ? COUNT - told : told);
    expect(await kubeLite(again, { input })).toMatchObject({ status: 0 });
    expect(await names()).toHaveLength(verb === 'delete' ? 0 : COUNT);
  });

  it('does not wait for ever for an answer, and says which is missing', async () => {
    proxy.add({ fault: { type: 'delay', milliseconds: 60_000 }, times: 1, match: isPost });
    const abort = new AbortController();
    const creating = kubeLite(['create', '-f', '-'], { input: manifests(3, 'x'), signal: abort.signal });
    await until(() => posts() >= 3);
    const began = performance.now();
    abort.abort(new Error('interrupted by SIGINT'));
    const { status, output, errors } = await creating;
    expect(performance.now() - began).toBeLessThan(15_000);
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringMatching(/^(configmap\/c-\d created\n){2}$/),
    });
    expect(errors).toContain('interrupted while the server had not answered: it may or may not have been done');
  });

  it('names the objects of which a lost connection leaves nobody knowing', async () => {
    proxy.add({ fault: { type: 'cut-answer' }, times: 1, match: (request) => isPost(request) && posts() === 2 });
    const argv = ['create', '-f', '-', '--concurrency=1'];
    expect(await kubeLite(argv, { input: manifests(3, 'x') })).toEqual({
      status: 1,
      output: 'configmap/c-0 created\n',
      errors: `Unable to connect to the server: EOF; no answer came for configmaps/${namespace}/c-1: what was asked may or may not have been done\n`,
    });
  });
});
