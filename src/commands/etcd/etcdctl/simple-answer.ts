import type { KeyValue, OperationResult, StorageEvent } from '../../../storage/storage.ts';
import type { EtcdctlAnswer } from './etcdctl-answer.ts';

export interface SimpleOptions {
  /** Keys and values as `\x6b\x65\x79`. */
  readonly hex: boolean;
  readonly valueOnly: boolean;
}

/** An answer as etcdctl's `-w simple` prints it. */
export function simpleAnswer(answer: EtcdctlAnswer, options: SimpleOptions): Buffer {
  switch (answer.type) {
    case 'txn':
      return Buffer.concat([
        line(answer.succeeded ? 'SUCCESS' : 'FAILURE'),
        ...answer.results.flatMap((result) => [line(''), ...operationLines(result, options)]),
      ]);
    case 'watch':
      return Buffer.concat(answer.events.flatMap((event) => eventLines(event, options)));
    case 'range':
    case 'put':
    case 'delete':
      return Buffer.concat(operationLines(answer, options));
  }
}

function operationLines(result: OperationResult, options: SimpleOptions): Buffer[] {
  const shown = (kvs: readonly KeyValue[]): Buffer[] => kvs.flatMap((kv) => keyValueLines(kv, options));
  switch (result.type) {
    case 'range':
      return shown(result.kvs);
    case 'put':
      return [line('OK'), ...shown(result.prevKv === undefined ? [] : [result.prevKv])];
    case 'delete':
      return [line(String(result.deleted)), ...shown(result.prevKvs)];
  }
}

function eventLines({ type, kv, prevKv }: StorageEvent, options: SimpleOptions): Buffer[] {
  const previous = prevKv === undefined ? [] : keyValueLines(prevKv, options);
  return [line(type.toUpperCase()), ...previous, ...keyValueLines(kv, options)];
}

function keyValueLines({ key, value }: KeyValue, { hex, valueOnly }: SimpleOptions): Buffer[] {
  const shown = (bytes: Buffer): Buffer => line(hex ? hexText(bytes) : bytes);
  return valueOnly ? [shown(value)] : [shown(key), shown(value)];
}

function line(text: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.from('\n')]);
}

function hexText(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/../g, String.raw`\x$&`);
}
