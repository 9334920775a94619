import { embeddedHeader } from '../../../etcd/answer-header.ts';
import { compactJson } from '../../../model/json-printer.ts';
import type { KeyValue, OperationResult, StorageEvent } from '../../../storage/storage.ts';
import { type EtcdctlAnswer, revisionHeader } from './etcdctl-answer.ts';

/** An answer as etcdctl's `-w json` prints it: etcd's field names in their order, those with their default left out. */
export function jsonAnswer(answer: EtcdctlAnswer): string {
  return `${compactJson(jsonMessage(answer), { sortKeys: false })}\n`;
}

function jsonMessage(answer: EtcdctlAnswer): object {
  const header = embeddedHeader(answer.header);
  switch (answer.type) {
    case 'txn': {
      const inner = embeddedHeader(revisionHeader(answer.header.revision));
      const responses = answer.results.map((result) => ({ Response: innerResponse(result, inner) }));
      return withoutEmpty({ header, succeeded: answer.succeeded, responses });
    }
    case 'watch':
      // Of this answer Go prints every field, in a struct of etcd's client.
      return {
        Header: header,
        Events: answer.events.map(jsonEvent),
        CompactRevision: 0,
        Canceled: false,
        Created: false,
      };
    case 'range':
    case 'put':
    case 'delete':
      return response(answer, header);
  }
}

function innerResponse(result: OperationResult, header: object): object {
  const name = { range: 'ResponseRange', put: 'ResponsePut', delete: 'ResponseDeleteRange' }[result.type];
  return { [name]: response(result, header) };
}

function response(result: OperationResult, header: object): object {
  switch (result.type) {
    case 'range':
      return withoutEmpty({ header, kvs: result.kvs.map(jsonKeyValue), more: result.more, count: result.count });
    case 'put':
      return { header, ...(result.prevKv === undefined ? {} : { prev_kv: jsonKeyValue(result.prevKv) }) };
    case 'delete':
      return withoutEmpty({ header, deleted: result.deleted, prev_kvs: result.prevKvs.map(jsonKeyValue) });
  }
}

function jsonEvent({ type, kv, prevKv }: StorageEvent): object {
  return {
    ...(type === 'delete' ? { type: 1 } : {}),
    kv: jsonKeyValue(kv),
    ...(prevKv === undefined ? {} : { prev_kv: jsonKeyValue(prevKv) }),
  };
}

function jsonKeyValue({ key, createRevision, modRevision, version, value, lease }: KeyValue): object {
  return withoutEmpty({
    key: key.toString('base64'),
    create_revision: createRevision,
    mod_revision: modRevision,
    version,
    value: value.toString('base64'),
    lease,
  });
}

/** Go leaves out what has its default. */
function withoutEmpty(fields: Readonly<Record<string, unknown>>): object {
  const isEmpty = (value: unknown): boolean =>
    value === 0 || value === 0n || value === false || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}
