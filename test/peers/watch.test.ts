import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { type Serving, serveInProcess } from '../faults/serve-in-process.ts';
import { type EtcdServer, startEtcd } from './etcd-server.ts';
import { type FaultyApiProxy, startFaultyApiProxy } from './faulty-api-proxy.ts';
import { kubectlBinary } from './kubectl-binary.ts';

/** A watch that goes on until it is stopped or fails. */
interface Watching {
  readonly output: () => string;
  readonly ended: () => boolean;
  /** What it printed: ages are masked. */
  stop(): Promise<{ output: string; errors: string }>;
}

/** What is asked for behind `get`, on a namespace with the config maps `a` and `b`. */
const WATCHES: readonly (readonly string[])[] = [
  ['cm', '-w'],
  ['cm', '-w', '-o=wide', '--show-kind', '-L=x'],
  ['cm', '-w', '-o=json'],
  ['cm', '-w', '-o=json', '--show-managed-fields'],
  ['cm', '-w', '-o=yaml'],
  ['cm', '-w', '-o=kyaml'],
  ['cm', '-w', '-o=name'],
  ['cm', '-w', '-o=jsonpath={.metadata.name}'],
  ['cm', '-w', '-o=jsonpath-as-json={.metadata.name}'],
  ['cm', '-w', '-o=go-template={{.metadata.name}} '],
  ['cm', '-w', '-o=custom-columns=N:.metadata.name,LONG:.data.text,X:.metadata.labels'],
  ['cm', '-w', '-o=custom-columns=N:.metadata.name,X:.metadata.labels', '--no-headers'],
  ['cm', '-w', '-o=name', '-l=x=1'],
  ['cm/a', '-w', '-o=name'],
  ['cm', 'a', '-w'],
  ['cm', '--watch-only'],
  ['cm', '--watch-only', '-o=json'],
  ['cm/a', '--watch-only', '-o=name'],
  ['cm', '-w', '--output-watch-events'],
  ['cm', '--watch-only', '--output-watch-events', '-o=wide'],
  ['cm', '-w', '--output-watch-events', '-o=json'],
  ['cm', '-w', '--output-watch-events', '-o=yaml'],
  ['cm', '-w', '--output-watch-events', '-o=kyaml'],
  ['cm', '-w', '--output-watch-events', '-o=name'],
  ['cm', '-w', '--output-watch-events', '-o=jsonpath={.type}{.object.metadata.name}'],
  ['cm', '-w', '--output-watch-events', '-o=go-template={{.type}} '],
  ['cm', '-w', '--output-watch-events', '-o=custom-columns=T:.type,N:.object.metadata.name,X:.object.data'],
];
/** The last object that every one of them sees; `cm/a` sees its own last change. */
const LAST = 'zz-last';

let folder: string;
let etcd: EtcdServer;

beforeAll(async () => {
  [folder, etcd] = await Promise.all([mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-')), startEtcd()]);
});
afterAll(async () => {
  await etcd.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['a local store', () => ({ KUBE_LITE_DATA_DIR: path.join(folder, 'store') })],
  ['etcd', () => ({ KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','), KUBE_LITE_ETCD_PREFIX: '/watch' })],
])('a watch of objects in %s', (_name, envOf) => {
  let env: Record<string, string>;
  let serving: Serving;
  let proxy: FaultyApiProxy;
  let namespace = '';
  let namespaces = 0;

  beforeAll(async () => {
    env = envOf();
    serving = await serveInProcess(env, await mkdtemp(path.join(folder, 'serve-')));
  });
  afterAll(async () => {
    await serving.stop();
  });
  beforeEach(async () => {
    proxy = await startFaultyApiProxy(serving.upstream);
    namespace = `n${++namespaces}`;
    await direct(['create', 'namespace', namespace]);
    await direct(['create', 'configmap', 'a', '--from-literal=k=<v>']);
    await direct(['create', 'configmap', 'b', '--from-literal=text=longer than its heading']);
  });
  afterEach(async () => {
    await proxy.stop();
  });

  const direct = async (argv: readonly string[]): Promise<string> => {
    const { status, output, errors } = await run([
      ...argv,
      `--namespace=${namespace}`,
      `--kubeconfig=${serving.kubeconfig}`,
    ]);
    expect({ argv, status, errors }).toEqual({ argv, status: 0, errors: '' });
    return output;
  };
  const kubeLite = (args: readonly string[], flags: readonly string[], setting = {}): Watching => {
    const abort = new AbortController();
    let output = '';
    let ended = false;
    const running = run(['get', ...args, `--namespace=${namespace}`, ...flags], {
      ...setting,
      signal: abort.signal,
      onOutput: (text) => (output += text),
    }).finally(() => (ended = true));
    return {
      output: () => output,
      ended: () => ended,
      stop: async () => {
        abort.abort(new Error('stopped'));
        return { output: masked(output), errors: (await running).errors };
      },
    };
  };
  const kubectl = async (args: readonly string[]): Promise<Watching> => {
    const flags = [`--namespace=${namespace}`, `--server=${proxy.url}`, `--cache-dir=${path.join(folder, 'cache')}`];
    const child = spawn(await kubectlBinary(), ['get', ...args, ...flags], {
      env: { KUBECONFIG: '/dev/null', HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let ended = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const closed = new Promise<void>((resolve) => child.on('close', () => resolve((ended = true) as never)));
    return {
      output: () => output,
      ended: () => ended,
      stop: async () => {
        child.kill('SIGKILL');
        await closed;
        return { output: masked(output), errors: errors.replaceAll(/^[IWE]\d{4} .*\n/gm, '') };
      },
    };
  };
  const throughProxy = (args: readonly string[]): Watching => kubeLite(args, [`--server=${proxy.url}`]);
  const watches = (): number => proxy.requests.filter(({ url }) => url.includes('watch=')).length;

  it('prints what kubectl prints, in every form', async () => {
    const tools = [kubectl, async (args: readonly string[]) => throughProxy(args)];
    const all = WATCHES.flatMap((args) => tools.map((tool) => ({ args, watch: tool(args) })));
    const watching = await Promise.all(all.map(async ({ args, watch }) => ({ args, watch: await watch })));
    await until(() => watches() + watching.filter(({ watch }) => watch.ended()).length >= watching.length);
    // Without a server nobody can be asked whether a watch has begun, but what is there has been printed.
    const local = WATCHES.filter((args) => args.includes('-w')).map((args) => ({
      args,
      watch: kubeLite(args, [], { env }),
    }));
    await until(() =>
      local.every(({ args, watch }) => watch.ended() || watch.output() !== '' || args.includes('-l=x=1')),
    );
    await sleep(200);
    for (const argv of CHANGES) await direct(argv);
    for (const { args, watch } of [...watching, ...local]) {
      await until(() => watch.ended() || isComplete(watch.output(), args));
    }
    await sleep(300);
    const stopped = await Promise.all(
      [...watching, ...local].map(async ({ args, watch }) => ({ args: args.join(' '), ...(await watch.stop()) })),
    );
    for (const one of stopped) expect(one).toEqual(stopped.find(({ args }) => args === one.args));
    expect(stopped.every(({ output, errors }) => output !== '' || errors !== '')).toBe(true);
  });

  it('goes on after a cut and after lost versions, and says nothing twice', async () => {
    const forms = [
      ['-o=name'],
      ['--output-watch-events', '-o=jsonpath={.type} {.object.metadata.name} {.object.data.k}{"\\n"}'],
      [],
    ];
    let away = false;
    const isWatch = ({ url }: { url: string }): boolean => url.includes('watch=');
    const watching = forms.map((flags) => throughProxy(['cm', '-w', ...flags]));
    await until(() => watches() === forms.length);
    await direct(['label', 'configmap', 'a', 'x=1']);
    await until(() => watching.every((each) => each.output().match(/\ba\b/g)?.length === 2));
    away = true;
    proxy.add({ fault: { type: 'cut-request' }, times: 1_000_000, match: (request) => isWatch(request) && away });
    await proxy.restart(0);
    await direct(['patch', 'configmap', 'a', '-p={"data":{"k":"new"}}']);
    await direct(['delete', 'configmap', 'b']);
    await direct(['create', 'configmap', 'c', '--from-literal=k=c']);
    // What each goes on from is not known any more, nor what it looked at afresh.
    proxy.add({ fault: { type: 'answer', status: 410 }, times: 2 * forms.length, match: isWatch });
    away = false;
    await until(() => watching.every((each) => /\bc\b/.test(each.output())));
    await direct(['create', 'configmap', LAST]);
    await until(() => watching.every((each) => each.output().includes(LAST)));
    const [names, events, table] = await Promise.all(watching.map((each) => each.stop()));
    const told = ['a', 'b', 'a', 'b', 'a', 'c', LAST];
    expect(sorted(names?.output ?? '')).toEqual(told.map((name) => `configmap/${name}`).toSorted());
    expect(events?.output.split('\n')).toEqual([
      'ADDED a <v>',
      'ADDED b ',
      'MODIFIED a <v>',
      'DELETED b ',
      'MODIFIED a new',
      'ADDED c c',
      `ADDED ${LAST} `,
      '',
    ]);
    expect(table?.output.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'NAME',
      'a',
      'b',
      'a',
      'b',
      'a',
      'c',
      LAST,
      '',
    ]);
  });
});

/** Each seen by every watch as kubectl sees it. */
const CHANGES: readonly (readonly string[])[] = [
  ['label', 'configmap', 'a', 'x=1'],
  ['create', 'configmap', 'made-with-a-longer-name'],
  ['label', 'configmap', 'a', 'x=2', '--overwrite'],
  ['delete', 'configmap', 'b'],
  ['label', 'configmap', 'a', 'x=1', '--overwrite'],
  ['create', 'configmap', LAST],
  ['label', 'configmap', LAST, 'x=1'],
];

/** Whether the end of the changes is there: the last object twice, or for a template without names, so many events. */
function isComplete(output: string, args: readonly string[]): boolean {
  if (args.some((arg) => /^(cm\/)?a$/.test(arg))) return (output.match(/\ba\b/g)?.length ?? 0) >= 3;
  if (args.some((arg) => arg === '-o=go-template={{.type}} ')) return (output.match(/MODIFIED/g)?.length ?? 0) >= 4;
  return (output.match(/zz-last/g)?.length ?? 0) >= (args.includes('-l=x=1') ? 1 : 2);
}

function masked(output: string): string {
  return output.replaceAll(/(?<= {3})\d+m?\d*s(?=\s)/g, (age) =>
    'AGE'.padEnd(age.length).slice(0, Math.max(age.length, 3)),
  );
}

function sorted(text: string): string[] {
  return text.trimEnd().split('\n').toSorted();
}

/** Resolves when that is so; rejects after a while. */
async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 50_000; !holds(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`that has not come: ${holds.toString()}`);
  }
}
