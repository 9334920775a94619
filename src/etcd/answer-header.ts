/** What every answer of etcd begins with; 64-bit numbers are decimal strings. */
export interface AnswerHeader {
  readonly cluster_id: string;
  readonly member_id: string;
  readonly revision: string;
  readonly raft_term: string;
}

/** The header as etcdctl's `-w fields` prints it, a field a line; nothing when an answer has none. */
export function headerFields(header: AnswerHeader | null | undefined): string[] {
  if (header == null) return [];
  return [
    `"ClusterID" : ${header.cluster_id}`,
    `"MemberID" : ${header.member_id}`,
    `"Revision" : ${header.revision}`,
    `"RaftTerm" : ${header.raft_term}`,
  ];
}

/** The header as Go embeds it in a message of etcd's client: its fields that are not zero. */
export function embeddedHeader(header: AnswerHeader): Record<string, bigint> {
  const { cluster_id, member_id, revision, raft_term } = header;
  const fields = Object.entries({ cluster_id, member_id, revision, raft_term });
  return Object.fromEntries(fields.filter(([, text]) => text !== '0').map(([name, text]) => [name, BigInt(text)]));
}
