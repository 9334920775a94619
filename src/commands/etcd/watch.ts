import { jsonEntry, jsonKey, keyText, type ValueFormat, valueBytes, yamlDocument } from '../../etcd/show-key-value.ts';
import { compactJson } from '../../model/json-printer.ts';
import { goString } from '../../model/go-template/go-bytes.ts';
import { goQuote } from '../../model/go-text.ts';
import { UserError } from '../../model/user-error.ts';
import type { Storage, StorageEvent, WatchBatch } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context, OutputStream } from '../context.ts';
import { runChild } from '../run-child.ts';
import { SilentExit } from '../silent-exit.ts';
import { headerOf } from './etcdctl/etcdctl-answer.ts';
import { etcdctlFormFlags, etcdctlFormOf, type EtcdctlForm, inEtcdctlForm } from './etcdctl/etcdctl-form.ts';
import { type KeyArguments, keyArguments, keysOf } from './etcdctl/key-arguments.ts';
import { valueFormatFlag, valueFormatOf } from './format-flag.ts';

interface WatchOptions {
  readonly keys: KeyArguments;
  readonly prevKv: boolean;
  /** 0 is from now on. */
  readonly revision: number;
  readonly progress: boolean;
  /** A program to run for each change; empty for none. */
  readonly program: readonly string[];
  readonly format: ValueFormat;
  /** Undefined for kube-lite's own form. */
  readonly form: EtcdctlForm | undefined;
}

/** `etcd watch`: changes of keys as they happen, decoded. */
export const etcdWatch: Command = defineCommand<WatchOptions>({
  use: 'watch (KEY [RANGE-END] | API-PATH) [--prefix] [-- PROGRAM [ARGUMENT...]]',
  description:
    "Show the changes of a key, a prefix, or an API path as they happen, until interrupted. Values are decoded as by get; with -w or --hex they are shown in etcdctl's bytes. A program behind -- runs for each change, with ETCD_WATCH_REVISION, ETCD_WATCH_EVENT_TYPE, ETCD_WATCH_KEY and ETCD_WATCH_VALUE in its environment, quoted as etcdctl quotes them.",
  examples: [
    { comment: 'Changes of all pods', command: 'kubectl etcd watch /registry/pods/ --prefix' },
    { comment: 'Everything since revision 100', command: 'kubectl etcd watch /registry/ --prefix --rev=100 -o json' },
  ],
  flags: [
    valueFormatFlag,
    ...etcdctlFormFlags,
    {
      name: 'progress-notify',
      type: 'bool',
      default: 'false',
      usage: 'Say now and then how far the watch has come while nothing changes.',
    },
    {
      name: 'interactive',
      short: 'i',
      type: 'bool',
      default: 'false',
      usage: "Refused: etcdctl's dialogue of several watches is not offered.",
      hidden: true,
    },
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Watch all keys that start with KEY.' },
    { name: 'prev-kv', type: 'bool', default: 'false', usage: 'Show the value before each change too.' },
    { name: 'rev', type: 'int64', default: '0', usage: 'Begin with the changes of this revision; 0 is from now on.' },
  ],
  parse(invocation) {
    const { args, flags, argsBeforeDash = args.length } = invocation;
    if (flags.bool('interactive')) {
      throw new UserError('--interactive is not offered: run one watch for each key, or watch a --prefix');
    }
    const keys = keyArguments(watchedWords(args.slice(0, argsBeforeDash), invocation.env), flags);
    if (flags.int('rev') < 0) throw new UserError('--rev must not be negative');
    return {
      keys,
      prevKv: flags.bool('prev-kv'),
      revision: flags.int('rev'),
      progress: flags.bool('progress-notify'),
      program: args.slice(argsBeforeDash),
      format: valueFormatOf(flags),
      form: etcdctlFormOf(invocation),
    };
  },
  async run(options, context) {
    const { range } = keysOf(options.keys, context.keyPrefix);
    const [storage, values] = await Promise.all([context.storage(), context.values()]);
    const { prevKv, revision, progress, form } = options;
    const batches = storage.watch({
      ...range,
      prevKv,
      progress,
      ...(revision === 0 ? {} : { startRevision: revision }),
      signal: context.signal,
    });
    const show = { format: options.format, out: context.streams.out, values };
    let isMade = false;
    for await (const batch of batches) {
      if (batch.events.length === 0 && isMade) show.out.write(`progress notify: ${batch.revision}\n`);
      if (form === undefined) for (const event of batch.events) showEvent(event, show);
      else if (batch.events.length > 0 || isMade) show.out.write(etcdctlBatch(batch, storage, form));
      isMade = true;
      if (options.program.length > 0) for (const event of batch.events) await runFor(event, options.program, context);
    }
    throw new SilentExit(1);
  },
});

/** What is watched: the words given, or etcdctl's variables when there are none. */
function watchedWords(words: readonly string[], env: Context['env']): readonly string[] {
  const key = env['ETCDCTL_WATCH_KEY'];
  if (words.length > 0 || !key) return words;
  const rangeEnd = env['ETCDCTL_WATCH_RANGE_END'];
  return rangeEnd ? [key, rangeEnd] : [key];
}

function etcdctlBatch({ revision, events }: WatchBatch, storage: Storage, form: EtcdctlForm): string | Buffer {
  return inEtcdctlForm({ type: 'watch', header: headerOf(storage, revision), events }, form);
}

async function runFor({ type, kv }: StorageEvent, program: readonly string[], context: Context): Promise<void> {
  const [name = '', ...args] = program;
  const env = {
    ...context.env,
    ETCD_WATCH_REVISION: String(kv.modRevision),
    ETCD_WATCH_EVENT_TYPE: goQuote(type.toUpperCase()),
    ETCD_WATCH_KEY: goQuote(goString(kv.key)),
    ETCD_WATCH_VALUE: goQuote(goString(kv.value)),
  };
  const { failure, status } = await runChild(name, args, context, env);
  if (status !== 0) throw new UserError(`${name} failed for the change at revision ${kv.modRevision}: ${failure}`);
}

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
