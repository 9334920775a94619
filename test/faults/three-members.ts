import { setTimeout as sleep } from 'node:timers/promises';
import { type EtcdServer, type EtcdServerOptions, startEtcd } from '../peers/etcd-server.ts';
import { type PeerLinks, startPeerLinks } from '../peers/peer-links.ts';

/** A real etcd of three members whose links can be cut. */
export interface ThreeMembers extends EtcdServer {
  readonly links: PeerLinks;
  /** The index of the member that leads. Rejects when there is none for twenty seconds. */
  leader(): Promise<number>;
  /** Resolves when all members follow one leader and are as far as it. */
  settled(): Promise<void>;
}

const PATIENCE_MS = 20_000;

interface MemberStatus {
  readonly member: string;
  readonly leader: string;
  readonly revision: number;
}

export async function startThreeMembers(options: EtcdServerOptions = {}): Promise<ThreeMembers> {
  let links: PeerLinks | undefined;
  const ids: string[] = [];
  const server = await startEtcd({
    members: 3,
    ...options,
    args: ['--heartbeat-interval', '100', '--election-timeout', '1000', ...(options.args ?? [])],
    advertise: async (ports) => {
      links = await startPeerLinks(ports, (member) => ids[member] ?? '');
      return links.advertised;
    },
  });
  if (links === undefined) throw new Error('the members were not told where to find each other');
  const of = links;
  const statuses = async (): Promise<(MemberStatus | undefined)[]> => Promise.all(server.endpoints.map(statusOf));
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(50)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(`the members have ${what} for too long: ${JSON.stringify(await statuses())}`);
  };
  const all: ThreeMembers = {
    ...server,
    links: of,
    leader: async () =>
      until('no leader', async () => {
        const found = await statuses();
        const index = found.findIndex((each) => each !== undefined && each.member === each.leader);
        return index < 0 ? undefined : index;
      }),
    settled: async () => {
      await until('not settled', async () => {
        const found = await statuses();
        const [first] = found;
        const agree = found.every(
          (each) => each !== undefined && each.leader === first?.leader && each.revision === first.revision,
        );
        if (!agree || first?.leader === '0') return undefined;
        for (const [index, each] of found.entries()) ids[index] = BigInt(each?.member ?? 0).toString(16);
        return true;
      });
    },
    async stop() {
      await server.stop();
      await of.stop();
    },
  };
  await all.settled();
  return all;
}

/** Through the JSON gateway, which needs no client of ours. */
async function statusOf(endpoint: string): Promise<MemberStatus | undefined> {
  try {
    const response = await fetch(`${endpoint}/v3/maintenance/status`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(1000),
    });
    const { header, leader = '0' } = (await response.json()) as {
      header: { member_id: string; revision?: string };
      leader?: string;
    };
    return { member: header.member_id, leader, revision: Number(header.revision ?? 0) };
  } catch {
    return undefined;
  }
}
