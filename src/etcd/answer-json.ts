import { compactJson } from '../model/json-printer.ts';

/** Fields in the order in which etcd's messages have them. */
const ORDER = [
  'header',
  'cluster_id',
  'member_id',
  'member',
  'members',
  'alarms',
  'memberID',
  'alarm',
  'ID',
  'name',
  'peerURLs',
  'clientURLs',
  'revision',
  'raft_term',
  'enabled',
  'authRevision',
  'roles',
  'users',
  'perm',
  'permType',
  'key',
  'range_end',
  'version',
  'dbSize',
  'leader',
  'raftIndex',
  'raftTerm',
  'raftAppliedIndex',
  'errors',
  'dbSizeInUse',
  'isLearner',
];

/** Fields that hold 64-bit numbers, which gRPC brings as decimal strings. */
const NUMBERS = new Set([
  'cluster_id',
  'member_id',
  'memberID',
  'ID',
  'revision',
  'raft_term',
  'authRevision',
  'dbSize',
  'leader',
  'raftIndex',
  'raftTerm',
  'raftAppliedIndex',
  'dbSizeInUse',
]);

/** Enums, which etcdctl prints as numbers. */
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  permType: ['Read', 'Write', 'Readwrite'],
  alarm: ['None', 'Nospace', 'Corrupt'],
};

/** A JSON value with etcd's field names, its numbers in full. */
type AnswerValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AnswerValue[]
  | { [field: string]: AnswerValue };

/** An answer of etcd as Go's encoding/json sees it: fields in etcd's order, those with their default left out, bytes in base64. */
export function answerValue(answer: object): { [field: string]: AnswerValue } {
  const rank = (name: string): number => ORDER.indexOf(name);
  const fields = Object.entries(answer).sort(([left], [right]) => rank(left) - rank(right));
  const result: { [field: string]: AnswerValue } = {};
  for (const [name, field] of fields) {
    const value = fieldValue(name, field);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** An answer as etcdctl's `-w json` prints it, with a line feed. */
export function answerJson(answer: object): string {
  return `${compactJson(answerValue(answer))}\n`;
}

function fieldValue(name: string, field: unknown): AnswerValue | undefined {
  if (field === null || field === undefined || field === false || field === '') return undefined;
  if (Buffer.isBuffer(field)) return field.length === 0 ? undefined : field.toString('base64');
  if (Array.isArray(field)) return field.length === 0 ? undefined : field.map((item) => itemValue(name, item));
  if (typeof field === 'object') return answerValue(field);
  if (typeof field === 'boolean') return field;
  return typeof field === 'string' || typeof field === 'number' ? scalarValue(name, String(field)) : undefined;
}

function scalarValue(name: string, text: string): AnswerValue | undefined {
  if (NUMBERS.has(name)) return text === '0' ? undefined : BigInt(text);
  const values = ENUMS[name];
  if (values === undefined) return text;
  return values.indexOf(text) <= 0 ? undefined : values.indexOf(text);
}

function itemValue(name: string, item: unknown): AnswerValue {
  return typeof item === 'object' && item !== null ? answerValue(item) : (fieldValue(name, item) ?? '');
}
