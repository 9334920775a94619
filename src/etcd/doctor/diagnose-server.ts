import { StorageError } from '../../storage/storage-error.ts';
import type { AnswerOf, EtcdServer } from '../etcd-server.ts';
import { hexId } from '../member-id.ts';
import type { Finding } from './finding.ts';
import { sizeFindings } from './size-findings.ts';

export interface ServerRequest {
  readonly server: EtcdServer;
  /** How large a database may become; undefined when it was not said. */
  readonly quotaBytes: number | undefined;
  readonly program: string;
}

type Status = AnswerOf<'Maintenance/Status'>;

interface Member {
  readonly name: string;
  readonly endpoint: string;
  readonly isLearner: boolean;
  readonly status: Status | StorageError;
  /** As it was said, or as the member tells. */
  readonly quotaBytes: number | undefined;
}

/** A member may be so many log entries or revisions behind without a reason to worry. */
const LAG = 5000;

/** Asks every member how it is: alarms, leader, size, how far it is behind. Rejects with StorageError when none answers. */
export async function diagnoseServer({ server, quotaBytes, program }: ServerRequest): Promise<Finding[]> {
  const [{ alarms }, { members: list }] = await Promise.all([
    server.read('Maintenance/Alarm', { action: 'Get', alarm: 'None' }),
    server.read('Cluster/MemberList', {}),
  ]);
  const reached = await reachedMembers(server);
  const members = await Promise.all(
    list.map(async (each): Promise<Member> => {
      // A member that never started has no name and no address of its own.
      const name = each.name || hexId(each.ID);
      const { isLearner } = each as { readonly isLearner?: boolean };
      const known = reached.get(each.ID);
      const endpoint = known?.endpoint ?? each.clientURLs[0] ?? '';
      const status = known?.status ?? (await statusOf(server, endpoint));
      const isUp = !(status instanceof StorageError);
      const quota = quotaBytes ?? (isUp ? await server.at(endpoint).quotaBytes() : undefined);
      return { name, endpoint, isLearner: isLearner === true, status, quotaBytes: quota };
    }),
  );
  const named = new Map(list.map((each) => [each.ID, each.name || hexId(each.ID)]));
  return [
    ...alarms.map(({ alarm, memberID }) => alarmFinding(alarm, named.get(memberID) ?? hexId(memberID), program)),
    ...members.flatMap((member) => memberFindings(member, program)),
    ...lagFindings(members, program),
  ];
}

/** The members behind the endpoints that were given: what members call themselves may not be reached from here. */
async function reachedMembers(
  server: EtcdServer,
): Promise<Map<string, { readonly endpoint: string; readonly status: Status }>> {
  const found = await Promise.all(
    server.endpoints.map(async (endpoint) => ({ endpoint, status: await statusOf(server, endpoint) })),
  );
  return new Map(
    found.flatMap(({ endpoint, status }) =>
      status instanceof StorageError ? [] : [[status.header.member_id, { endpoint, status }] as const],
    ),
  );
}

async function statusOf(server: EtcdServer, endpoint: string): Promise<Status | StorageError> {
  if (endpoint === '') return new StorageError('Unavailable', 'it has never started');
  try {
    return await server.at(endpoint).read('Maintenance/Status', {});
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}

/** An alarm as etcd names it: `Nospace` or `NOSPACE`, `Corrupt`. */
export function alarmFinding(alarm: string, member: string, program: string): Finding {
  const isSpace = alarm.toUpperCase() === 'NOSPACE';
  return {
    severity: 'critical',
    code: isSpace ? 'alarm-nospace' : 'alarm-corrupt',
    subject: member,
    message: isSpace
      ? 'the database is full: etcd refuses all writes'
      : `the alarm ${alarm.toUpperCase()}: this member's data differ from the others'`,
    remedy: isSpace
      ? `see what fills it: ${program} etcd usage; then ${program} etcd compact REVISION && ${program} etcd defrag --cluster && ${program} etcd alarms disarm`
      : `save a snapshot of a member that is whole, then remove this one and add it anew: ${program} etcd members remove`,
  };
}

function memberFindings(member: Member, program: string): Finding[] {
  const { name, endpoint, isLearner, status, quotaBytes } = member;
  const subject = endpoint === '' ? name : `${name} (${endpoint})`;
  if (status instanceof StorageError) {
    const remedy = `${program} etcd health --cluster`;
    return [{ severity: 'error', code: 'member-down', subject, message: `does not answer: ${status.message}`, remedy }];
  }
  const findings = sizeFindings({
    subject,
    sizeBytes: Number(status.dbSize),
    usedBytes: Number(status.dbSizeInUse),
    quotaBytes,
    program,
  });
  if (quotaBytes === undefined) {
    const message = 'does not tell its quota; the default of etcd, 2 GiB, is assumed';
    const remedy = `${program} etcd doctor --quota-bytes=BYTES`;
    findings.push({ severity: 'info', code: 'quota-unknown', subject, message, remedy });
  }
  if (isNobody(status.leader)) {
    const message = 'knows no leader: the cluster has lost its quorum, and nothing can be written';
    const remedy = `${program} etcd status --cluster`;
    findings.push({ severity: 'critical', code: 'no-leader', subject, message, remedy });
  }
  if (isLearner) {
    const message = 'is a learner and has no vote';
    findings.push({ severity: 'info', code: 'learner', subject, message, remedy: `${program} etcd members promote` });
  }
  return findings;
}

const isNobody = (leader: string): boolean => leader === '0' || leader === '';

/** Members that are behind the one that is furthest. */
function lagFindings(members: readonly Member[], program: string): Finding[] {
  const alive = members.flatMap(({ name, endpoint, status }) =>
    status instanceof StorageError ? [] : [{ name, endpoint, status }],
  );
  const applied = Math.max(0, ...alive.map(({ status }) => Number(status.raftAppliedIndex)));
  const revision = Math.max(0, ...alive.map(({ status }) => Number(status.header.revision)));
  return alive.flatMap(({ name, endpoint, status }): Finding[] => {
    const behind = applied - Number(status.raftAppliedIndex);
    const revisions = revision - Number(status.header.revision);
    if (behind <= LAG && revisions <= LAG) return [];
    const message = `${behind} log entries and ${revisions} revisions behind: it answers with what is old`;
    const remedy = `${program} etcd status --cluster`;
    return [{ severity: 'warning', code: 'member-behind', subject: `${name} (${endpoint})`, message, remedy }];
  });
}
