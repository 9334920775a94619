import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../peers/free-port.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { type Ran, run } from '../run-program.ts';

const exec = promisify(execFile);

interface Member {
  readonly ID: string;
  readonly endpoint: string;
  readonly isLeader: boolean;
}

describe('etcd commands on a cluster of three', () => {
  let etcd: EtcdServer;
  beforeAll(async () => {
    etcd = await startEtcd({ members: 3 });
  });
  afterAll(async () => {
    await etcd.stop();
  });

  const ours = async (...argv: readonly string[]): Promise<Ran> =>
    run(['etcd', ...argv], { env: { ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') } });

  /** By `etcd status`, which is compared with etcdctl elsewhere. */
  const members = async (): Promise<Member[]> => {
    const { output } = await ours('status');
    const rows = output
      .trim()
      .split('\n')
      .map((row) => row.split(', '));
    return rows.map(([endpoint = '', ID = '', , , leader]) => ({ endpoint, ID, isLeader: leader === 'true' }));
  };
  const leader = async (): Promise<Member | undefined> => (await members()).find(({ isLeader }) => isLeader);

  it('moves the leadership through any endpoint, and tells who has it', async () => {
    const before = await leader();
    const target = (await members()).find(({ isLeader }) => !isLeader);
    const moved = await run(['etcd', 'move-leader', target?.ID ?? '', `--endpoints=${target?.endpoint}`]);
    expect(moved).toEqual({
      status: 0,
      errors: '',
      output: `Leadership transferred from ${before?.ID} to ${target?.ID}\n`,
    });
    expect((await leader())?.ID).toBe(target?.ID);
    expect((await ours('move-leader', target?.ID ?? '')).errors).toContain('is the leader already');
  });

  it('defragments one member after the other, the leader last', async () => {
    const last = (await leader())?.endpoint;
    const others = etcd.endpoints.filter((each) => each !== last);
    const one = await run(['etcd', 'defrag', '--cluster', `--endpoints=${etcd.endpoints[0]}`]);
    expect({ status: one.status, errors: one.errors }).toEqual({ status: 0, errors: '' });
    const lines = one.output.trim().split('\n');
    expect(lines.toSorted()).toEqual(
      [...others, last].map((each) => `Finished defragmenting etcd member[${each}]`).toSorted(),
    );
    expect(lines.at(-1)).toBe(`Finished defragmenting etcd member[${last}]`);
  });

  it(
    'adds a learner, changes its address, will not promote it too early, and removes it, as etcdctl sees',
    { timeout: 60_000 },
    async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      // etcd refuses until its members have known each other for some seconds; it is asked again until then.
      const added = await ours('members', 'add', 'm3', `--peer-urls=${url}`, '--learner', '--command-timeout=30s');
      expect(added.errors).toBe('');
      const [, id = ''] =
        /^Member ([0-9a-f ]{16}) added as learner to cluster [0-9a-f ]{16}$/m.exec(added.output) ?? [];
      expect(added.output).toContain(`ETCD_INITIAL_CLUSTER_STATE="existing"`);
      expect(added.output).toContain(`m3=${url}`);
      const seen = async (): Promise<string> =>
        (await exec('etcdctl', ['--endpoints', etcd.endpoints.join(','), 'member', 'list'])).stdout;
      expect(await seen()).toContain(`${id.trim()}, unstarted, , ${url}, , true`);
      const other = url.replace('127.0.0.1', 'localhost');
      expect((await ours('members', 'update', id.trim(), `--peer-urls=${other}`)).status).toBe(0);
      expect(await seen()).toContain(other);
      const promoted = await ours('members', 'promote', id.trim());
      expect(promoted.status).toBe(1);
      expect(promoted.errors).toContain('learner');
      // With a member that is not started, no other is taken out of service.
      const defrag = await ours('defrag');
      expect(defrag).toMatchObject({ status: 1, output: '' });
      expect(defrag.errors).toContain('it is not started');
      expect((await ours('members', 'remove', id.trim())).output).toMatch(/^Member [0-9a-f ]{16} removed from cluster/);
      expect(await seen()).not.toContain(id.trim());
    },
  );

  it('goes on while one member of three is down, and says which', async () => {
    await etcd.kill(2);
    try {
      const [alive = '', , dead = ''] = etcd.endpoints;
      const health = await ours('health');
      expect(health.status).toBe(1);
      expect(health.output.match(/is healthy/g)).toHaveLength(2);
      expect(health.errors).toContain(`${dead} is unhealthy: cannot reach etcd at ${dead}: connection refused`);
      const status = await ours('status', '-w', 'json');
      expect(status.status).toBe(1);
      expect(JSON.parse(status.output)).toHaveLength(2);
      expect(status.errors).toContain(`failed to get the status of endpoint ${dead}`);
      expect((await ours('txn', '--then=put /down hello')).output).toBe('SUCCESS\n\nOK\n');
      expect((await ours('members', 'list')).output.trim().split('\n')).toHaveLength(3);
      const defrag = await run(['etcd', 'defrag', `--endpoints=${alive}`]);
      expect(defrag).toMatchObject({ status: 1, output: '' });
      expect(defrag.errors).toContain('the cluster could lose its quorum');
      const forced = await run(['etcd', 'defrag', '--force', `--endpoints=${alive}`]);
      expect(forced).toMatchObject({ status: 0, output: `Finished defragmenting etcd member[${alive}]\n` });
    } finally {
      await etcd.restart(2);
    }
  });

  it('says that there is no quorum, within the time allowed, and still saves what one member has', async () => {
    await etcd.kill(1);
    await etcd.kill(2);
    const folder = await mkdtemp(join(tmpdir(), 'kube-lite-quorum-'));
    try {
      const [alive = ''] = etcd.endpoints;
      const started = Date.now();
      const { status, errors } = await run(['etcd', 'health', `--endpoints=${alive}`, '--command-timeout=2s']);
      expect(status).toBe(1);
      expect(errors).toContain(`${alive} is unhealthy: `);
      expect(errors).toMatch(/no leader|did not answer in time|quorum/);
      const written = await run([
        'etcd',
        'txn',
        '--then=put /quorum x',
        `--endpoints=${alive}`,
        '--command-timeout=2s',
      ]);
      expect(written).toMatchObject({ status: 1, output: '' });
      expect(Date.now() - started).toBeLessThan(30_000);
      const file = join(folder, 'rest.db');
      expect((await run(['etcd', 'snapshot', 'save', file, `--endpoints=${alive}`])).output).toBe(
        `Snapshot saved at ${file}\n`,
      );
      expect(await readdir(folder)).toEqual(['rest.db']);
    } finally {
      await rm(folder, { recursive: true });
      await Promise.all([etcd.restart(1), etcd.restart(2)]);
    }
  });

  it('wants one endpoint for a snapshot', async () => {
    expect((await ours('snapshot', 'save', join(tmpdir(), 'never.db'))).errors).toContain('give one endpoint, not 3');
  });
});

describe('etcd commands on a full etcd', () => {
  it('list the alarm, make room and clear it, and writes go on', async () => {
    const etcd = await startEtcd({ quotaBytes: 16 * 1024 * 1024 });
    const setting = { env: { ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') } };
    try {
      const value = 'x'.repeat(1_000_000);
      let refused: Ran | undefined;
      for (let index = 0; index < 40 && refused === undefined; index++) {
        const put = await run(['etcd', 'txn'], { ...setting, input: `\nput /full ${value}\n\n` });
        if (put.status !== 0) refused = put;
      }
      expect(refused?.errors).toContain('database space exceeded');
      expect((await run(['etcd', 'alarms', 'list'], setting)).output).toMatch(/^memberID:\d+ alarm:NOSPACE \n$/);
      expect((await run(['etcd', 'health'], setting)).errors).toContain('Active Alarm(s): NOSPACE');
      const { output } = await run(['etcd', 'status', '-w', 'json'], setting);
      const [{ Status }] = JSON.parse(output) as [{ Status: { header: { revision: number } } }];
      expect((await run(['etcd', 'compact', String(Status.header.revision), '--physical'], setting)).status).toBe(0);
      expect((await run(['etcd', 'defrag'], setting)).status).toBe(0);
      expect((await run(['etcd', 'alarms', 'disarm'], setting)).output).toMatch(/^memberID:\d+ alarm:NOSPACE \n$/);
      expect((await run(['etcd', 'alarms', 'list'], setting)).output).toBe('');
      expect((await run(['etcd', 'txn', '--then=put /full small'], setting)).output).toBe('SUCCESS\n\nOK\n');
    } finally {
      await etcd.stop();
    }
  });
});

describe('etcd commands and authentication', () => {
  it('turn it on, are refused without a password or with a wrong one, and turn it off', async () => {
    const etcd = await startEtcd();
    const env = { ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') };
    const ours = async (...argv: readonly string[]): Promise<Ran> => run(['etcd', ...argv], { env });
    try {
      expect((await ours('auth', 'enable')).errors).toContain('root user does not exist');
      expect(await run(['etcd', 'auth', 'user', 'add', 'root'], { env, input: 'secret\n' })).toMatchObject({
        status: 0,
        output: 'User root created\n',
      });
      expect((await ours('auth', 'enable')).output).toBe('Authentication Enabled\n');
      expect((await ours('auth', 'user', 'list')).errors).toContain('etcd wants a user name and password');
      expect((await ours('auth', 'user', 'list', '--user=root:wrong')).errors).toContain(
        'does not accept the user name or password',
      );
      expect((await ours('auth', 'user', 'list', '--user=root')).errors).toContain('without a password');
      expect((await ours('auth', 'user', 'list', '--user=root', '--password=secret')).output).toBe('root\n');
      expect((await run(['etcd', 'role', 'list'], { env: { ...env, ETCDCTL_USER: 'root:secret' } })).output).toBe(
        'root\n',
      );
      expect((await ours('auth', 'user', 'get', 'root', '--detail', '--user=root:secret')).output).toBe(
        'User: root\n\nRole root\nKV Read:\n\t[, <open ended>\nKV Write:\n\t[, <open ended>\n',
      );
      expect((await ours('auth', 'disable', '--user=root:secret')).output).toBe('Authentication Disabled\n');
      expect((await ours('auth', 'user', 'list')).output).toBe('root\n');
    } finally {
      await etcd.stop();
    }
  });
});
