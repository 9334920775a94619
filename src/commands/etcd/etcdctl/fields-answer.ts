import { headerFields } from '../../../etcd/answer-header.ts';
import { goString } from '../../../model/go-template/go-bytes.ts';
import { goQuote } from '../../../model/go-text.ts';
import type { KeyValue, OperationResult, StorageEvent } from '../../../storage/storage.ts';
import { type EtcdctlAnswer, revisionHeader } from './etcdctl-answer.ts';

/** An answer as etcdctl's `-w fields` prints it: a field a line. */
export function fieldsAnswer(answer: EtcdctlAnswer): string {
  return [...headerFields(answer.header), ...bodyFields(answer)].map((text) => `${text}\n`).join('');
}

function bodyFields(answer: EtcdctlAnswer): string[] {
  switch (answer.type) {
    case 'txn': {
      const inner = headerFields(revisionHeader(answer.header.revision));
      const results = answer.results.flatMap((result) => [...inner, ...operationFields(result)]);
      return [`"Succeeded" : ${answer.succeeded}`, ...results];
    }
    case 'watch':
      return answer.events.flatMap(eventFields);
    case 'range':
    case 'put':
    case 'delete':
      return operationFields(answer);
  }
}

function operationFields(result: OperationResult): string[] {
  switch (result.type) {
    case 'range':
      return [
        ...result.kvs.flatMap((kv) => keyValueFields('', kv)),
        `"More" : ${result.more}`,
        `"Count" : ${result.count}`,
      ];
    case 'put':
      return result.prevKv === undefined ? [] : keyValueFields('Prev', result.prevKv);
    case 'delete':
      return [`"Deleted" : ${result.deleted}`, ...result.prevKvs.flatMap((kv) => keyValueFields('Prev', kv))];
  }
}

function eventFields({ type, kv, prevKv }: StorageEvent): string[] {
  const previous = prevKv === undefined ? [] : keyValueFields('Prev', prevKv);
  return [`"Type" : ${type.toUpperCase()}`, ...previous, ...keyValueFields('', kv)];
}

function keyValueFields(
  prefix: string,
  { key, createRevision, modRevision, version, value, lease }: KeyValue,
): string[] {
  return [
    `"${prefix}Key" : ${goQuote(goString(key))}`,
    `"${prefix}CreateRevision" : ${createRevision}`,
    `"${prefix}ModRevision" : ${modRevision}`,
    `"${prefix}Version" : ${version}`,
    `"${prefix}Value" : ${goQuote(goString(value))}`,
    `"${prefix}Lease" : ${lease}`,
  ];
}
