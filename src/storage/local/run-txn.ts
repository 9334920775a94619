import { StorageError } from '../storage-error.ts';
import type { Operation, OperationResult, TxnRequest, TxnResult } from '../storage.ts';
import { evaluateCompare } from './evaluate-compare.ts';
import { keySpan } from './key-span.ts';
import type { LeaseTable } from './lease-table.ts';
import type { RangeOperation } from './range-operation.ts';
import type { RecordReader } from './record-reader.ts';
import { toKeyValue, type LogRecord } from './record.ts';
import type { RecordWriter } from './record-writer.ts';

/** What a transaction works with; `writer` is undefined where only reading is possible. */
export interface TxnState {
  readonly reader: RecordReader;
  readonly ranges: RangeOperation;
  readonly leases: LeaseTable;
  readonly writer: RecordWriter | undefined;
}

/**
 * Evaluates the compares and runs a branch, inside a transaction of the database. Throws before the first write when an
 * operation of the branch cannot be done: Compacted, FutureRevision or LeaseNotFound.
 */
export function runTxn(request: TxnRequest, current: number, state: TxnState): TxnResult {
  const succeeded = request.compares.every((compare) => evaluateCompare(state.reader, compare));
  const operations = succeeded ? request.success : (request.failure ?? []);
  for (const operation of operations) {
    if (operation.type === 'range') state.ranges.check(operation, current);
    if (operation.type === 'put' && operation.lease !== undefined) state.leases.require(operation.lease);
  }
  const results = operations.map((operation) => runOperation(operation, current, state));
  const wrote = (state.writer?.written ?? 0) > 0;
  return { revision: wrote ? current + 1 : current, succeeded, results };
}

function runOperation(operation: Operation, current: number, state: TxnState): OperationResult {
  const { writer } = state;
  if (operation.type === 'range') {
    return { type: 'range', ...state.ranges.run(operation, current, (writer?.written ?? 0) > 0) };
  }
  if (writer === undefined) throw new StorageError('Internal', 'a transaction that reads was asked to write');
  if (operation.type === 'put') {
    const previous = writer.put(Buffer.from(operation.key), operation.value, operation.lease ?? 0n);
    return operation.prevKv === true && previous !== undefined
      ? { type: 'put', prevKv: toKeyValue(previous) }
      : { type: 'put' };
  }
  const found: LogRecord[] = [];
  state.reader.scan(keySpan(operation), undefined, (record) => found.push(record) > 0);
  for (const record of found) writer.delete(record);
  const prevKvs = operation.prevKv === true ? found.map((record) => toKeyValue(record)) : [];
  return { type: 'delete', deleted: found.length, prevKvs };
}
