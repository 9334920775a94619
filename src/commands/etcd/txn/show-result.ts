import { goQuote } from '../../../model/go-text.ts';
import { compactJson } from '../../../model/json-printer.ts';
import type { KeyValue, OperationResult, TxnResult } from '../../../storage/storage.ts';

/** A transaction's outcome as etcdctl's `-w simple` prints it. With `hex`, keys and values as `\x6b\x65\x79`. */
export function simpleResult({ succeeded, results }: TxnResult, hex: boolean): Buffer {
  const parts: Buffer[] = [line(succeeded ? 'SUCCESS' : 'FAILURE')];
  for (const result of results) parts.push(line(''), ...simpleParts(result, hex));
  return Buffer.concat(parts);
}

function simpleParts(result: OperationResult, hex: boolean): Buffer[] {
  const shown = (kvs: readonly KeyValue[]): Buffer[] =>
    kvs.flatMap(({ key, value }) => [line(hex ? hexText(key) : key), line(hex ? hexText(value) : value)]);
  switch (result.type) {
    case 'range':
      return shown(result.kvs);
    case 'put':
      return [line('OK'), ...shown(result.prevKv === undefined ? [] : [result.prevKv])];
    case 'delete':
      return [line(String(result.deleted)), ...shown(result.prevKvs)];
  }
}

function line(text: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.from('\n')]);
}

function hexText(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/../g, String.raw`\x$&`);
}

/** A transaction's outcome as etcdctl's `-w json` prints it; of the header it has the revision alone. */
export function jsonResult({ revision, succeeded, results }: TxnResult): string {
  const header = { revision };
  const responses = results.map((result) => ({ Response: jsonResponse(result, header) }));
  return `${compactJson(withoutEmpty({ header, succeeded, responses }))}\n`;
}

function jsonResponse(result: OperationResult, header: object): object {
  switch (result.type) {
    case 'range': {
      const { kvs, more, count } = result;
      return { ResponseRange: withoutEmpty({ header, kvs: kvs.map(jsonKeyValue), more, count }) };
    }
    case 'put':
      return {
        ResponsePut: { header, ...(result.prevKv === undefined ? {} : { prev_kv: jsonKeyValue(result.prevKv) }) },
      };
    case 'delete': {
      const { deleted, prevKvs } = result;
      return { ResponseDeleteRange: withoutEmpty({ header, deleted, prev_kvs: prevKvs.map(jsonKeyValue) }) };
    }
  }
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

/** A transaction's outcome as etcdctl's `-w fields` prints it, without the headers' cluster, member and term. */
export function fieldsResult({ revision, succeeded, results }: TxnResult): string {
  const header = `"Revision" : ${revision}`;
  const texts = [header, `"Succeeded" : ${succeeded}`, ...results.flatMap((each) => [header, ...fieldsOf(each)])];
  return texts.map((text) => `${text}\n`).join('');
}

function fieldsOf(result: OperationResult): string[] {
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

function keyValueFields(
  prefix: string,
  { key, createRevision, modRevision, version, value, lease }: KeyValue,
): string[] {
  return [
    `"${prefix}Key" : ${goQuote(key.toString('utf8'))}`,
    `"${prefix}CreateRevision" : ${createRevision}`,
    `"${prefix}ModRevision" : ${modRevision}`,
    `"${prefix}Version" : ${version}`,
    `"${prefix}Value" : ${goQuote(value.toString('utf8'))}`,
    `"${prefix}Lease" : ${lease}`,
  ];
}
