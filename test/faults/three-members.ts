import { setTimeout as sleep } from 'node:timers/promises';
import { type EtcdServer, type EtcdServerOptions, startEtcd } from '../peers/etcd-server.ts';
import type { MemberNetwork } from '../peers/member-network.ts';
import { type NamespaceNetwork, NoNamespaces, startNamespaceNetwork } from '../peers/namespace-network.ts';
import { type ProxyNetwork, startProxyNetwork } from '../peers/proxy-network.ts';

/** A real etcd of three members with a network between them that can fail. */
export interface ThreeMembers extends EtcdServer {
  readonly network: MemberNetwork;
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

/** The members are in network namespaces where the system permits it, else behind proxies. */
export async function startThreeMembers(options: EtcdServerOptions = {}): Promise<ThreeMembers> {
  const ids: string[] = [];
  const { server, network } = await startServer(options, (member) => ids[member] ?? '');
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
    network,
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
      await network.stop();
    },
  };
  await all.settled();
  return all;
}

interface Started {
  readonly server: EtcdServer;
  readonly network: MemberNetwork;
}

async function startServer(given: EtcdServerOptions, idOf: (member: number) => string): Promise<Started> {
  const timing = ['--heartbeat-interval', '100', '--election-timeout', '1000'];
  const options = { members: 3, ...given, args: [...timing, ...(given.args ?? [])] };
  const namespaces = await namespacesOrReason();
  if (typeof namespaces !== 'string') {
    try {
      return { server: await startEtcd({ ...options, machines: namespaces.machines }), network: namespaces };
    } catch (error) {
      await namespaces.stop();
      throw error;
    }
  }
  let proxies: ProxyNetwork | undefined;
  const server = await startEtcd({
    ...options,
    advertise: async (ports) => (proxies = await startProxyNetwork(ports, idOf)).peers,
  });
  if (proxies === undefined) throw new Error('the members were not told where to find each other');
  const network = { ...proxies, kind: `proxies, as there are no network namespaces: ${namespaces}` };
  return { server: { ...server, endpoints: [...proxies.clients] }, network };
}

/** $KUBE_LITE_FAULTS_NETWORK=proxies has the test do without them where there are some. */
async function namespacesOrReason(): Promise<NamespaceNetwork | string> {
  if (process.env['KUBE_LITE_FAULTS_NETWORK'] === 'proxies') return 'KUBE_LITE_FAULTS_NETWORK says so';
  try {
    return await startNamespaceNetwork(3);
  } catch (error) {
    if (error instanceof NoNamespaces) return error.message;
    throw error;
  }
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
