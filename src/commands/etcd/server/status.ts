import { answerValue } from '../../../etcd/answer-json.ts';
import { headerFields } from '../../../etcd/answer-header.ts';
import type { AnswerOf, EtcdServer } from '../../../etcd/etcd-server.ts';
import { hexId } from '../../../etcd/member-id.ts';
import { goQuote } from '../../../model/go-text.ts';
import { compactJson } from '../../../model/json-printer.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command } from '../../command.ts';
import { SilentExit } from '../../silent-exit.ts';
import { UsageError } from '../../usage-error.ts';
import { etcdctlSize } from '../etcdctl-table.ts';
import { chosenEndpoints, clusterFlag } from './cluster-endpoints.ts';
import { defineServerCommand, lines, showRows } from './server-command.ts';

type Status = AnswerOf<'Maintenance/Status'>;

interface EndpointStatus {
  readonly endpoint: string;
  readonly status: Status;
}

const HEADER = [
  'endpoint',
  'ID',
  'version',
  'db size',
  'is leader',
  'is learner',
  'raft term',
  'raft index',
  'raft applied index',
  'errors',
];

/** `etcd status`: what each endpoint says of itself. */
export const etcdStatus: Command = defineServerCommand<{ readonly cluster: boolean }>({
  use: 'status [--cluster]',
  description: `Show what each endpoint says of itself: version, size, leader, raft's progress and its troubles.

 Output is that of etcdctl endpoint status. An endpoint that does not answer is told on standard error, after which the exit status is 1.`,
  examples: [
    {
      comment: 'All members of the cluster that one of them belongs to',
      command: 'kubectl etcd status --cluster -w table',
    },
  ],
  flags: [clusterFlag],
  formats: ['simple', 'table', 'json', 'fields'],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`status takes no arguments, got ${args.length}`);
    return { cluster: flags.bool('cluster') };
  },
  async run({ cluster }, server, { streams }) {
    const endpoints = await chosenEndpoints(server, cluster);
    const tell = (text: string): void => streams.err.write(text);
    const found = await Promise.all(endpoints.map((endpoint) => statusOf(server, endpoint, tell)));
    const all = found.filter((each) => each !== undefined);
    return {
      ...showRows(HEADER, all.map(rowOf)),
      json: `${compactJson(all.map(({ endpoint, status }) => ({ Endpoint: endpoint, Status: answerValue(status) })))}\n`,
      fields: lines(all.flatMap(fieldsOf)),
      ...(all.length === endpoints.length ? {} : { failure: new SilentExit(1) }),
    };
  },
});

async function statusOf(
  server: EtcdServer,
  endpoint: string,
  tell: (text: string) => void,
): Promise<EndpointStatus | undefined> {
  try {
    return { endpoint, status: await server.at(endpoint).read('Maintenance/Status', {}) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const hint = error.hint === undefined ? '' : `\n${error.hint}`;
    tell(`error: failed to get the status of endpoint ${endpoint}: ${error.message}${hint}\n`);
    return undefined;
  }
}

function rowOf({ endpoint, status }: EndpointStatus): string[] {
  return [
    endpoint,
    hexId(status.header.member_id),
    status.version,
    etcdctlSize(Number(status.dbSize)),
    String(status.leader === status.header.member_id),
    String(status.isLearner),
    status.raftTerm,
    status.raftIndex,
    status.raftAppliedIndex,
    status.errors.join(', '),
  ];
}

function fieldsOf({ endpoint, status }: EndpointStatus): string[] {
  return [
    ...headerFields(status.header),
    `"Version" : ${goQuote(status.version)}`,
    `"DBSize" : ${status.dbSize}`,
    `"Leader" : ${status.leader}`,
    `"IsLearner" : ${status.isLearner}`,
    `"RaftIndex" : ${status.raftIndex}`,
    `"RaftTerm" : ${status.raftTerm}`,
    `"RaftAppliedIndex" : ${status.raftAppliedIndex}`,
    `"Errors" : [${status.errors.join(' ')}]`,
    `"Endpoint" : ${goQuote(endpoint)}`,
    '',
  ];
}
