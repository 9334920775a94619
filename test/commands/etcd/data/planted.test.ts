import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeObject } from '../../../../src/model/protobuf/encode-object.ts';
import { openEtcdStorage } from '../../../../src/storage/etcd/open-etcd-storage.ts';
import { openLocalStorage } from '../../../../src/storage/local/open-local-storage.ts';
import { type EtcdServer, LIMITED_PASSWORD, ROOT_PASSWORD, startEtcd } from '../../../peers/etcd-server.ts';
import { type Planted, plant } from '../../../etcd/doctor/planted-store.ts';
import { run } from '../../run-program.ts';

/** `npm run test:long` plants 200 MB. */
const MEGABYTES = Number(process.env['KUBE_LITE_PLANTED_MB'] ?? 12);
const TIMEOUT_MS = 60_000 + MEGABYTES * 2000;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-planted-'));
let server: EtcdServer;
let planted: Planted;

/** How each of the three kinds of store is named. */
const PLACES: Record<string, () => string[]> = {
  'a live etcd': () => [`--etcd-endpoints=${server.endpoints.join(',')}`],
  'a snapshot': () => [`--etcd-snapshot=${path.join(folder, 'snapshot.db')}`],
  'the local store': () => [`--data-dir=${path.join(folder, 'local')}`],
};
const places = Object.keys(PLACES);
const at = (place: string): string[] => PLACES[place]?.() ?? [];

beforeAll(async () => {
  server = await startEtcd();
  const etcd = await openEtcdStorage({ endpoints: server.endpoints });
  planted = await plant(etcd, MEGABYTES * 1_000_000);
  await etcd.close();
  const saved = await run(['etcd', 'snapshot', 'save', path.join(folder, 'snapshot.db'), ...at('a live etcd')]);
  expect(saved).toMatchObject({ status: 0 });
  const local = await openLocalStorage(path.join(folder, 'local'));
  await plant(local, MEGABYTES * 1_000_000);
  await local.close();
}, TIMEOUT_MS);
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly keys: number;
  readonly findings: readonly {
    readonly severity: string;
    readonly code: string;
    readonly subject: string;
    readonly message: string;
    readonly remedy: string;
  }[];
}

interface ShareShown {
  readonly name: string;
  readonly bytes: number;
  readonly keys: number;
}

async function doctor(...args: string[]): Promise<{ status: number; report: Report; seconds: number }> {
  const start = performance.now();
  const { status, output, errors } = await run(['etcd', 'doctor', '-o', 'json', ...args]);
  expect(errors).toBe('');
  return { status, report: JSON.parse(output) as Report, seconds: (performance.now() - start) / 1000 };
}

const said = ({ findings }: Report): string[] =>
  findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`).sort();

describe('a planted store', () => {
  it.each(places)(
    'has every fault found by doctor and nothing else, in %s',
    async (place) => {
      const { status, report, seconds } = await doctor(...at(place));
      process.stdout.write(`doctor of ${MEGABYTES} MB in ${place}: ${seconds.toFixed(2)} s\n`);
      expect(said(report)).toEqual(planted.faults);
      expect(status).toBe(3);
      for (const { message, remedy } of report.findings) {
        expect(message).not.toBe('');
        expect(remedy).toMatch(/kubectl (etcd|get|create|patch) |^create the definition/);
      }
    },
    TIMEOUT_MS,
  );

  it.each(places)(
    'has its glutton named by usage, in %s',
    async (place) => {
      const start = performance.now();
      const { status, output, errors } = await run(['etcd', 'usage', ...at(place)]);
      process.stdout.write(
        `usage of ${MEGABYTES} MB in ${place}: ${((performance.now() - start) / 1000).toFixed(2)} s\n`,
      );
      expect({ status, errors }).toEqual({ status: 0, errors: '' });
      const usage = JSON.parse(output) as Record<'resources' | 'namespaces' | 'managers', ShareShown[]> & {
        total: { bytes: number; keys: number };
        largest: { key: string }[];
      };
      expect([usage.namespaces[0]?.name, usage.resources[0]?.name, usage.managers[0]?.name]).toEqual([
        planted.glutton.namespace,
        planted.glutton.resource,
        planted.glutton.manager,
      ]);
      expect(usage.total.bytes).toBeGreaterThan(MEGABYTES * 1_000_000);
      expect(usage.largest[0]?.key).toBe('/registry/configmaps/web/huge');
      for (const shares of [usage.resources, usage.namespaces, usage.managers]) {
        expect(shares.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(usage.total.bytes);
        expect(shares.reduce((sum, { keys }) => sum + keys, 0)).toBe(usage.total.keys);
      }
    },
    TIMEOUT_MS,
  );

  it('shows findings and charts to a person', async () => {
    const shown = await run(['etcd', 'doctor', '--top=1', ...at('a snapshot')], { terminal: true });
    expect(shown.output).toContain('ERROR damaged-value: 4\n');
    expect(shown.output).toContain('… and 3 more (--top=0 shows all)\n');
    expect(shown.output).toMatch(/keys, .* at revision \d+: 9 error, 6 warning, 1 info\n/);
    const usage = await run(['etcd', 'usage', ...at('a snapshot')], { terminal: true });
    expect(usage.output).toMatch(/\nNAMESPACE +KEYS +BYTES +VERSIONS +SHARE\ngreedy .*% +█/);
  });

  it('adds up what is kept, the same in a live etcd and in its snapshot', async () => {
    const [live, snapshot] = await Promise.all(
      ['a live etcd', 'a snapshot'].map((place) => run(['etcd', 'usage', '--history', ...at(place)])),
    );
    expect(live?.output).toBe(snapshot?.output);
    const { total } = JSON.parse(live?.output ?? '') as { total: { keys: number; keptRevisions: number } };
    expect(total.keptRevisions).toBe(total.keys);
  });
});

describe('doctor', () => {
  it('calls a fresh store healthy, local and etcd', async () => {
    const empty = path.join(folder, 'fresh');
    const made = await run(['create', 'configmap', 'a', '--from-literal=a=b', `--data-dir=${empty}`]);
    expect(made.status).toBe(0);
    const { status, report } = await doctor(`--data-dir=${empty}`);
    expect({ status, findings: report.findings }).toEqual({ status: 0, findings: [] });
  });

  it('tells of secrets in plain text among encrypted ones, and with a configuration of each that breaks it', async () => {
    const etcd = await startEtcd();
    try {
      const config = path.join(folder, 'encryption.yaml');
      const secret = Buffer.alloc(32, 7).toString('base64');
      fs.writeFileSync(
        config,
        `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: k, secret: ${secret}}]}\n  - identity: {}\n`,
      );
      const place = `--etcd-endpoints=${etcd.endpoints.join(',')}`;
      const sealed = `--etcd-encryption-config=${config}`;
      expect(await run(['create', 'secret', 'generic', 'sealed', '--from-literal=a=b', place, sealed])).toMatchObject({
        status: 0,
      });
      expect(await run(['create', 'secret', 'generic', 'open', '--from-literal=a=b', place])).toMatchObject({
        status: 0,
      });
      const without = await doctor(place);
      expect(said(without.report)).toEqual([
        'error unencrypted /registry/secrets/default/open',
        'info not-examined /registry/',
      ]);
      const known = await doctor(place, sealed);
      expect(said(known.report)).toEqual(['error unencrypted /registry/secrets/default/open']);
      expect(known.status).toBe(3);
      const rewritten = await run(['get', 'secret', 'open', '-o', 'json', place, sealed]);
      await run(['replace', '-f', '-', place, sealed], { input: rewritten.output });
      expect(said((await doctor(place, sealed)).report)).toEqual([]);
    } finally {
      await etcd.stop();
    }
  });

  it('tells of a full database, and that it is full, critically', async () => {
    const quota = 8 * 1024 * 1024;
    const etcd = await startEtcd({ quotaBytes: quota });
    try {
      const storage = await openEtcdStorage({ endpoints: etcd.endpoints });
      const namespace = encodeObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
      const fill = async (): Promise<void> => {
        for (let index = 0; index < 100; index++) {
          const key = Buffer.from(`/registry/configmaps/default/${index}`);
          const metadata = { name: String(index), namespace: 'default' };
          const value = encodeObject({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata,
            data: { a: 'z'.repeat(500_000) },
          });
          await storage.txn({ compares: [], success: [{ type: 'put', key, value }] });
        }
      };
      await storage.txn({
        compares: [],
        success: [{ type: 'put', key: Buffer.from('/registry/namespaces/default'), value: namespace }],
      });
      await expect(fill()).rejects.toThrow(/space/);
      await storage.close();
      const place = `--etcd-endpoints=${etcd.endpoints.join(',')}`;
      // Its quota is what the member itself tells.
      const { status, report } = await doctor(place);
      expect(status).toBe(4);
      expect(report.findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
        'critical alarm-nospace',
        'critical database-size',
      ]);
    } finally {
      await etcd.stop();
    }
  });

  it('tells of an alarm of corruption, also where the keys cannot be read', async () => {
    const etcd = await startEtcd({ auth: true });
    try {
      const call = async (what: string, body: unknown, token = ''): Promise<Record<string, string>> => {
        const headers: Record<string, string> = token === '' ? {} : { authorization: token };
        const response = await fetch(`${etcd.endpoints[0]}/v3/${what}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        return (await response.json()) as Record<string, string>;
      };
      const place = [`--etcd-endpoints=${etcd.endpoints.join(',')}`];
      const root = [...place, '--etcd-user=root', `--etcd-password=${ROOT_PASSWORD}`];
      const members = await run(['etcd', 'members', 'list', '-w', 'json', ...root]);
      const [, id = ''] = /"ID":(\d+)/.exec(members.output) ?? [];
      const { token } = await call('auth/authenticate', { name: 'root', password: ROOT_PASSWORD });
      const raised = await call('maintenance/alarm', { action: 'ACTIVATE', memberID: id, alarm: 'CORRUPT' }, token);
      expect(raised).toHaveProperty('alarms');
      const all = await doctor(...root);
      expect({ status: all.status, codes: all.report.findings.map(({ code }) => code) }).toEqual({
        status: 4,
        codes: ['alarm-corrupt'],
      });
      const { status, report } = await doctor(...place, '--etcd-user=limited', `--etcd-password=${LIMITED_PASSWORD}`);
      expect(report.findings.map(({ code }) => code)).toEqual(['alarm-corrupt', 'not-readable']);
      expect(report.findings[1]?.message).toContain('permission denied');
      expect(status).toBe(4);
    } finally {
      await etcd.stop();
    }
  });

  it('names the old value that this machine keeps of what is damaged, and that mends it', async () => {
    const etcd = await startEtcd();
    try {
      const place = `--etcd-endpoints=${etcd.endpoints.join(',')}`;
      const env = { XDG_STATE_HOME: path.join(folder, 'state') };
      const damage = path.join(folder, 'damage');
      fs.writeFileSync(damage, Buffer.from('k8s\0\n\x14\n\x02v1\x12\x09ConfigMapjunk', 'latin1'));
      const put = ['etcd', 'put', '/registry/configmaps/default/a', '-f', damage, '--as=raw', '--force', place];
      expect(await run(['create', 'configmap', 'a', place], { env })).toMatchObject({ status: 0 });
      expect(await run(put, { env })).toMatchObject({ status: 0 });
      const sick = await run(['etcd', 'doctor', place], { env });
      expect(sick).toMatchObject({ status: 3, errors: '' });
      const [, id = ''] = /remedy: kubectl etcd undo (\S+) brings back/.exec(sick.output) ?? [];
      expect(await run(['etcd', 'undo', id, place], { env })).toMatchObject({ status: 0 });
      expect(await run(['etcd', 'doctor', place], { env })).toMatchObject({ status: 0, errors: '' });
    } finally {
      await etcd.stop();
    }
  });

  it('tells of a member that is down, by name, and goes on with the others', async () => {
    const etcd = await startEtcd({ members: 3 });
    try {
      await etcd.kill(2);
      const { status, report } = await doctor(`--etcd-endpoints=${etcd.endpoints.slice(0, 2).join(',')}`);
      expect(report.findings.map(({ severity, code, subject }) => [severity, code, subject])).toEqual([
        ['error', 'member-down', `m2 (${etcd.endpoints[2]})`],
      ]);
      expect(status).toBe(3);
    } finally {
      await etcd.stop();
    }
  }, 60_000);

  it.each([
    [['--quota-bytes=much'], '--quota-bytes is no number of bytes: "much"'],
    [['-o', 'yaml'], '--output must be json, not "yaml"'],
    [['extra'], 'doctor takes no arguments, got 1'],
    [['--top=-1'], '--top must not be negative, got -1'],
  ])('refuses %j', async (args, message) => {
    const { status, errors } = await run(['etcd', 'doctor', `--data-dir=${folder}/x`, ...args]);
    expect(status).toBe(1);
    expect(errors).toContain(message);
  });
});
