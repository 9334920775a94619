import type { AnswerOf, EtcdServer } from '../../../etcd/etcd-server.ts';
import { hexId } from '../../../etcd/member-id.ts';
import { UserError } from '../../../model/user-error.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';
import { chosenEndpoints, clusterFlag } from './cluster-endpoints.ts';
import { defineServerCommand } from './server-command.ts';

type Status = AnswerOf<'Maintenance/Status'>;

interface DefragOptions {
  readonly cluster: boolean;
  readonly force: boolean;
}

interface Target {
  readonly endpoint: string;
  readonly status: Status;
}

/** A member rewrites its whole database meanwhile: this much a second is slow, and a minute is the least. */
const BYTES_A_SECOND = 5_000_000;
const LEAST_MS = 60_000;

/** `etcd defrag`: gives free space in the databases back to the disk, one member at a time, the leader last. */
export const etcdDefrag: Command = defineServerCommand<DefragOptions>({
  use: 'defrag [--cluster] [--force]',
  description: `Give the free space in the members' databases back to the disk: one member at a time, the leader last.

 A member serves nobody while it is at it. So before each one all other members of the cluster are looked at, and when one of them is not well, nothing more is done. --force goes on all the same.`,
  examples: [{ comment: 'All members', command: 'kubectl etcd defrag --cluster' }],
  flags: [
    clusterFlag,
    { name: 'force', type: 'bool', default: 'false', usage: 'Go on when another member is not well.' },
  ],
  formats: ['simple'],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`defrag takes no arguments, got ${args.length}`);
    return { cluster: flags.bool('cluster'), force: flags.bool('force') };
  },
  async run({ cluster, force }, server, context) {
    const endpoints = await chosenEndpoints(server, cluster);
    const targets = await Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        status: await server.at(endpoint).read('Maintenance/Status', {}),
      })),
    );
    for (const [index, target] of inOrder(targets).entries()) {
      if (context.signal.aborted) {
        throw new UserError(`interrupted: ${index} of ${targets.length} members were defragmented`);
      }
      if (!force) await othersAreWell(server, target, index);
      await defragment(server, target, context);
    }
    return { simple: '' };
  },
});

/** Each member once, the leader last: it would lose its place for nothing while others are still to be done. */
function inOrder(targets: readonly Target[]): Target[] {
  const members = [...new Map(targets.map((target) => [target.status.header.member_id, target])).values()];
  const isLeader = ({ status }: Target): boolean => status.leader === status.header.member_id;
  return [...members.filter((each) => !isLeader(each)), ...members.filter(isLeader)];
}

async function othersAreWell(server: EtcdServer, { endpoint, status }: Target, done: number): Promise<void> {
  const { members } = await server.at(endpoint).read('Cluster/MemberList', {});
  const others = members.filter(({ ID }) => ID !== status.header.member_id);
  const problems = await Promise.all(
    others.map(async ({ ID, name, clientURLs }) => {
      const problem = await problemOf(server, clientURLs);
      return problem === undefined ? [] : [`member ${hexId(ID)}${name === '' ? '' : ` (${name})`}: ${problem}`];
    }),
  );
  const found = problems.flat();
  if (found.length === 0) return;
  const already =
    done === 0
      ? 'nothing was defragmented'
      : `${done} ${done === 1 ? 'member was' : 'members were'} defragmented before`;
  throw new UserError(
    `${endpoint} is not defragmented, because the cluster could lose its quorum meanwhile; ${already}\n${found.join('\n')}\nmend or remove the member first, or use --force`,
  );
}

/** What is wrong with a member that has these addresses; undefined when one of them answers well. */
async function problemOf(server: EtcdServer, clientURLs: readonly string[]): Promise<string | undefined> {
  if (clientURLs.length === 0) return 'it is not started';
  let problem: string | undefined;
  for (const url of clientURLs) {
    try {
      const { leader, errors } = await server.at(url).read('Maintenance/Status', {});
      if (leader === '0') return 'it knows no leader';
      // A full database is what defragmenting is for.
      return errors.find((error) => !error.includes('NOSPACE'));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      problem = error.message;
    }
  }
  return problem;
}

async function defragment(server: EtcdServer, { endpoint, status }: Target, { streams }: Context): Promise<void> {
  const expected = LEAST_MS + (Number(status.dbSize) / BYTES_A_SECOND) * 1000;
  await server.at(endpoint).change('Maintenance/Defragment', {}, Math.max(expected, server.requestTimeoutMs));
  streams.out.write(`Finished defragmenting etcd member[${endpoint}]\n`);
}
