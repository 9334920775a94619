import { checkRevision } from '../../etcd/past/compact-revision.ts';
import { resolveKey } from '../../etcd/resolve-key.ts';
import { jsonDocument, keyText, type ValueFormat, valueBytes, yamlDocument } from '../../etcd/show-key-value.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { KeyRange, KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context, OutputStream } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { atRevisionFlag, atRevisionOf } from './at-revision-flag.ts';
import { valueFormatFlag, valueFormatOf } from './format-flag.ts';

interface EtcdGetOptions {
  readonly key: string;
  readonly asPrefix: boolean;
  readonly keysOnly: boolean;
  readonly countOnly: boolean;
  readonly limit: number;
  /** 0 is now. */
  readonly revision: number;
  readonly format: ValueFormat;
}

const PAGE = 500;

/** `etcd get`: keys with their values, decoded where they are Kubernetes objects. */
export const etcdGet: Command = defineCommand<EtcdGetOptions>({
  use: 'get (KEY | API-PATH) [--prefix]',
  description: `Show what is stored under a key, a prefix, or the API path of an object.

 Values that are Kubernetes objects are decoded, protobuf included; others are shown as text or base64. A key that does not exist is an error.`,
  examples: [
    { comment: 'One object by its key', command: 'kubectl etcd get /registry/pods/default/my-pod' },
    { comment: 'The same by its API path', command: 'kubectl etcd get /api/v1/namespaces/default/pods/my-pod' },
    { comment: 'The keys of all config maps', command: 'kubectl etcd get /registry/configmaps/ --prefix --keys-only' },
    { comment: 'The stored bytes themselves', command: 'kubectl etcd get /registry/pods/default/my-pod -o raw' },
  ],
  flags: [
    valueFormatFlag,
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Show all keys that start with KEY.' },
    { name: 'keys-only', type: 'bool', default: 'false', usage: 'Show keys without values.' },
    { name: 'count-only', type: 'bool', default: 'false', usage: 'Show how many keys there are.' },
    { name: 'limit', type: 'int64', default: '0', usage: 'Show at most this many keys; 0 shows all.' },
    atRevisionFlag,
    { name: 'rev', type: 'int64', default: '0', usage: 'Show what was stored at this revision; 0 is now.' },
  ],
  parse({ args, flags }) {
    const [key, ...more] = args;
    if (key === undefined || more.length > 0) throw new UsageError(`exactly one KEY is required, got ${args.length}`);
    if (flags.int('limit') < 0) throw new UserError('--limit must not be negative');
    return {
      key,
      asPrefix: flags.bool('prefix'),
      keysOnly: flags.bool('keys-only'),
      countOnly: flags.bool('count-only'),
      limit: flags.int('limit'),
      revision: atRevisionOf(flags),
      format: valueFormatOf(flags),
    };
  },
  run,
});

async function run(options: EtcdGetOptions, context: Context): Promise<void> {
  const resolved = resolveKey(options.key, { prefix: context.keyPrefix, asPrefix: options.asPrefix });
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const { out } = context.streams;
  if (options.revision > 0) await checkRevision(storage, options.revision);
  if (options.countOnly) {
    const { count } = await storage.range({ ...resolved.range, countOnly: true, revision: options.revision });
    out.write(`${count}\n`);
    return;
  }
  if (options.format === 'json') {
    return printJsonDocument(options, resolved.range, { ...resolved, storage, values, out });
  }
  let shown = 0;
  for await (const kv of rangeByPage(storage, resolved.range, options)) {
    out.write(shownValue(kv, options, { index: shown++, values }));
  }
  if (shown === 0 && resolved.single) throw missing(resolved.text);
}

function missing(key: string): UserError {
  return new UserError(`key ${JSON.stringify(key)} not found`);
}

function shownValue(
  kv: KeyValue,
  { keysOnly, format }: EtcdGetOptions,
  { index, values }: { index: number; values: ValueTransformer },
): string | Uint8Array {
  if (keysOnly) return `${keyText(kv.key)}\n`;
  if (format === 'yaml') return `${index === 0 ? '' : '---\n'}${yamlDocument(kv, values)}`;
  return format === 'json' ? '' : valueBytes(kv.value, format);
}

interface JsonTarget {
  readonly storage: Storage;
  readonly values: ValueTransformer;
  readonly out: OutputStream;
  readonly single: boolean;
  readonly text: string;
}

async function printJsonDocument(
  options: EtcdGetOptions,
  range: KeyRange,
  { storage, values, out, single, text }: JsonTarget,
): Promise<void> {
  const { revision } = await storage.range({ ...range, countOnly: true, revision: options.revision });
  const kvs: KeyValue[] = [];
  for await (const kv of rangeByPage(storage, range, { ...options, revision: options.revision || revision })) {
    kvs.push(kv);
  }
  if (kvs.length === 0 && single) throw missing(text);
  out.write(jsonDocument(revision, kvs, options.keysOnly ? undefined : values));
}

/** The keys of a range, read page by page at one revision. */
export async function* rangeByPage(
  storage: Storage,
  range: KeyRange,
  options: { readonly limit: number; readonly revision: number; readonly keysOnly: boolean },
): AsyncGenerator<KeyValue> {
  let { key } = range;
  let { revision } = options;
  let left = options.limit === 0 ? Number.POSITIVE_INFINITY : options.limit;
  while (left > 0) {
    const page = await storage.range({
      ...range,
      key,
      revision,
      limit: Math.min(PAGE, left),
      keysOnly: options.keysOnly,
    });
    // Later pages are read as the first one was, whatever is written meanwhile.
    if (revision === 0) ({ revision } = page);
    yield* page.kvs;
    left -= page.kvs.length;
    const last = page.kvs.at(-1);
    if (!page.more || last === undefined || range.rangeEnd === undefined) return;
    key = Buffer.concat([last.key, Buffer.from([0])]);
  }
}

/** The range of every key. */
export const everyKey: KeyRange = prefixRange(Buffer.alloc(0));
