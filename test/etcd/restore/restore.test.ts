import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EtcdDatabase } from '../../../src/etcd/database/etcd-database.ts';
import { type Ran, run } from '../../commands/run-program.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { etcdctl, etcdctlGet } from '../database/etcdctl.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-restore-'));
const snapshot = path.join(folder, 'snapshot.db');
const kubectl = (...argv: string[]): Promise<Ran> => run(argv);
const inFolder = (name: string): string => path.join(folder, name);
const RESTORE = ['etcd', 'snapshot', 'restore', snapshot];

/** What was in the etcd of which the snapshot is. */
let revision = 0;
let keys: unknown[] = [];

beforeAll(async () => {
  const server = await startEtcd();
  try {
    const endpoint = server.endpoints[0] ?? '';
    const etcd = `--etcd-endpoints=${endpoint}`;
    expect(await kubectl(etcd, 'create', 'configmap', 'kept', '--from-literal=a=b')).toMatchObject({ status: 0 });
    expect(await kubectl(etcd, 'create', 'configmap', 'gone', '--from-literal=a=b')).toMatchObject({ status: 0 });
    expect(await kubectl(etcd, 'label', 'configmap', 'kept', 'x=y')).toMatchObject({ status: 0 });
    expect(await kubectl(etcd, 'delete', 'configmap', 'gone')).toMatchObject({ status: 0 });
    await etcdctl(endpoint, 'put', '/large', 'l'.repeat(50_000));
    for (let index = 0; index < 30; index++) await etcdctl(endpoint, 'put', `/n/${index}`, String(index));
    await etcdctl(endpoint, 'snapshot', 'save', snapshot);
    keys = await etcdctlGet(endpoint, '', '--from-key');
    const status = JSON.parse(await etcdctl(endpoint, 'endpoint', 'status', '-w', 'json')) as {
      Status: { header: { revision: number } };
    }[];
    revision = status[0]?.Status.header.revision ?? 0;
  } finally {
    await server.stop();
  }
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The names in the folder, to see that nothing is left behind. */
function names(): string[] {
  return fs.readdirSync(folder).toSorted();
}

async function onRestored(
  members: number,
  flags: (cluster: string) => string[],
  body: (server: EtcdServer) => Promise<void>,
): Promise<void> {
  const server = await startEtcd({
    members,
    prepare: async (places) => {
      const cluster = places.map(({ name, peerURL }) => `${name}=${peerURL}`).join(',');
      const dataDir = path.join(path.dirname(places[0]?.dataDir ?? ''), '{name}');
      const ran = await kubectl(...RESTORE, `--initial-cluster=${cluster}`, `--data-dir=${dataDir}`, ...flags(cluster));
      expect(ran).toMatchObject({ status: 0, errors: '' });
    },
  });
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

describe('etcd snapshot restore', () => {
  it('makes what etcdctl makes: the same log and raft snapshot, and the same entries', async () => {
    const flags = [
      '--name=b',
      '--initial-cluster=a=http://127.0.0.1:1,b=http://127.0.0.1:2',
      '--initial-cluster-token=t',
      '--initial-advertise-peer-urls=http://127.0.0.1:2',
    ];
    const theirs = inFolder('theirs');
    await etcdctl('', 'snapshot', 'restore', snapshot, `--data-dir=${theirs}`, ...flags);
    const ours = inFolder('ours');
    expect(await kubectl(...RESTORE, `--data-dir=${ours}`, ...flags)).toEqual({
      status: 0,
      output: `Restored member b at revision ${revision} in ${ours}\n`,
      errors: '',
    });
    const log = 'member/wal/0000000000000000-0000000000000000.wal';
    const [ourLog, theirLog] = [ours, theirs].map((each) => fs.readFileSync(path.join(each, log)));
    // The last record alone differs: it names the voters too, for etcd 3.5 and newer.
    const lastRecord = (theirLog?.lastIndexOf(Buffer.from('1a0408021001', 'hex')) ?? 0) - 16;
    expect(lastRecord).toBeGreaterThan(300);
    expect(ourLog?.length).toBe(theirLog?.length);
    expect(ourLog?.subarray(0, lastRecord).equals(theirLog?.subarray(0, lastRecord) ?? Buffer.alloc(0))).toBe(true);
    const raft = 'member/snap/0000000000000001-0000000000000002.snap';
    const store = (each: string): unknown => {
      const bytes = fs.readFileSync(path.join(each, raft)).toString('latin1');
      const parsed = JSON.parse(bytes.slice(bytes.indexOf('{'), bytes.lastIndexOf('}') + 1)) as { Root: unknown };
      return Object.keys(parsed);
    };
    expect(store(ours)).toEqual(store(theirs));
    const entries = async (each: string): Promise<unknown[]> => {
      const database = await EtcdDatabase.open(each);
      const all = [];
      for await (const change of database.changes({ key: Buffer.of(0), rangeEnd: Buffer.of(0) })) all.push(change);
      database.close();
      return all;
    };
    expect(await entries(ours)).toEqual(await entries(theirs));
    const checked = JSON.parse(
      await etcdctl('', 'snapshot', 'status', path.join(ours, 'member/snap/db'), '-w', 'json'),
    ) as object;
    expect(checked).toMatchObject({ revision });
    for (const each of [ours, theirs]) fs.rmSync(each, { recursive: true });
  });

  it('of one member is what etcd starts on, with all keys and the old revisions', async () => {
    const flags = (cluster: string): string[] => ['--name=m0', `--initial-advertise-peer-urls=${cluster.slice(3)}`];
    await onRestored(1, flags, async ({ endpoints: [endpoint = ''] }) => {
      expect(await etcdctlGet(endpoint, '', '--from-key')).toEqual(keys);
      expect(await etcdctlGet(endpoint, '/large', `--rev=${revision - 1}`)).toHaveLength(1);
      await etcdctl(endpoint, 'put', '/after', '1');
      expect(await etcdctlGet(endpoint, '/after')).toMatchObject([{ mod_revision: revision + 1 }]);
    });
  });

  it('of three members at once, with the revision raised, is a cluster in which the past is compacted', async () => {
    const flags = (): string[] => ['--all', '--bump-revision=1000000', '--mark-compacted'];
    await onRestored(3, flags, async ({ endpoints }) => {
      for (const endpoint of endpoints) expect(await etcdctlGet(endpoint, '', '--from-key')).toEqual(keys);
      await etcdctl(endpoints[0] ?? '', 'put', '/after', '1');
      expect(await etcdctlGet(endpoints[2] ?? '', '/after')).toMatchObject([{ mod_revision: revision + 1_000_001 }]);
      await expect(etcdctl(endpoints[1] ?? '', 'get', '/after', `--rev=${revision}`)).rejects.toThrow(
        /has been compacted/,
      );
      const got = await kubectl(`--etcd-endpoints=${endpoints.join(',')}`, 'get', 'configmaps', '-o', 'name');
      expect(got).toEqual({ status: 0, output: 'configmap/kept\n', errors: '' });
      const members = JSON.parse(await etcdctl(endpoints[0] ?? '', 'member', 'list', '-w', 'json')) as {
        members: unknown[];
      };
      expect(members.members).toHaveLength(3);
      const again = path.join(folder, 'again.db');
      await etcdctl(endpoints[1] ?? '', 'snapshot', 'save', again);
      const read = await kubectl(`--etcd-snapshot=${again}`, 'get', 'configmaps', '-o', 'name');
      expect(read).toEqual({ status: 0, output: 'configmap/kept\n', errors: '' });
      fs.rmSync(again);
    });
  });

  it('never writes over what is there, and leaves nothing behind when it fails', async () => {
    const target = inFolder('existing');
    fs.mkdirSync(target);
    fs.writeFileSync(path.join(target, 'file'), 'kept');
    const before = names();
    const failing: [string[], RegExp][] = [
      [[snapshot, `--data-dir=${target}`], /^error: data-dir ".*existing" exists\n/],
      [[snapshot, `--data-dir=${inFolder('new')}`, `--wal-dir=${target}`], /^error: wal-dir ".*existing" exists\n/],
      [[snapshot, '--name=x', `--data-dir=${inFolder('new')}`], /couldn't find local name "x" in the initial cluster/],
      [[snapshot, '--initial-cluster=default=http://a:1/path'], /--initial-cluster: URL must not contain a path/],
      [[snapshot, '--initial-cluster=default=ftp://a:1'], /URL scheme must be http, https, unix, or unixs: ftp:/],
      [[snapshot, '--initial-cluster=default=http://a'], /URL address does not have the form "host:port": http:\/\/a/],
      [[snapshot, '--initial-cluster=http://a:1'], /is not of the form name=url/],
      [[snapshot, '--initial-cluster='], /--initial-cluster names no member/],
      [[snapshot, '--initial-cluster=a=http://a:1,b=http://a:1', '--all'], /has duplicate url http:\/\/a:1/],
      [
        [snapshot, '--initial-cluster=a=http://a:1,b=http://b:1', '--all', `--data-dir=${inFolder('new')}`],
        /put \{name\} into it/,
      ],
      [[snapshot, '--all', '--name=a'], /--name is about one member/],
      [
        [snapshot, '--initial-cluster=default=http://a:1'],
        /has default at http:\/\/a:1 but --initial-advertise-peer-urls is http:\/\/localhost:2380/,
      ],
      [[snapshot, '--bump-revision=5'], /--bump-revision and --mark-compacted go together/],
      [[snapshot, '--bump-revision=-1', '--mark-compacted'], /--bump-revision must be a number of revisions, not "-1"/],
      [[snapshot, '--mark-compacted'], /--bump-revision and --mark-compacted go together/],
      [
        [snapshot, '--bump-revision=9007199254740991', '--mark-compacted', `--data-dir=${inFolder('new')}`],
        /beyond what is counted exactly/,
      ],
      [['/nonexistent'], /there is no such file or directory/],
      [[], /snapshot restore requires exactly one argument/],
    ];
    for (const [args, problem] of failing) {
      const ran = await kubectl('etcd', 'snapshot', 'restore', ...args);
      expect(ran.errors).toMatch(problem);
      expect(ran).toMatchObject({ status: 1, output: '' });
    }
    expect(names()).toEqual(before);
    expect(fs.readdirSync(target)).toEqual(['file']);
    fs.rmSync(target, { recursive: true });
  });

  it('refuses a file without a hash or with a damaged one, unless it is told to', async () => {
    const original = fs.readFileSync(snapshot);
    const bare = inFolder('bare.db');
    fs.writeFileSync(bare, original.subarray(0, -32));
    const damaged = inFolder('damaged.db');
    fs.writeFileSync(damaged, Buffer.concat([original.subarray(0, -1), Buffer.of((original.at(-1) ?? 0) ^ 1)]));
    const torn = inFolder('torn.db');
    const broken = Buffer.from(original);
    for (let page = 3; page * 4096 < broken.length - 32; page++) broken.writeUInt16LE(0x77, page * 4096 + 8);
    fs.writeFileSync(torn, broken);
    const target = inFolder('new');
    const before = names();
    for (const [file, problem] of [
      [bare, /snapshot missing hash but --skip-hash-check=false/],
      [damaged, /expected sha256/],
    ] as const) {
      expect((await kubectl('etcd', 'snapshot', 'restore', file, `--data-dir=${target}`)).errors).toMatch(problem);
      expect(names()).toEqual(before);
      const ran = await kubectl('etcd', 'snapshot', 'restore', file, `--data-dir=${target}`, '--skip-hash-check');
      expect(ran).toMatchObject({ status: 0 });
      fs.rmSync(target, { recursive: true });
    }
    const ran = await kubectl('etcd', 'snapshot', 'restore', torn, `--data-dir=${target}`, '--skip-hash-check');
    expect(ran.errors).toMatch(/torn.db: page \d+: its kind is 0x77, neither branch nor leaf/);
    expect(names()).toEqual(before);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const before = names();
    const ran = await run([...RESTORE, `--data-dir=${inFolder('new')}`], { signal: AbortSignal.abort() });
    expect(ran.status).not.toBe(0);
    expect(names()).toEqual(before);
  });
});

describe('etcd snapshot status', () => {
  it('prints what etcdctl prints', async () => {
    for (const format of ['simple', 'table', 'json', 'fields']) {
      expect(await kubectl('etcd', 'snapshot', 'status', snapshot, '-w', format)).toEqual({
        status: 0,
        output: await etcdctl('', 'snapshot', 'status', snapshot, '-w', format),
        errors: '',
      });
    }
  });

  it('names what is wrong with a file or a flag', async () => {
    const text = inFolder('text');
    fs.writeFileSync(text, 'no database');
    for (const [args, problem] of [
      [[text], /text: this is no bbolt database/],
      [[snapshot, '-w', 'xml'], /--write-out must be one of simple, table, json, fields, not "xml"/],
      [[snapshot, snapshot], /requires exactly one argument/],
      [['/nonexistent'], /no such file or directory/],
    ] as const) {
      const ran = await kubectl('etcd', 'snapshot', 'status', ...args);
      expect(ran.errors).toMatch(problem);
      expect(ran).toMatchObject({ status: 1, output: '' });
    }
  });
});

describe('--etcd-snapshot', () => {
  const read = (...argv: string[]): Promise<Ran> => kubectl(`--etcd-snapshot=${snapshot}`, ...argv);

  it('lets commands read the objects of a snapshot', async () => {
    expect(await read('get', 'configmaps', '-A', '-o', 'name')).toEqual({
      status: 0,
      output: 'configmap/kept\n',
      errors: '',
    });
    expect((await read('get', 'configmap', 'kept', '-o', 'jsonpath={.metadata.labels.x}{.data.a}')).output).toBe('yb');
    expect((await read('etcd', 'get', '/n/7', '-o', 'raw')).output).toBe('7');
    const byVariable = await run(['get', 'configmaps', '-o', 'name'], { env: { KUBE_LITE_ETCD_SNAPSHOT: snapshot } });
    expect(byVariable).toMatchObject({ status: 0, output: 'configmap/kept\n' });
  });

  it('refuses to write, and to be given with another place', async () => {
    for (const argv of [
      ['delete', 'configmap', 'kept'],
      ['create', 'configmap', 'another'],
      ['label', 'configmap', 'kept', 'x-'],
      ['etcd', 'put', '/new', '8'],
    ]) {
      const ran = await read(...argv);
      expect(ran.errors).toContain('is an etcd database file, which is only read');
      expect(ran.status).toBe(1);
    }
    expect((await read('--etcd-endpoints=http://a:1', 'get', 'pods')).errors).toContain(
      '--etcd-snapshot and --etcd-endpoints name two places to read from; give one',
    );
    expect((await read('--data-dir=/tmp/x', 'get', 'pods')).errors).toContain('name two backends');
  });
});
