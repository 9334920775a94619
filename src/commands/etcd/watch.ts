import { resolveKey } from '../../etcd/resolve-key.ts';
import { jsonEntry, jsonKey, keyText, type ValueFormat, valueBytes, yamlDocument } from '../../etcd/show-key-value.ts';
import { compactJson } from '../../model/json-printer.ts';
import { UserError } from '../../model/user-error.ts';
import type { StorageEvent } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { OutputStream } from '../context.ts';
import { SilentExit } from '../silent-exit.ts';
import { UsageError } from '../usage-error.ts';
import { valueFormatFlag, valueFormatOf } from './format-flag.ts';

interface WatchOptions {
  readonly key: string;
  readonly asPrefix: boolean;
  readonly prevKv: boolean;
  /** 0 is from now on. */
  readonly revision: number;
  readonly format: ValueFormat;
}

/** `etcd watch`: changes of keys as they happen, decoded. */
export const etcdWatch: Command = defineCommand<WatchOptions>({
  use: 'watch (KEY | API-PATH) [--prefix]',
  description:
    'Show the changes of a key, a prefix, or an API path as they happen, until interrupted. Values are decoded as by get.',
  examples: [
    { comment: 'Changes of all pods', command: 'kubectl etcd watch /registry/pods/ --prefix' },
    { comment: 'Everything since revision 100', command: 'kubectl etcd watch /registry/ --prefix --rev=100 -o json' },
  ],
  flags: [
    valueFormatFlag,
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Watch all keys that start with KEY.' },
    { name: 'prev-kv', type: 'bool', default: 'false', usage: 'Show the value before each change too.' },
    { name: 'rev', type: 'int64', default: '0', usage: 'Begin with the changes of this revision; 0 is from now on.' },
  ],
  parse({ args, flags }) {
    const [key, ...more] = args;
    if (key === undefined || more.length > 0) throw new UsageError(`exactly one KEY is required, got ${args.length}`);
    if (flags.int('rev') < 0) throw new UserError('--rev must not be negative');
    return {
      key,
      asPrefix: flags.bool('prefix'),
      prevKv: flags.bool('prev-kv'),
      revision: flags.int('rev'),
      format: valueFormatOf(flags),
    };
  },
  async run({ key, asPrefix, prevKv, revision, format }, context) {
    const { range } = resolveKey(key, { prefix: context.keyPrefix, asPrefix });
    const [storage, values] = await Promise.all([context.storage(), context.values()]);
    const batches = storage.watch({
      ...range,
      prevKv,
      ...(revision === 0 ? {} : { startRevision: revision }),
      signal: context.signal,
    });
    const show = { format, out: context.streams.out, values };
    for await (const batch of batches) for (const event of batch.events) showEvent(event, show);
    throw new SilentExit(1);
  },
});

interface Show {
  readonly format: ValueFormat;
  readonly out: OutputStream;
  readonly values: ValueTransformer;
}

function showEvent(event: StorageEvent, show: Show): void {
  const { type, kv, prevKv } = event;
  const { format, out, values } = show;
  if (format === 'json') {
    const entry = {
      type: type.toUpperCase(),
      ...(type === 'delete' ? jsonKey(kv) : jsonEntry(kv, values)),
      ...(prevKv === undefined ? {} : { previous: jsonEntry(prevKv, values) }),
    };
    out.write(`${compactJson(entry, { sortKeys: false })}\n`);
    return;
  }
  out.write(`${type.toUpperCase()} ${keyText(kv.key)} at revision ${kv.modRevision}\n`);
  if (prevKv !== undefined) writeValue('previous: ', prevKv, { ...show, format });
  if (type === 'put') writeValue('', kv, { ...show, format });
}

function writeValue(
  title: string,
  kv: StorageEvent['kv'],
  { format, out, values }: Show & { readonly format: Exclude<ValueFormat, 'json'> },
): void {
  if (title !== '') out.write(title);
  if (format === 'yaml') {
    out.write(yamlDocument(kv, values));
    return;
  }
  const value = valueBytes(kv.value, format);
  out.write(typeof value === 'string' ? value : Buffer.concat([value, Buffer.from('\n')]));
}
