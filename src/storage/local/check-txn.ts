import { StorageError } from '../storage-error.ts';
import type { Operation, TxnRequest } from '../storage.ts';
import { keySpan, spanHas, type KeySpan } from './key-span.ts';

/** etcd's default of --max-txn-ops. */
const MAX_OPERATIONS = 128;

/** etcd's default of --max-request-bytes. */
const MAX_REQUEST_BYTES = 1.5 * 1024 * 1024;

/** About what a compare or an operation takes in etcd's request besides its keys and values. */
const OVERHEAD_BYTES = 16;

/** Refuses what etcd refuses before it looks at its data: InvalidArgument, TooManyOperations, TooLarge, DuplicateKey. */
export function checkTxn(request: TxnRequest): void {
  const failure = request.failure ?? [];
  if (Math.max(request.compares.length, request.success.length, failure.length) > MAX_OPERATIONS) {
    throw new StorageError(
      'TooManyOperations',
      `too many operations in a transaction; at most ${MAX_OPERATIONS} are allowed`,
    );
  }
  for (const compare of request.compares) keySpan(compare);
  for (const branch of [request.success, failure]) checkBranch(branch);
  const size = requestBytes(request);
  if (size > MAX_REQUEST_BYTES) {
    throw new StorageError('TooLarge', `request is too large: ${size} bytes, at most ${MAX_REQUEST_BYTES} are allowed`);
  }
}

/** Whether a transaction can write, whichever branch runs. */
export function mayWrite(request: TxnRequest): boolean {
  return writes(request.success) || writes(request.failure ?? []);
}

function writes(operations: readonly Operation[]): boolean {
  return operations.some((operation) => operation.type !== 'range');
}

function checkBranch(operations: readonly Operation[]): void {
  const deletes: KeySpan[] = [];
  const puts: Buffer[] = [];
  for (const operation of operations) {
    const span = keySpan(operation.type === 'put' ? { key: operation.key } : operation);
    if (operation.type === 'put') puts.push(span.start);
    if (operation.type === 'delete') deletes.push(span);
  }
  if (puts.length + deletes.length <= 1) return;
  const seen = new Set<string>();
  for (const start of puts) {
    const name = start.toString('latin1');
    if (seen.has(name) || deletes.some((span) => spanHas(span, start))) {
      throw new StorageError(
        'DuplicateKey',
        `duplicate key ${JSON.stringify(start.toString())} given in a transaction`,
      );
    }
    seen.add(name);
  }
}

function requestBytes(request: TxnRequest): number {
  let size = 0;
  for (const compare of request.compares) {
    size += OVERHEAD_BYTES + compare.key.length + (compare.rangeEnd?.length ?? 0);
    if (compare.target === 'value') size += compare.operand.length;
  }
  for (const branch of [request.success, request.failure ?? []]) {
    for (const operation of branch) {
      size += OVERHEAD_BYTES + operation.key.length;
      size += operation.type === 'put' ? operation.value.length : (operation.rangeEnd?.length ?? 0);
    }
  }
  return size;
}
