import type { AnswerHeader } from '../../../etcd/answer-header.ts';
import { type Field, message } from '../../../etcd/restore/message.ts';
import type { KeyValue, OperationResult, StorageEvent } from '../../../storage/storage.ts';
import { type EtcdctlAnswer, revisionHeader } from './etcdctl-answer.ts';

/** An answer as etcdctl's `-w protobuf` prints it: the message of etcd's API (rpc.proto), without a line feed. */
export function protobufAnswer(answer: EtcdctlAnswer): Buffer {
  const header: Field = [1, headerMessage(answer.header)];
  switch (answer.type) {
    case 'txn': {
      const inner: Field = [1, headerMessage(revisionHeader(answer.header.revision))];
      return message(
        header,
        ...set([2, answer.succeeded ? 1 : 0]),
        ...answer.results.map((result): Field => [3, innerMessage(result, inner)]),
      );
    }
    case 'watch':
      return message(header, ...answer.events.map((event): Field => [11, eventMessage(event)]));
    case 'range':
    case 'put':
    case 'delete':
      return operationMessage(answer, header);
  }
}

function innerMessage(result: OperationResult, header: Field): Buffer {
  return message([{ range: 1, put: 2, delete: 3 }[result.type], operationMessage(result, header)]);
}

function operationMessage(result: OperationResult, header: Field): Buffer {
  switch (result.type) {
    case 'range': {
      const kvs = result.kvs.map((kv): Field => [2, keyValueMessage(kv)]);
      return message(header, ...kvs, ...set([3, result.more ? 1 : 0], [4, result.count]));
    }
    case 'put':
      return message(header, ...(result.prevKv === undefined ? [] : [[2, keyValueMessage(result.prevKv)] as const]));
    case 'delete': {
      const previous = result.prevKvs.map((kv): Field => [3, keyValueMessage(kv)]);
      return message(header, ...set([2, result.deleted]), ...previous);
    }
  }
}

function eventMessage({ type, kv, prevKv }: StorageEvent): Buffer {
  const previous: Field[] = prevKv === undefined ? [] : [[3, keyValueMessage(prevKv)]];
  return message(...set([1, type === 'delete' ? 1 : 0]), [2, keyValueMessage(kv)], ...previous);
}

function headerMessage({ cluster_id, member_id, revision, raft_term }: AnswerHeader): Buffer {
  return message(
    ...set([1, BigInt(cluster_id)], [2, BigInt(member_id)], [3, BigInt(revision)], [4, BigInt(raft_term)]),
  );
}

function keyValueMessage({ key, createRevision, modRevision, version, value, lease }: KeyValue): Buffer {
  return message(...set([1, key], [2, createRevision], [3, modRevision], [4, version], [5, value], [6, lease]));
}

/** The fields that do not have their default, which alone are written. */
function set(...fields: readonly Field[]): Field[] {
  return fields.filter(([, value]) => (Buffer.isBuffer(value) ? value.length > 0 : BigInt(value) !== 0n));
}
