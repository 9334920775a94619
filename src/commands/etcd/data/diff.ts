import { checkRevision } from '../../../etcd/past/compact-revision.ts';
import { scanPages } from '../../../etcd/past/scan-pages.ts';
import { keyText } from '../../../etcd/show-key-value.ts';
import { UserError } from '../../../model/user-error.ts';
import { unifiedDiff } from '../../../printers/unified-diff.ts';
import type { KeyRange, KeyValue, Storage } from '../../../storage/storage.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SilentExit } from '../../silent-exit.ts';
import { UsageError } from '../../usage-error.ts';
import { comparableTexts, readValue, type TextOptions } from './comparable-text.ts';
import { compareFlags, type CompareOptions, compareOptions } from './compare-flags.ts';
import { namedKey } from './named-key.ts';

interface DiffOptions extends CompareOptions {
  readonly word: string;
  readonly from: number;
  /** 0 is now. */
  readonly to: number;
}

/** `etcd diff`: what changed between two revisions. Exits 0 without a difference, 1 with one, 2 after an error. */
export const etcdDiff: Command = defineCommand<DiffOptions>({
  use: 'diff (KEY | API-PATH | KIND/NAME | KIND | PREFIX/) --from=REVISION [--to=REVISION]',
  description: `Show what changed between two revisions of the store, or between a revision and now: of an object, or of all keys of a kind, an API path, or a prefix that ends with a slash.

 Objects are compared as YAML; values of Secrets are shown as asterisks. Exit status: 0 when nothing differs, 1 when something does, 2 after an error.`,
  examples: [
    {
      comment: 'What became of a config map since revision 2',
      command: 'kubectl etcd diff configmap/my-config --from=2',
    },
    {
      comment: 'All that changed in a namespace between two revisions',
      command: 'kubectl etcd diff /registry/configmaps/default/ --from=2 --to=3',
    },
  ],
  errorStatus: 2,
  flags: [
    ...compareFlags,
    { name: 'from', type: 'int64', usage: 'The older revision.' },
    { name: 'to', type: 'string', default: 'now', usage: 'The newer revision, or now.' },
  ],
  parse({ args, flags }) {
    const [word, ...more] = args;
    if (word === undefined || more.length > 0) {
      throw new UsageError(`exactly one KEY or KIND/NAME is required, got ${args.length}`);
    }
    if (!flags.changed('from')) throw new UsageError('--from is required: the revision to compare with');
    const from = flags.int('from');
    if (from < 1) throw new UserError(`--from must be a revision of at least 1, got ${from}`);
    const text = flags.string('to');
    if (text !== 'now' && !/^[1-9]\d{0,14}$/.test(text)) {
      throw new UserError(`--to must be a revision or now, not ${JSON.stringify(text)}`);
    }
    return { ...compareOptions(flags), word, from, to: text === 'now' ? 0 : Number(text) };
  },
  run,
});

async function run(options: DiffOptions, context: Context): Promise<void> {
  const { range } = await namedKey(options.word, context, { collections: true });
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  await checkRevision(storage, options.from);
  if (options.to > 0) await checkRevision(storage, options.to);
  // Both sides are read at fixed revisions, whatever is written meanwhile.
  const to = options.to === 0 ? (await storage.range({ ...range, countOnly: true })).revision : options.to;
  const { out } = context.streams;
  let found = 0;
  for await (const [before, after] of changedKeys(storage, range, [options.from, to])) {
    context.signal.throwIfAborted();
    found++;
    out.write(diffOf(before, after, { ...options, to, values }));
  }
  if (found > 0) throw new SilentExit(1);
}

function diffOf(before: KeyValue | undefined, after: KeyValue | undefined, options: TextOptions & DiffOptions): string {
  const key = keyText(before?.key ?? after?.key ?? Buffer.alloc(0));
  const name = (kv: KeyValue | undefined, revision: number): string =>
    kv === undefined ? `/dev/null\t(no key at revision ${revision})` : `${key}\t(revision ${kv.modRevision})`;
  const texts = comparableTexts(
    before === undefined ? undefined : readValue(before, options.values),
    after === undefined ? undefined : readValue(after, options.values),
    options,
  );
  const names = [name(before, options.from), name(after, options.to)] as const;
  const diff = unifiedDiff(...texts, { names });
  if (diff !== '') return diff;
  return `${key} was written, and what is shown of it is the same (revisions ${before?.modRevision} and ${after?.modRevision})\n`;
}

/** The keys that differ at two revisions, with their values. Values are read of these alone. */
async function* changedKeys(
  storage: Storage,
  range: KeyRange,
  [from, to]: readonly [number, number],
): AsyncGenerator<[KeyValue | undefined, KeyValue | undefined]> {
  const read = async (key: Buffer, revision: number): Promise<KeyValue | undefined> =>
    (await storage.range({ key, revision })).kvs[0];
  for await (const [before, after] of sideBySide(keys(storage, range, from), keys(storage, range, to))) {
    if (before?.modRevision === after?.modRevision) continue;
    const [one, other] = await Promise.all([
      before === undefined ? undefined : read(before.key, from),
      after === undefined ? undefined : read(after.key, to),
    ]);
    if (one !== undefined && other !== undefined && one.value.equals(other.value)) continue;
    yield [one, other];
  }
}

async function* keys(storage: Storage, range: KeyRange, revision: number): AsyncGenerator<KeyValue> {
  for await (const page of scanPages(storage, range, { revision, keysOnly: true })) yield* page;
}

/** Two sequences in key order, with what has the same key together. */
async function* sideBySide(
  left: AsyncGenerator<KeyValue>,
  right: AsyncGenerator<KeyValue>,
): AsyncGenerator<[KeyValue | undefined, KeyValue | undefined]> {
  let [one, other] = await Promise.all([left.next(), right.next()]);
  while (one.done !== true || other.done !== true) {
    const a = one.done === true ? undefined : one.value;
    const b = other.done === true ? undefined : other.value;
    const order = a === undefined ? 1 : b === undefined ? -1 : a.key.compare(b.key);
    yield [order <= 0 ? a : undefined, order >= 0 ? b : undefined];
    if (order <= 0) one = await left.next();
    if (order >= 0) other = await right.next();
  }
}
