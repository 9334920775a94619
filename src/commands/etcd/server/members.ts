import { headerFields } from '../../../etcd/answer-header.ts';
import { answerJson } from '../../../etcd/answer-json.ts';
import type { AnswerOf } from '../../../etcd/etcd-server.ts';
import { hexId, parseMemberId } from '../../../etcd/member-id.ts';
import { goQuote } from '../../../model/go-text.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Command, Invocation } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines, type Shown, showRows } from './server-command.ts';

type Member = AnswerOf<'Cluster/MemberList'>['members'][number];

const PEER_URLS = {
  name: 'peer-urls',
  type: 'stringList',
  default: '[]',
} as const;

/** `etcd members list`. */
export const membersList: Command = defineServerCommand({
  use: 'list',
  description:
    'List the members of the cluster: ID, status, name, addresses for peers and clients, whether it is a learner.',
  examples: [{ comment: 'As a table', command: 'kubectl etcd members list -w table' }],
  flags: [],
  formats: ['simple', 'table', 'json', 'fields'],
  parse({ args }) {
    if (args.length > 0) throw new UsageError(`members list takes no arguments, got ${args.length}`);
    return {};
  },
  async run(_options, server) {
    const answer = await server.read('Cluster/MemberList', {});
    const members: readonly Member[] = answer.members;
    return {
      ...showRows(['ID', 'Status', 'Name', 'Peer Addrs', 'Client Addrs', 'Is Learner'], members.map(rowOf)),
      json: answerJson(answer),
      fields: lines([...headerFields(answer.header), ...members.flatMap(fieldsOf)]),
    };
  },
});

function rowOf({ ID, name, peerURLs, clientURLs, isLearner }: Member): string[] {
  const status = name === '' ? 'unstarted' : 'started';
  return [hexId(ID), status, name, peerURLs.join(','), clientURLs.join(','), String(isLearner)];
}

function fieldsOf({ ID, name, peerURLs, clientURLs, isLearner }: Member): string[] {
  return [
    `"ID" : ${ID}`,
    `"Name" : ${goQuote(name)}`,
    ...peerURLs.map((url) => `"PeerURL" : ${goQuote(url)}`),
    ...clientURLs.map((url) => `"ClientURL" : ${goQuote(url)}`),
    `"IsLearner" : ${isLearner}`,
    '',
  ];
}

interface AddOptions {
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly isLearner: boolean;
}

/** `etcd members add`. */
export const membersAdd: Command = defineServerCommand<AddOptions>({
  use: 'add NAME --peer-urls=URL[,URL...] [--learner]',
  description: `Tell the cluster of a new member, before it is started, and print what the new member is to be started with.

 Until a new voting member runs, it counts as one that is down. As a learner it does not vote, and can be promoted when it has caught up.`,
  examples: [
    { comment: 'A learner', command: 'kubectl etcd members add node-4 --peer-urls=https://10.0.0.4:2380 --learner' },
  ],
  flags: [
    { ...PEER_URLS, usage: 'Where other members reach the new member, separated by commas.' },
    { name: 'learner', type: 'bool', default: 'false', usage: 'Add the member without a vote.' },
  ],
  formats: ['simple', 'json'],
  parse(invocation) {
    const [name = ''] = exactly(invocation, 'NAME');
    return { name, peerURLs: peerUrlsOf(invocation), isLearner: invocation.flags.bool('learner') };
  },
  async run({ name, peerURLs, isLearner }, server, context) {
    const { members: before } = await server.read('Cluster/MemberList', {});
    const answer = await server.change('Cluster/MemberAdd', { peerURLs: [...peerURLs], isLearner });
    const started = before.filter((member) => member.name !== '' && !member.isLearner).length;
    const voters = answer.members.filter((member) => !member.isLearner).length;
    if (!isLearner && started <= voters / 2) {
      context.warn(
        'the cluster has no quorum until the new member is started: nothing can be read or written until then',
      );
    }
    const conf = answer.members.flatMap((member) =>
      member.peerURLs.map((url) => `${member.ID === answer.member.ID ? name : member.name}=${url}`),
    );
    const added = `Member ${padded(answer.member.ID)} added${isLearner ? ' as learner ' : ' '}to cluster ${padded(answer.header.cluster_id)}`;
    return {
      simple: lines([
        added,
        '',
        `ETCD_NAME=${goQuote(name)}`,
        `ETCD_INITIAL_CLUSTER=${goQuote(conf.join(','))}`,
        `ETCD_INITIAL_ADVERTISE_PEER_URLS=${goQuote(peerURLs.join(','))}`,
        'ETCD_INITIAL_CLUSTER_STATE="existing"',
      ]),
      json: answerJson(answer),
    };
  },
});

/** `etcd members remove`. */
export const membersRemove: Command = defineServerCommand<{ readonly id: string }>({
  use: 'remove MEMBER-ID',
  description: `Remove a member from the cluster for good.

 etcd refuses when the others could not form a quorum. The member cannot come back with its old data.`,
  examples: [
    { comment: 'By the number that members list shows', command: 'kubectl etcd members remove 8211f1d0f64f3269' },
  ],
  flags: [],
  formats: ['simple', 'json'],
  parse: idOnly,
  async run({ id }, server) {
    const answer = await server.change('Cluster/MemberRemove', { ID: id });
    return showMember(`Member ${padded(id)} removed from cluster`, answer);
  },
});

/** `etcd members promote`. */
export const membersPromote: Command = defineServerCommand<{ readonly id: string }>({
  use: 'promote MEMBER-ID',
  description: 'Give a learner its vote. etcd refuses as long as the learner has not caught up with the leader.',
  examples: [{ comment: 'A learner', command: 'kubectl etcd members promote 8211f1d0f64f3269' }],
  flags: [],
  formats: ['simple', 'json'],
  parse: idOnly,
  async run({ id }, server) {
    const answer = await server.change('Cluster/MemberPromote', { ID: id });
    return showMember(`Member ${padded(id)} promoted in cluster`, answer);
  },
});

/** `etcd members update`. */
export const membersUpdate: Command = defineServerCommand<{
  readonly id: string;
  readonly peerURLs: readonly string[];
}>({
  use: 'update MEMBER-ID --peer-urls=URL[,URL...]',
  description: 'Change where other members reach a member.',
  examples: [
    {
      comment: 'A new address',
      command: 'kubectl etcd members update 8211f1d0f64f3269 --peer-urls=https://10.0.0.5:2380',
    },
  ],
  flags: [{ ...PEER_URLS, usage: 'Where other members reach the member from now on, separated by commas.' }],
  formats: ['simple', 'json'],
  parse: (invocation) => ({ ...idOnly(invocation), peerURLs: peerUrlsOf(invocation) }),
  async run({ id, peerURLs }, server) {
    const answer = await server.change('Cluster/MemberUpdate', { ID: id, peerURLs: [...peerURLs] });
    return showMember(`Member ${padded(id)} updated in cluster`, answer);
  },
});

function showMember(text: string, answer: AnswerOf<'Cluster/MemberRemove'>): Shown {
  return { simple: `${text} ${padded(answer.header.cluster_id)}\n`, json: answerJson(answer) };
}

function padded(id: string): string {
  return hexId(id).padStart(16);
}

function exactly({ args }: Invocation, what: string): readonly string[] {
  if (args.length !== 1 || args[0] === '') throw new UsageError(`exactly one ${what} is required, got ${args.length}`);
  return args;
}

function idOnly(invocation: Invocation): { readonly id: string } {
  const [text = ''] = exactly(invocation, 'MEMBER-ID');
  return { id: parseMemberId(text) };
}

function peerUrlsOf({ flags }: Invocation): string[] {
  const urls = flags.list('peer-urls').map((url) => url.trim());
  if (urls.length === 0) throw new UserError('--peer-urls is required: where other members reach this member');
  for (const url of urls) {
    if (!/^https?:\/\/[^/\s]+:\d+$/.test(url)) {
      throw new UserError(
        `--peer-urls: ${JSON.stringify(url)} is no peer URL; want http://HOST:PORT or https://HOST:PORT`,
      );
    }
  }
  return urls;
}
