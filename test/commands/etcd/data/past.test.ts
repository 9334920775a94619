import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeObject } from '../../../../src/model/protobuf/encode-object.ts';
import { openEtcdStorage } from '../../../../src/storage/etcd/open-etcd-storage.ts';
import { type EtcdServer, startEtcd } from '../../../peers/etcd-server.ts';
import { type Ran, run } from '../../run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-past-'));
let server: EtcdServer;
/** Revisions of each kind of store at which something was done: `first`, `second` … */
const marks: Record<string, Record<string, number>> = {};

const PLACES: Record<string, () => string[]> = {
  'a live etcd': () => [`--etcd-endpoints=${server.endpoints.join(',')}`],
  'a snapshot': () => [`--etcd-snapshot=${path.join(folder, 'snapshot.db')}`],
  'the local store': () => [`--data-dir=${path.join(folder, 'local')}`],
};
const places = Object.keys(PLACES);
const at = (place: string): string[] => PLACES[place]?.() ?? [];
const mark = (place: string, name: string): number => marks[place]?.[name] ?? 0;

const STEPS: readonly (readonly [mark: string, command: string])[] = [
  ['created', 'create configmap settings --from-literal=a=1 --from-literal=b=2'],
  ['patched', 'patch configmap settings -p {"data":{"a":"3"}}'],
  ['labelled', 'label configmap settings team=web'],
  ['secret', 'create secret generic hidden --from-literal=password=old-word'],
  ['rotated', 'patch secret hidden -p {"stringData":{"password":"new-word"}}'],
  ['other', 'create configmap other --from-literal=a=1'],
  ['deleted', 'delete configmap settings'],
  ['again', 'create configmap settings --from-literal=new=life'],
  ['gone', 'delete configmap other'],
  ['last', 'create configmap last --from-literal=a=1'],
];

beforeAll(async () => {
  server = await startEtcd();
  for (const place of ['a live etcd', 'the local store']) {
    const found: Record<string, number> = {};
    for (const [name, command] of STEPS) {
      expect(await run([...command.split(' '), ...at(place)])).toMatchObject({ status: 0 });
      found[name] = await newestRevision(place);
    }
    marks[place] = found;
  }
  marks['a snapshot'] = marks['a live etcd'] ?? {};
  const saved = await run(['etcd', 'snapshot', 'save', path.join(folder, 'snapshot.db'), ...at('a live etcd')]);
  expect(saved).toMatchObject({ status: 0 });
}, 60_000);
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function newestRevision(place: string): Promise<number> {
  const { output } = await run(['etcd', 'get', '/registry/', '--prefix', '--limit=1', '-o', 'json', ...at(place)]);
  return (JSON.parse(output) as { revision: number }).revision;
}

const etcd = async (place: string, ...args: string[]): Promise<Ran> => run(['etcd', ...args, ...at(place)]);

interface Line {
  readonly revision: number;
  readonly type: string;
  readonly manager?: string;
  readonly time?: string;
  readonly diff?: string;
}

async function history(place: string, ...args: string[]): Promise<{ lines: Line[]; errors: string; status: number }> {
  const { output, errors, status } = await etcd(place, 'history', ...args, '-o', 'json');
  const lines = output.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as Line), errors, status };
}

describe.each(places)('the past in %s', (place) => {
  it('is told revision by revision, over a deletion, with managers, times and diffs', async () => {
    const { lines, errors, status } = await history(place, 'configmap/settings');
    expect({ errors, status }).toEqual({ errors: '', status: 0 });
    expect(lines.map(({ revision, type, manager }) => [revision, type, manager])).toEqual([
      [mark(place, 'created'), 'created', 'kubectl-create'],
      [mark(place, 'patched'), 'changed', 'kubectl-patch'],
      [mark(place, 'labelled'), 'changed', 'kubectl-label'],
      [mark(place, 'deleted'), 'deleted', undefined],
      [mark(place, 'again'), 'created', 'kubectl-create'],
    ]);
    for (const { type, time } of lines) {
      if (type !== 'deleted') expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
    expect(lines[1]?.diff).toMatch(/^@@ -\d,\d \+\d,\d @@\n(?: .*\n)*-  a: "1"\n\+  a: "3"\n/);
    expect(lines[2]?.diff).toContain('+  labels:\n+    team: web\n');
    expect(lines[3]?.diff).toMatch(/^@@ -1,\d+ \+0,0 @@\n(?:-.*\n)+$/);
    const { output } = await etcd(place, 'history', 'cm/settings', '--diff=false', '--limit=2');
    expect(output).toMatch(
      new RegExp(
        `^revision ${mark(place, 'deleted')}: deleted .*\\nrevision ${mark(place, 'again')}: created \\S+Z by kubectl-create, version 1\\n$`,
      ),
    );
  });

  it('is told of what does not exist any more, by name, by key and by API path', async () => {
    for (const word of [
      'cm/other',
      '/registry/configmaps/default/other',
      '/api/v1/namespaces/default/configmaps/other',
    ]) {
      const { lines } = await history(place, word);
      expect(lines.map(({ revision, type }) => [revision, type])).toEqual([
        [mark(place, 'other'), 'created'],
        [mark(place, 'gone'), 'deleted'],
      ]);
    }
    const never = await history(place, 'cm/never');
    expect(never).toMatchObject({ status: 1, lines: [] });
    expect(never.errors).toMatch(
      /^error: the store has nothing of \/registry\/configmaps\/default\/never up to its revision \d+\n$/,
    );
  });

  it('does not tell secrets unless it is asked to', async () => {
    const masked = await etcd(place, 'history', 'secret/hidden');
    expect(masked.output).toContain("-  password: '*** (before)'\n+  password: '*** (after)'\n");
    const words = [Buffer.from('old-word').toString('base64'), Buffer.from('new-word').toString('base64')];
    for (const word of words) expect(masked.output).not.toContain(word);
    const shown = await etcd(place, 'history', 'secret/hidden', '--show-secrets');
    for (const word of words) expect(shown.output).toContain(word);
    const compared = await etcd(place, 'diff', 'secret/hidden', `--from=${mark(place, 'secret')}`);
    expect(compared.output).toContain("-  password: '*** (before)'\n+  password: '*** (after)'\n");
  });

  it('is read by get at a revision, as a table, as YAML and as lists', async () => {
    const then = async (name: string, ...args: string[]): Promise<Ran> =>
      run(['get', ...args, `--at-revision=${mark(place, name)}`, ...at(place)]);
    const json = await then('patched', 'configmap', 'settings', '-o', 'json');
    expect(JSON.parse(json.output)).toMatchObject({
      data: { a: '3', b: '2' },
      metadata: { name: 'settings', resourceVersion: String(mark(place, 'patched')) },
    });
    expect((await then('other', 'configmaps', '-o', 'name')).output).toBe('configmap/other\nconfigmap/settings\n');
    expect((await then('deleted', 'configmaps', '-o', 'name')).output).toBe('configmap/other\n');
    expect((await then('deleted', 'configmaps')).output).toMatch(/^NAME +DATA +AGE\nother +1 +\d+s\n$/);
    const missing = await then('deleted', 'configmap', 'settings');
    expect(missing).toMatchObject({
      status: 1,
      errors: 'Error from server (NotFound): configmaps "settings" not found\n',
    });
    expect((await then('labelled', 'configmap', '-l', 'team=web', '-o', 'name')).output).toBe('configmap/settings\n');
  });

  it('is read by etcd get and ls at a revision', async () => {
    const args = ['/registry/configmaps/default/settings', `--at-revision=${mark(place, 'created')}`];
    const { output } = await etcd(place, 'get', ...args, '-o', 'json');
    expect((JSON.parse(output) as { kvs: { object: unknown }[] }).kvs[0]?.object).toMatchObject({
      data: { a: '1', b: '2' },
    });
    const names = await etcd(
      place,
      'ls',
      '/registry/configmaps/',
      `--at-revision=${mark(place, 'deleted')}`,
      '-o',
      'name',
    );
    expect(names.output).toBe('/registry/configmaps/default/other\n');
    const both = await etcd(place, 'ls', '--rev=1', '--at-revision=1');
    expect(both).toMatchObject({ status: 1, errors: 'error: --rev and --at-revision are the same; give one\n' });
  });

  it('is compared with another time or now, with the statuses of diff', async () => {
    const [from, to] = [mark(place, 'created'), mark(place, 'labelled')];
    const one = await etcd(place, 'diff', 'cm/settings', `--from=${from}`, `--to=${to}`);
    expect(one).toMatchObject({ status: 1, errors: '' });
    expect(one.output.split('\n').slice(0, 2)).toEqual([
      `--- /registry/configmaps/default/settings\t(revision ${from})`,
      `+++ /registry/configmaps/default/settings\t(revision ${to})`,
    ]);
    expect(one.output).toContain('-  a: "1"\n+  a: "3"\n');
    expect(one.output).not.toContain('managedFields');
    const all = await etcd(place, 'diff', '/registry/configmaps/', `--from=${to}`);
    expect(all.output.match(/^(---|\+\+\+) .*/gm)).toEqual([
      `--- /dev/null\t(no key at revision ${to})`,
      `+++ /registry/configmaps/default/last\t(revision ${mark(place, 'last')})`,
      `--- /registry/configmaps/default/settings\t(revision ${to})`,
      `+++ /registry/configmaps/default/settings\t(revision ${mark(place, 'again')})`,
    ]);
    expect((await etcd(place, 'diff', 'cm', `--from=${to}`)).output).toBe(all.output);
    expect(await etcd(place, 'diff', 'cm/settings', `--from=${to}`, `--to=${to}`)).toEqual({
      status: 0,
      output: '',
      errors: '',
    });
  });

  it('ends where the newest revision is', async () => {
    const newest = place === 'a snapshot' ? mark(place, 'last') : await newestRevision(place);
    const error = `error: revision ${newest + 1000} is yet to come; the newest is ${newest}\n`;
    const flag = `--at-revision=${newest + 1000}`;
    expect(await run(['get', 'cm', flag, ...at(place)])).toEqual({ status: 1, output: '', errors: error });
    expect(await etcd(place, 'ls', flag)).toEqual({ status: 1, output: '', errors: error });
    expect(await etcd(place, 'get', '/registry/x', flag)).toEqual({ status: 1, output: '', errors: error });
    const diff = await etcd(place, 'diff', 'cm', `--from=${newest + 1000}`);
    expect(diff).toEqual({ status: 2, output: '', errors: error });
  });

  it('is counted with what is there now', async () => {
    const { output } = await etcd(place, 'usage', '/registry/configmaps/', '--history');
    const { total } = JSON.parse(output) as { total: Record<string, number> };
    // Created, patched, labelled, deleted, created; other created and deleted; last created.
    expect(total).toMatchObject({ keys: 2, versions: 2, keptRevisions: 8 });
  });
});

describe('what compaction took', () => {
  it('is said by all, and the rest is told', async () => {
    const etcdServer = await startEtcd();
    const local = path.join(folder, 'compacted');
    const settings: [string[], (revision: number) => Promise<void>][] = [
      [
        [`--etcd-endpoints=${etcdServer.endpoints.join(',')}`],
        async (revision) => {
          const storage = await openEtcdStorage({ endpoints: etcdServer.endpoints });
          await storage.compact(revision);
          await storage.close();
        },
      ],
      [
        [`--data-dir=${local}`],
        async (revision) => {
          const { openLocalStorage } = await import('../../../../src/storage/local/open-local-storage.ts');
          const storage = await openLocalStorage(local);
          await storage.compact(revision);
          await storage.close();
        },
      ],
    ];
    try {
      for (const [place, compact] of settings) {
        const revisions: number[] = [];
        for (let index = 0; index < 6; index++) {
          const command = index === 0 ? 'create cm c --from-literal=n=0' : `patch cm c -p {"data":{"n${index}":"x"}}`;
          await run([...command.split(' '), ...place]);
          const { output } = await run(['get', 'cm', 'c', '-o', 'jsonpath={.metadata.resourceVersion}', ...place]);
          revisions.push(Number(output));
        }
        const oldest = revisions[3] ?? 0;
        await compact(oldest);
        const told = await run(['etcd', 'history', 'cm/c', '--diff=false', ...place]);
        expect(told.errors).toBe(
          `The past before revision ${oldest} has been compacted; 3 versions before this one are gone.\n`,
        );
        expect(told.output.match(/^revision \d+: [a-z ]+(?= 2)/gm)).toEqual([
          `revision ${revisions[3]}: last changed`,
          `revision ${revisions[4]}: changed`,
          `revision ${revisions[5]}: changed`,
        ]);
        const error = `error: revision ${revisions[0]} has been compacted; the oldest that is kept is ${oldest}\nA snapshot that was saved before the compaction still has it: read it with --etcd-snapshot.\n`;
        for (const argv of [
          ['get', 'cm'],
          ['etcd', 'ls'],
          ['etcd', 'get', '/registry/configmaps/default/c'],
        ]) {
          expect(await run([...argv, `--at-revision=${revisions[0]}`, ...place])).toEqual({
            status: 1,
            output: '',
            errors: error,
          });
        }
        expect(await run(['etcd', 'diff', 'cm/c', `--from=${revisions[0]}`, ...place])).toEqual({
          status: 2,
          output: '',
          errors: error,
        });
        await run(['delete', 'cm', 'c', ...place]);
        const gone = await run(['etcd', 'history', 'cm/c', '--diff=false', ...place]);
        expect(gone.output.split('\n').filter((line) => line !== '')).toHaveLength(4);
        expect(gone.output).toMatch(/: deleted at an unknown time\n$/);
        const never = await run(['etcd', 'history', 'cm/never', ...place]);
        expect(never.errors).toContain(`; what was before revision ${oldest} has been compacted`);
      }
    } finally {
      await etcdServer.stop();
    }
  }, 60_000);

  it('leaves what was not written since, alone', async () => {
    const etcdServer = await startEtcd();
    try {
      const place = [`--etcd-endpoints=${etcdServer.endpoints.join(',')}`];
      await run(['create', 'cm', 'old', '--from-literal=n=0', ...place]);
      await run(['create', 'cm', 'new', '--from-literal=n=0', ...place]);
      const storage = await openEtcdStorage({ endpoints: etcdServer.endpoints });
      const { revision } = await storage.range({ key: Buffer.from('x') });
      await storage.compact(revision);
      await storage.close();
      const { output, errors } = await run(['etcd', 'history', 'cm/old', '--diff=false', ...place]);
      expect(output).toMatch(/^revision \d+: created .*\n$/);
      expect(errors).toBe(`The past before revision ${revision} has been compacted.\n`);
    } finally {
      await etcdServer.stop();
    }
  });
});

describe('a long history', () => {
  it('is told whole, in order, from etcd', async () => {
    const count = Number(process.env['KUBE_LITE_HISTORY'] ?? 1000);
    const storage = await openEtcdStorage({ endpoints: server.endpoints });
    const key = Buffer.from('/registry/configmaps/default/long');
    const value = (index: number): Buffer =>
      encodeObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'long', namespace: 'default' },
        data: { n: String(index) },
      });
    for (let index = 0; index < count; index += 50) {
      const some = Array.from({ length: Math.min(50, count - index) }, (_, each) => each);
      await Promise.all(
        some.map((each) => storage.txn({ compares: [], success: [{ type: 'put', key, value: value(index + each) }] })),
      );
    }
    await storage.close();
    const start = performance.now();
    const { lines } = await history('a live etcd', '/registry/configmaps/default/long');
    process.stdout.write(`history of ${count} revisions: ${((performance.now() - start) / 1000).toFixed(2)} s\n`);
    expect(lines).toHaveLength(count);
    const revisions = lines.map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(new Set(revisions).size).toBe(count);
    const { lines: last } = await history('a live etcd', '/registry/configmaps/default/long', '--limit=3');
    expect(last).toEqual(lines.slice(-3));
  }, 120_000);
});

describe('bad requests', () => {
  it.each([
    [['get', 'cm', '--at-revision=-1'], 1, '--at-revision must not be negative, got -1'],
    [['get', 'cm', '--at-revision=5', '--watch'], 1, '--at-revision shows the past, which --watch cannot be used with'],
    [
      ['get', 'cm', '--at-revision=5', '--server=http://127.0.0.1:1'],
      1,
      'the past of a store is read from the store itself',
    ],
    [['etcd', 'diff', 'cm/a'], 2, '--from is required'],
    [['etcd', 'diff', 'cm/a', '--from=0'], 2, '--from must be a revision of at least 1, got 0'],
    [['etcd', 'diff', 'cm/a', '--from=1', '--to=then'], 2, '--to must be a revision or now, not "then"'],
    [['etcd', 'history'], 1, 'exactly one KIND/NAME or KEY is required, got 0'],
    [['etcd', 'history', 'nothing/a'], 1, 'the server doesn\'t have a resource type "nothing"'],
    [['etcd', 'history', 'cm/a', '--limit=-2'], 1, '--limit must not be negative, got -2'],
    [['etcd', 'usage', '--top=-2'], 1, '--top must not be negative, got -2'],
    [['etcd', 'usage', '-o', 'wide'], 1, '--output must be table or json, not "wide"'],
  ])('are refused: %j', async (argv, status, message) => {
    const store = argv.some((word) => word.startsWith('--server')) ? [] : [`--data-dir=${path.join(folder, 'bad')}`];
    const ran = await run([...argv, ...store]);
    expect(ran.errors).toContain(message);
    expect(ran).toMatchObject({ status, output: '' });
  });
});
