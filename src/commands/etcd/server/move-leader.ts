import { answerJson } from '../../../etcd/answer-json.ts';
import type { AnswerOf, EtcdServer } from '../../../etcd/etcd-server.ts';
import { hexId, parseMemberId } from '../../../etcd/member-id.ts';
import { UserError } from '../../../model/user-error.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand } from './server-command.ts';

/** `etcd move-leader`: hands leadership to another member. */
export const etcdMoveLeader: Command = defineServerCommand<{ readonly target: string }>({
  use: 'move-leader MEMBER-ID',
  description: 'Hand the leadership to another member. Only the leader can: it is looked for among all members.',
  examples: [
    { comment: 'To the member that members list shows', command: 'kubectl etcd move-leader 8211f1d0f64f3269' },
  ],
  flags: [],
  formats: ['simple', 'json'],
  parse({ args }) {
    const [id] = args;
    if (id === undefined || args.length > 1) {
      throw new UsageError(`exactly one MEMBER-ID is required, got ${args.length}`);
    }
    return { target: parseMemberId(id) };
  },
  async run({ target }, server) {
    const { members } = await server.read('Cluster/MemberList', {});
    if (!members.some(({ ID }) => ID === target)) throw new UserError(`the cluster has no member ${hexId(target)}`);
    const { endpoint, id } = await leaderOf(server, members);
    if (id === target) throw new UserError(`member ${hexId(target)} is the leader already`);
    const answer = await server.at(endpoint).change('Maintenance/MoveLeader', { targetID: target });
    return {
      simple: `Leadership transferred from ${hexId(id)} to ${hexId(target)}\n`,
      json: answerJson(answer),
    };
  },
});

async function leaderOf(
  server: EtcdServer,
  members: AnswerOf<'Cluster/MemberList'>['members'],
): Promise<{ endpoint: string; id: string }> {
  const { leader } = await server.read('Maintenance/Status', {});
  if (leader === '0') throw new UserError('the cluster has no leader: a quorum of members must be running');
  const urls = members.find(({ ID }) => ID === leader)?.clientURLs ?? [];
  // An endpoint that was given is known to be reachable; a member's own address may not be.
  for (const endpoint of [...server.endpoints, ...urls]) {
    const status = await server
      .at(endpoint)
      .read('Maintenance/Status', {})
      .catch((error: unknown) => {
        if (error instanceof StorageError) return undefined;
        throw error;
      });
    if (status?.header.member_id === leader) return { endpoint, id: leader };
  }
  throw new UserError(
    `the leader ${hexId(leader)} cannot be reached at ${urls.join(', ') || 'any address'}: give its endpoint`,
  );
}
