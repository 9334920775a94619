import { describe, expect, it } from 'vitest';
import { diagnosePast } from '../../../src/etcd/doctor/diagnose-past.ts';
import { diagnoseServer } from '../../../src/etcd/doctor/diagnose-server.ts';
import { sizeFindings } from '../../../src/etcd/doctor/size-findings.ts';
import { isOlderVersion } from '../../../src/etcd/doctor/version-order.ts';
import type { EtcdServer } from '../../../src/etcd/etcd-server.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage } from '../../../src/storage/storage.ts';

interface FakeMember {
  readonly id: string;
  readonly name: string;
  readonly url?: string;
  readonly isLearner?: boolean;
  /** Undefined: it does not answer. */
  readonly status?: Readonly<Record<string, unknown>>;
}

const MB = 1024 * 1024;
const healthy = {
  leader: '1',
  raftAppliedIndex: '900000',
  revision: '800000',
  dbSize: String(10 * MB),
  dbSizeInUse: String(9 * MB),
};

/** An etcd that answers what it is told to: faults of members that no test can bring about in time. */
function fakeServer(
  members: readonly FakeMember[],
  alarms: readonly unknown[] = [],
  given: readonly string[] = [],
  quota: number | 'unknown' = 2048 * MB,
): EtcdServer {
  const list = members.map(({ id, name, url = `http://${name}`, isLearner = false }) => {
    return { ID: id, name, clientURLs: [url], peerURLs: [], isLearner };
  });
  const make = (endpoint: string | undefined): EtcdServer => {
    const read = async (method: string): Promise<unknown> => {
      if (method === 'Maintenance/Alarm') return { alarms };
      if (method === 'Cluster/MemberList') return { members: list };
      const member = members.find(({ name }) => endpoint === `http://${name}` || endpoint === `http://given-${name}`);
      if (member?.status === undefined) throw new StorageError('Unavailable', 'connection refused');
      return { ...member.status, header: { member_id: member.id, revision: member.status['revision'] } };
    };
    return {
      endpoints: given,
      requestTimeoutMs: 1000,
      read,
      at: make,
      quotaBytes: async () => (quota === 'unknown' ? undefined : quota),
      close: () => undefined,
    } as unknown as EtcdServer;
  };
  return make(undefined);
}

const codes = async (server: EtcdServer, quotaBytes?: number): Promise<string[]> =>
  (await diagnoseServer({ server, quotaBytes, program: 'kubectl' })).map(
    ({ severity, code, subject }) => `${severity} ${code} ${subject}`,
  );

describe('members of an etcd', () => {
  const three = ['a', 'b', 'c'].map((name, index): FakeMember => ({ id: String(index + 1), name, status: healthy }));

  it('have nothing said of them when all is well', async () => {
    expect(await codes(fakeServer(three))).toEqual([]);
  });

  it('are told of when they have alarms, no leader, no vote, or are behind', async () => {
    const server = fakeServer(
      [
        { id: '1', name: 'a', status: { ...healthy, leader: '0' } },
        { id: '2', name: 'b', isLearner: true, status: healthy },
        { id: '3', name: 'c', status: { ...healthy, raftAppliedIndex: '890000' } },
        { id: '4', name: 'd', status: { ...healthy, revision: '790000' } },
        { id: '255', name: '', url: '' },
      ],
      [
        { memberID: '2', alarm: 'Nospace' },
        { memberID: '99', alarm: 'Corrupt' },
      ],
    );
    expect(await codes(server)).toEqual([
      'critical alarm-nospace b',
      'critical alarm-corrupt 63',
      'critical no-leader a (http://a)',
      'info learner b (http://b)',
      'error member-down ff',
      'warning member-behind c (http://c)',
      'warning member-behind d (http://d)',
    ]);
  });

  it('are asked at the endpoints that were given, when their own cannot be reached', async () => {
    const hidden = three.map((member) => ({ ...member, url: 'http://internal' }));
    const given = ['http://given-a', 'http://given-b', 'http://given-c'];
    expect(await codes(fakeServer(hidden, [], given))).toEqual([]);
    expect(await codes(fakeServer(hidden, [], given.slice(0, 2)))).toEqual(['error member-down c (http://internal)']);
  });

  it('are told of when their database is large or mostly empty', async () => {
    const sized = (size: number, used: number): FakeMember[] => [
      { id: '1', name: 'a', status: { ...healthy, dbSize: String(size * MB), dbSizeInUse: String(used * MB) } },
    ];
    expect(await codes(fakeServer(sized(1700, 1600)))).toEqual(['warning database-size a (http://a)']);
    expect(await codes(fakeServer(sized(1700, 1600)), 8192 * MB)).toEqual([]);
    expect(await codes(fakeServer(sized(2000, 900)))).toEqual([
      'critical database-size a (http://a)',
      'warning fragmented a (http://a)',
    ]);
    expect(await codes(fakeServer(sized(60, 1)))).toEqual([]);
    expect(await codes(fakeServer(sized(60, 59), [], [], 64 * MB))).toEqual(['warning database-size a (http://a)']);
    expect(await codes(fakeServer(sized(1700, 1600), [], [], 'unknown'))).toEqual([
      'warning database-size a (http://a)',
      'info quota-unknown a (http://a)',
    ]);
  });
});

describe('sizes, versions and the past', () => {
  it('know a file whose use is not known', () => {
    const size = { subject: 'f', sizeBytes: 1000 * MB, usedBytes: 0, quotaBytes: undefined, program: 'kubectl' };
    expect(sizeFindings(size)).toEqual([]);
  });

  it.each([
    ['v1beta1', 'v1', true],
    ['v1alpha1', 'v1beta1', true],
    ['v1', 'v2', true],
    ['v1beta1', 'v1beta2', true],
    ['v2beta1', 'v1', true],
    ['v1', 'v1', false],
    ['v1', 'v1beta1', false],
    ['v10', 'v9', false],
    ['special', 'v1', false],
  ])('order %s and %s', (one, other, older) => {
    expect(isOlderVersion(one, other)).toBe(older);
  });

  it('tell of a past that nobody compacts', async () => {
    const kept = (compactRevision: number): Storage =>
      ({
        range: async () => {
          throw new StorageError('Compacted', 'gone', { compactRevision });
        },
      }) as unknown as Storage;
    const found = await diagnosePast(kept(1000), 2_000_000, 'kubectl');
    expect(found.map(({ code, remedy }) => [code, remedy])).toEqual([
      ['not-compacted', 'kubectl etcd compact 2000000'],
    ]);
    expect(await diagnosePast(kept(1_500_000), 2_000_000, 'kubectl')).toEqual([]);
  });
});
