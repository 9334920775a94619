import type {
  ICompare,
  IKeyValue,
  IRangeRequest,
  IRangeResponse,
  IRequestOp,
  IResponseOp,
  ITxnRequest,
  ITxnResponse,
} from 'etcd3';
import type {
  Compare,
  KeyRange,
  KeyValue,
  Operation,
  OperationResult,
  RangeRequest,
  RangeResult,
  TxnRequest,
  TxnResult,
} from '../storage.ts';

/** The same bytes as a Buffer, which is what the encoder takes. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function toKeyRange({ key, rangeEnd }: KeyRange): { key: Buffer; range_end?: Buffer } {
  return rangeEnd === undefined ? { key: toBuffer(key) } : { key: toBuffer(key), range_end: toBuffer(rangeEnd) };
}

export function toRangeRequest(request: RangeRequest): IRangeRequest {
  return {
    ...toKeyRange(request),
    limit: request.limit ?? 0,
    revision: request.revision ?? 0,
    keys_only: request.keysOnly ?? false,
    count_only: request.countOnly ?? false,
    ...(request.serializable === true ? { serializable: true } : {}),
  };
}

export function fromKeyValue(kv: IKeyValue): KeyValue {
  return {
    key: kv.key,
    value: kv.value,
    createRevision: Number(kv.create_revision),
    modRevision: Number(kv.mod_revision),
    version: Number(kv.version),
    lease: BigInt(kv.lease),
  };
}

export function fromRangeResponse(response: IRangeResponse, revision: number): RangeResult {
  return { revision, kvs: response.kvs.map(fromKeyValue), count: Number(response.count), more: response.more };
}

const RESULTS = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const;

/** etcd3's type lacks two fields that etcd's message has. */
type CompareMessage = ICompare & { lease?: string; range_end?: Buffer };

function toCompare(compare: Compare): CompareMessage {
  const common = { ...toKeyRange(compare), result: RESULTS[compare.result] };
  switch (compare.target) {
    case 'version':
      return { ...common, target: 'Version', version: compare.operand };
    case 'create':
      return { ...common, target: 'Create', create_revision: compare.operand };
    case 'mod':
      return { ...common, target: 'Mod', mod_revision: compare.operand };
    case 'lease':
      return { ...common, target: 'Lease', lease: compare.operand.toString() };
    case 'value':
      break;
  }
  return { ...common, target: 'Value', value: toBuffer(compare.operand) };
}

function toRequestOp(operation: Operation): IRequestOp {
  switch (operation.type) {
    case 'range':
      return { request_range: toRangeRequest(operation) };
    case 'put': {
      const { key, value, lease = 0n, prevKv = false } = operation;
      return {
        request_put: { key: toBuffer(key), value: toBuffer(value), lease: lease.toString(), prev_kv: prevKv },
      };
    }
    case 'delete':
      break;
  }
  return { request_delete_range: { ...toKeyRange(operation), prev_kv: operation.prevKv ?? false } };
}

export function toTxnRequest({ compares, success, failure = [] }: TxnRequest): ITxnRequest {
  return {
    compare: compares.map(toCompare),
    success: success.map(toRequestOp),
    failure: failure.map(toRequestOp),
  };
}

function fromResponseOp(operation: Operation, response: IResponseOp | undefined, revision: number): OperationResult {
  const { response_range: range, response_put: put, response_delete_range: deleted } = response ?? {};
  switch (operation.type) {
    case 'range':
      if (range == null) break;
      return { type: 'range', ...fromRangeResponse(range, revision) };
    case 'put':
      if (put == null) break;
      return put.prev_kv == null ? { type: 'put' } : { type: 'put', prevKv: fromKeyValue(put.prev_kv) };
    case 'delete':
      if (deleted == null) break;
      return { type: 'delete', deleted: Number(deleted.deleted), prevKvs: deleted.prev_kvs.map(fromKeyValue) };
  }
  throw new TypeError(`etcd answered a ${operation.type} operation with something else`);
}

export function fromTxnResponse(request: TxnRequest, response: ITxnResponse): TxnResult {
  const revision = Number(response.header.revision);
  const operations = response.succeeded ? request.success : (request.failure ?? []);
  const results = operations.map((operation, index) => fromResponseOp(operation, response.responses[index], revision));
  return { revision, succeeded: response.succeeded, results };
}
