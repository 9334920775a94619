import type { AnswerOf } from '../../../etcd/etcd-server.ts';
import { prefixRange } from '../../../storage/key-range.ts';
import { lines } from '../server/server-command.ts';

type Permissions = AnswerOf<'Auth/RoleGet'>['perm'];

/** The role that may do everything, which needs no permissions for that. */
const ROOT = 'root';
/** The end of a range that has none. */
const OPEN_END = '\0';

/** A role with what it may read and write, as etcdctl prints it. */
export function roleText(role: string, permissions: Permissions): string {
  if (role === ROOT && permissions.length === 0) {
    return lines([`Role ${role}`, 'KV Read:', '\t[, <open ended>', 'KV Write:', '\t[, <open ended>']);
  }
  const ranges = (kind: 'Read' | 'Write'): string[] =>
    permissions
      .filter(({ permType }) => permType === kind || permType === 'Readwrite')
      .map((each) => `\t${rangeText(each)}`);
  return lines([`Role ${role}`, 'KV Read:', ...ranges('Read'), 'KV Write:', ...ranges('Write')]);
}

function rangeText({ key, range_end: end }: Permissions[number]): string {
  const from = key.toString('utf8');
  if (end.length === 0) return from;
  const isPrefix =
    key.length > 0 &&
    prefixRange(key).rangeEnd.every((byte, index) => byte === end[index]) &&
    end.length === prefixRange(key).rangeEnd.length;
  return `${bounds(from, end.toString('utf8'))}${isPrefix ? ` (prefix ${from})` : ''}`;
}

/** A range of keys as etcdctl prints it. */
export function bounds(from: string, end: string): string {
  return end === OPEN_END ? `[${from}, <open ended>` : `[${from}, ${end})`;
}
