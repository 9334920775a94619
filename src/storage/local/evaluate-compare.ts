import type { Compare } from '../storage.ts';
import { keySpan } from './key-span.ts';
import type { RecordReader } from './record-reader.ts';
import { revisionOf, type LogRecord } from './record.ts';

const JUDGES: Record<Compare['result'], (order: number) => boolean> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
};

/** Whether a condition holds for every key of its range; an empty range is judged as one missing key. */
export function evaluateCompare(reader: RecordReader, compare: Compare): boolean {
  let found = false;
  let holds = true;
  reader.scan(keySpan(compare), undefined, (record) => {
    found = true;
    holds = judge(compare, order(compare, record));
    return holds;
  });
  if (found) return holds;
  // etcd cannot tell an absent value from an empty one, and so compares neither.
  return compare.target !== 'value' && judge(compare, compareNumbers(0, compare.operand));
}

function order(compare: Compare, record: LogRecord): number {
  if (compare.target === 'value') return Buffer.compare(record.value, compare.operand);
  if (compare.target === 'lease') return compareNumbers(record.lease, compare.operand);
  const actual = { version: record.version, create: record.createRevision, mod: revisionOf(record.id) };
  return compareNumbers(actual[compare.target], compare.operand);
}

function judge(compare: Compare, order: number): boolean {
  return JUDGES[compare.result](order);
}

function compareNumbers(one: number | bigint, other: number | bigint): number {
  if (one < other) return -1;
  return one > other ? 1 : 0;
}
