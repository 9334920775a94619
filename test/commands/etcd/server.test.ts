import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { type Ran, run } from '../run-program.ts';

const exec = promisify(execFile);

let etcd: EtcdServer;
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(async () => {
  await etcd.stop();
});

const environment = (): Record<string, string> => ({ ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') });

/** What the real etcdctl prints on standard output; of its 3.4 the errors are mixed with its log. */
async function etcdctl(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await exec('etcdctl', [...argv], {
    env: { ...process.env, ...environment(), ETCDCTL_API: '3' },
  });
  // Its 3.4 tells of healthy endpoints on standard error.
  return stdout === '' && stderr.includes('is healthy') ? stderr : stdout;
}

async function ours(argv: readonly string[], input?: string): Promise<Ran> {
  return run(['etcd', ...argv], { env: environment(), ...(input === undefined ? {} : { input }) });
}

/** What moves by itself: the time that something took, and what raft counts. */
function still(text: string): string {
  return text
    .replaceAll(/took = \S+|"took":"[^"]*"|"Took" : \S+/g, 'took')
    .replaceAll(/"raft(Applied)?Index":\d+|"Raft(Applied)?Index" : \d+/g, 'index')
    .replaceAll(/("ttl":|remaining\()\d+/g, '$1N')
    .replaceAll(/^"TTL" : \d+$/gm, 'ttl');
}

async function same(argv: readonly string[]): Promise<void> {
  const theirs = await etcdctl(...argv);
  const { status, output, errors } = await ours(argv);
  expect({ status, errors, output: still(output) }).toEqual({ status: 0, errors: '', output: still(theirs) });
}

describe('revisions', () => {
  it.each([
    ['get', '/a', '--rev=5000000000'],
    ['get', '/a', '--at-revision=5000000000'],
    ['ls', '/a', '--rev=5000000000'],
    ['txn', '--then=get /a --rev=5000000000'],
  ])('beyond 2^31 are revisions like all others: %s', async (...argv) => {
    await ours(['put', '/a', 'x', '--force']);
    const { status, errors } = await ours(argv);
    expect(status).toBe(1);
    expect(errors).toMatch(/not reached the revision|5000000000.*(future|yet|newest)|future revision|yet to come/);
    expect(errors).not.toContain('out of range');
  });

  it('beyond 2^53 are out of range', async () => {
    const { status, errors } = await ours(['get', '/a', '--rev=9223372036854775808']);
    expect({ status, errors }).toMatchObject({ status: 1, errors: expect.stringContaining('value out of range') });
  });
});

describe('etcd commands for the server, beside etcdctl 3.4', () => {
  it.each(['simple', 'json', 'fields'])('shows members, status and health alike, -w %s', async (format) => {
    await same(['member', 'list', '-w', format]);
    // The two raft columns of the simple form move with each write of anybody; nobody writes here.
    await same(['endpoint', 'status', '-w', format]);
    await same(['endpoint', 'health', '-w', format]);
  });

  it('draws the same tables', async () => {
    await same(['member', 'list', '-w', 'table']);
    await same(['endpoint', 'status', '-w', 'table', '--cluster']);
  });

  it.each(['simple', 'json', 'fields'])('manages users and roles alike, -w %s', async (format) => {
    const script: readonly (readonly string[])[] = [
      ['user', 'add', 'alice:secret'],
      ['role', 'add', 'reader'],
      ['role', 'grant-permission', 'reader', 'read', '/one'],
      ['role', 'grant-permission', 'reader', 'readwrite', '/many/', '--prefix'],
      ['role', 'grant-permission', 'reader', 'write', '/from', '--from-key'],
      ['role', 'grant-permission', 'reader', 'read', '/a', '/c'],
      ['role', 'get', 'reader'],
      ['role', 'list'],
      ['user', 'grant-role', 'alice', 'reader'],
      ...(format === 'fields'
        ? []
        : [
            ['user', 'get', 'alice'],
            ['user', 'list'],
          ]),
      ['user', 'revoke-role', 'alice', 'reader'],
      ['role', 'revoke-permission', 'reader', '/one'],
      ['role', 'revoke-permission', 'reader', '/many/', '--prefix'],
      ['role', 'revoke-permission', 'reader', '/from', '--from-key'],
      ['role', 'delete', 'reader'],
      ['user', 'delete', 'alice'],
    ];
    const theirs: string[] = [];
    for (const argv of script) theirs.push(await etcdctl(...argv, '-w', format));
    const own: string[] = [];
    for (const argv of script) {
      const { status, output, errors } = await ours([...argv, '-o', format]);
      expect({ argv, status, errors }).toEqual({ argv, status: 0, errors: '' });
      own.push(output);
    }
    expect(own).toEqual(theirs);
  });

  it.each(['simple', 'json', 'fields'])('shows leases alike, -w %s', async (format) => {
    const granted = await ours(['lease', 'grant', '600', '-w', 'json']);
    const id = BigInt(/"ID":(\d+)/.exec(granted.output)?.[1] ?? 0)
      .toString(16)
      .padStart(16, '0');
    await etcdctl('put', '--lease', id, `/leased/${format}`, 'value');
    await same(['lease', 'timetolive', id, '--keys', '-w', format]);
    await same(['lease', 'timetolive', id, '-w', format]);
    await same(['lease', 'list', '-w', format]);
    await same(['lease', 'keep-alive', '--once', id, '-w', format]);
    expect((await ours(['lease', 'revoke', id])).output).toBe(`lease ${id} revoked\n`);
    await same(['lease', 'timetolive', id, '-w', format]);
    expect(await ours(['lease', 'keep-alive', '--once', id])).toMatchObject({
      status: 1,
      errors: 'error: etcdserver: requested lease not found\n',
    });
  });

  it('runs the transactions that etcdctl runs', async () => {
    // Its 3.4 keeps only the first letter of text in single quotes, which later ones mended.
    const script = [
      'mod("/txn/a") > "0"\n\nput /txn/a over\n\nput /txn/a "first value"\nput /txn/b "tab\\tand \\x00"\n\n',
      'val("/txn/a") = "first value"\nver("/txn/a") < "2"\n\nget /txn/ --prefix\nput /txn/a second --prev-kv\ndel /txn/z\n\nget /txn/a\n\n',
      'create("/txn/a") = "0"\n\n\n\n',
      '\nget /txn/ --prefix --keys-only\ndel /txn/ --prefix --prev-kv\n\n\n',
    ];
    const theirs: string[] = [];
    for (const input of script) theirs.push(await withInput(input));
    for (const [index, input] of script.entries()) {
      const { status, output, errors } = await ours(['txn'], input);
      expect({ index, status, errors, output }).toEqual({ index, status: 0, errors: '', output: theirs[index] });
    }
  });

  it('saves a snapshot that etcdctl takes, and leaves nothing behind when it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-lite-snapshot-'));
    try {
      const file = join(folder, 'backup.db');
      expect(await ours(['snapshot', 'save', file])).toEqual({
        status: 0,
        errors: '',
        output: `Snapshot saved at ${file}\n`,
      });
      expect(await readdir(folder)).toEqual(['backup.db']);
      expect(JSON.parse(await etcdctl('snapshot', 'status', file, '-w', 'json'))).toHaveProperty('hash');
      const missing = await ours(['snapshot', 'save', join(folder, 'no', 'backup.db')]);
      expect(missing.status).toBe(1);
      expect(missing.errors).toContain('cannot save a snapshot at');
      const wrong = await run(['etcd', 'snapshot', 'save', join(folder, 'other.db'), '--endpoints=127.0.0.1:1']);
      expect(wrong.status).toBe(1);
      expect(wrong.errors).toContain('connection refused');
      expect(await readdir(folder)).toEqual(['backup.db']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('compacts, and says when a revision was compacted already or is not there yet', async () => {
    await etcdctl('put', '/compact', '1');
    await etcdctl('put', '/compact', '2');
    const { revision } = JSON.parse(await etcdctl('get', '/compact', '-w', 'json')).header as { revision: number };
    expect(await ours(['compact', String(revision)])).toMatchObject({
      status: 0,
      output: `compacted revision ${revision}\n`,
    });
    expect((await ours(['compact', String(revision)])).errors).toBe(
      `error: revision ${revision} was compacted already\n`,
    );
    expect((await ours(['compact', String(revision + 1000)])).errors).toContain('has not reached revision');
    expect((await ours(['get', '/compact', '--rev=1'])).errors).toContain('compacted');
  });

  it.each([
    [['txn', '--if=mod(x) = "1"'], 'malformed comparison: mod(x) = "1"'],
    [['txn', '--if=mod("x") ~ "1"'], 'unknown operator ~'],
    [['txn', '--if=mod("x") = "one"'], 'is no revision or version'],
    [['txn', '--then=put /a'], 'want KEY and VALUE'],
    [['txn', '--then=frob /a'], 'want put, get or del, not "frob"'],
    [['txn', '--then=get /a --order=ASCEND'], 'unknown flag: --order'],
    [['txn', '--then=put /a "b'], 'a quote is not closed'],
    [['members', 'remove', 'zz'], 'bad member ID "zz"'],
    [['members', 'add', 'm2'], '--peer-urls is required'],
    [['members', 'add', 'm2', '--peer-urls=host:1'], 'is no peer URL'],
    [['lease', 'revoke', '0'], 'bad lease ID "0"'],
    [['lease', 'grant', '-w', 'json', '--', '-5'], 'bad TTL "-5"'],
    [['compact', '0'], 'REVISION must be a number above 0'],
    [['auth', 'role', 'grant-permission', 'r', 'own', '/a'], 'must be one of read, write, readwrite'],
    [['lease', 'list', '-w', 'table'], '--write-out must be one of simple, json, fields'],
    [['move-leader', '1234'], 'the cluster has no member 1234'],
    [['status', '--etcd-transport=http'], 'this command speaks gRPC'],
    [['status', '--etcd-transport=carrier-pigeon'], '--etcd-transport must be grpc or http'],
    [['status', '--dial-timeout=0s'], 'must be more than zero'],
    [['user', 'add', ''], ''],
    [['user', 'passwd', 'alice'], 'standard input has no password'],
  ])('refuses %j and says why', async (argv, text) => {
    const { status, output, errors } = await ours(argv);
    expect(errors).toContain(text);
    expect({ status, output }).toEqual({ status: 1, output: '' });
  });
});

async function withInput(input: string): Promise<string> {
  const running = exec('etcdctl', ['txn'], { env: { ...process.env, ...environment(), ETCDCTL_API: '3' } });
  running.child.stdin?.end(input);
  return (await running).stdout;
}
