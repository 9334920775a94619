import { checkRevision } from '../../etcd/past/compact-revision.ts';
import type { ResolvedKey } from '../../etcd/resolve-key.ts';
import { jsonDocument, keyText, type ValueFormat, valueBytes, yamlDocument } from '../../etcd/show-key-value.ts';
import type { KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context, OutputStream } from '../context.ts';
import { atRevisionFlag, atRevisionOf } from './at-revision-flag.ts';
import {
  etcdctlFormFlags,
  etcdctlFormOf,
  type EtcdctlForm,
  inEtcdctlForm,
  valueOnlyFlag,
} from './etcdctl/etcdctl-form.ts';
import { headerOf } from './etcdctl/etcdctl-answer.ts';
import { fromKeyFlag, type KeyArguments, keyArguments, keysOf } from './etcdctl/key-arguments.ts';
import { valueFormatFlag, valueFormatOf } from './format-flag.ts';
import { countRequest, orderingOf, selectedKeys, type Selection, selectionFlags } from './selected-keys.ts';

interface EtcdGetOptions extends Selection {
  readonly keys: KeyArguments;
  readonly countOnly: boolean;
  readonly format: ValueFormat;
  /** Undefined for kube-lite's own form. */
  readonly form: EtcdctlForm | undefined;
}

/** `etcd get`: keys with their values, decoded where they are Kubernetes objects. */
export const etcdGet: Command = defineCommand<EtcdGetOptions>({
  use: 'get (KEY [RANGE-END] | API-PATH) [--prefix | --from-key]',
  description: `Show what is stored under a key, a prefix, or the API path of an object.

 Values that are Kubernetes objects are decoded, protobuf included; others are shown as text or base64. A key that does not exist is an error. With -w, --hex or --print-value-only the bytes are etcdctl's: nothing is decoded, and of a key that does not exist nothing is shown.`,
  examples: [
    { comment: 'One object by its key', command: 'kubectl etcd get /registry/pods/default/my-pod' },
    { comment: 'The same by its API path', command: 'kubectl etcd get /api/v1/namespaces/default/pods/my-pod' },
    { comment: 'The keys of all config maps', command: 'kubectl etcd get /registry/configmaps/ --prefix --keys-only' },
    { comment: 'What etcdctl prints', command: 'kubectl etcd get /a /c -w json' },
    { comment: 'The stored bytes themselves', command: 'kubectl etcd get /registry/pods/default/my-pod -o raw' },
  ],
  flags: [
    valueFormatFlag,
    ...etcdctlFormFlags,
    valueOnlyFlag,
    fromKeyFlag,
    ...selectionFlags,
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Show all keys that start with KEY.' },
    { name: 'keys-only', type: 'bool', default: 'false', usage: 'Show keys without values.' },
    { name: 'count-only', type: 'bool', default: 'false', usage: 'Show how many keys there are.' },
    { name: 'limit', type: 'int64', default: '0', usage: 'Show at most this many keys; 0 shows all.' },
    atRevisionFlag,
    { name: 'rev', type: 'int64', default: '0', usage: 'Show what was stored at this revision; 0 is now.' },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    const keys = keyArguments(args, flags);
    if (flags.int('limit') < 0) throw new UserError('--limit must not be negative');
    const form = etcdctlFormOf(invocation);
    if (flags.bool('keys-only') && flags.bool('count-only')) {
      throw new UserError('--keys-only and --count-only exclude each other');
    }
    return {
      keys,
      ...orderingOf(flags),
      keysOnly: flags.bool('keys-only'),
      countOnly: flags.bool('count-only'),
      limit: flags.int('limit'),
      revision: atRevisionOf(flags),
      format: valueFormatOf(flags),
      form,
    };
  },
  run,
});

async function run(options: EtcdGetOptions, context: Context): Promise<void> {
  const resolved = keysOf(options.keys, context.keyPrefix);
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const { out } = context.streams;
  if (options.revision > 0) await checkRevision(storage, options.revision);
  if (options.form !== undefined) {
    out.write(await etcdctlBytes(options, options.form, { storage, resolved }));
    return;
  }
  if (options.countOnly) {
    const { count } = await storage.range(countRequest(resolved.range, options));
    out.write(`${count}\n`);
    return;
  }
  if (options.format === 'json') return printJsonDocument(options, { storage, resolved, values, out });
  let shown = 0;
  for await (const kv of selectedKeys(storage, resolved.range, options)) {
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

interface Source {
  readonly storage: Storage;
  readonly resolved: ResolvedKey;
}

async function etcdctlBytes(
  options: EtcdGetOptions,
  form: EtcdctlForm,
  { storage, resolved: { range } }: Source,
): Promise<string | Buffer> {
  if (options.countOnly) {
    if (form.format === 'simple') {
      throw new UserError('--count-only shows nothing with --write-out=simple; want fields');
    }
    const { count, revision } = await storage.range(countRequest(range, options));
    const header = headerOf(storage, revision);
    return inEtcdctlForm({ type: 'range', header, revision, kvs: [], more: false, count }, form);
  }
  let first = { count: 0, revision: 0 };
  let header = headerOf(storage, 0);
  const kvs: KeyValue[] = [];
  const selected = selectedKeys(storage, range, options, (page) => {
    first = page;
    header = headerOf(storage, page.revision);
  });
  for await (const kv of selected) kvs.push(kv);
  return inEtcdctlForm({ type: 'range', header, ...first, kvs, more: kvs.length < first.count }, form);
}

async function printJsonDocument(
  options: EtcdGetOptions,
  { storage, resolved, values, out }: Source & { readonly values: ValueTransformer; readonly out: OutputStream },
): Promise<void> {
  const { range, single, text } = resolved;
  const { revision } = await storage.range(countRequest(range, options));
  const kvs: KeyValue[] = [];
  const at = { ...options, revision: options.revision || revision };
  for await (const kv of selectedKeys(storage, range, at)) kvs.push(kv);
  if (kvs.length === 0 && single) throw missing(text);
  out.write(jsonDocument(revision, kvs, options.keysOnly ? undefined : values));
}
