import { keyHistory, type KeyHistory } from '../../../etcd/past/key-history.ts';
import { type WriteNote, writeNote } from '../../../etcd/past/write-note.ts';
import type { JsonObject } from '../../../model/json-value.ts';
import { compactJson } from '../../../model/json-printer.ts';
import { UserError } from '../../../model/user-error.ts';
import { unifiedDiff } from '../../../printers/unified-diff.ts';
import type { StorageEvent } from '../../../storage/storage.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';
import { comparableTexts, type ReadValue, readValue, type TextOptions } from './comparable-text.ts';
import { compareFlags, type CompareOptions, compareOptions } from './compare-flags.ts';
import { namedKey } from './named-key.ts';

interface HistoryOptions extends CompareOptions {
  readonly word: string;
  /** The newest revisions to show; Infinity is all. */
  readonly limit: number;
  readonly diff: boolean;
  readonly asJson: boolean;
}

/** `etcd history`: what became of an object, revision by revision. */
export const etcdHistory: Command = defineCommand<HistoryOptions>({
  use: 'history (KIND/NAME | KEY | API-PATH)',
  description: `Show each revision of an object that the store still keeps, oldest first: when it was made and by which field manager, as far as the object tells, and what it changed.

 An object that was deleted has a history too. etcd keeps the past up to its last compaction, which API servers ask for every five minutes: what that took is said. A snapshot (--etcd-snapshot) has the past of its time. Values of Secrets are shown as asterisks.`,
  examples: [
    { comment: 'What became of a config map', command: 'kubectl etcd history configmap/my-config' },
    {
      comment: 'Only revisions, times and managers of the last ten',
      command: 'kubectl etcd history deployment/nginx --diff=false --limit=10',
    },
    {
      comment: 'By its key, as a JSON document a line',
      command: 'kubectl etcd history /registry/configmaps/default/my-config -o json',
    },
  ],
  flags: [
    ...compareFlags,
    { name: 'diff', type: 'bool', default: 'true', usage: 'Show what each revision changed.' },
    { name: 'limit', type: 'int64', default: '0', usage: 'Show this many of the newest revisions; 0 shows all.' },
    { name: 'output', short: 'o', type: 'string', values: ['json'], usage: 'Output format: json, a document a line.' },
  ],
  parse({ args, flags }) {
    const [word, ...more] = args;
    if (word === undefined || more.length > 0) {
      throw new UsageError(`exactly one KIND/NAME or KEY is required, got ${args.length}`);
    }
    const output = flags.string('output');
    if (!['', 'json'].includes(output)) throw new UserError(`--output must be json, not ${JSON.stringify(output)}`);
    const limit = flags.int('limit');
    if (limit < 0) throw new UserError(`--limit must not be negative, got ${limit}`);
    return {
      ...compareOptions(flags),
      word,
      limit: limit === 0 ? Number.POSITIVE_INFINITY : limit,
      diff: flags.bool('diff'),
      asJson: output === 'json',
    };
  },
  run,
});

async function run(options: HistoryOptions, context: Context): Promise<void> {
  const { range, text } = await namedKey(options.word, context, { collections: false });
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const history = await keyHistory(storage, Buffer.from(range.key), context.signal);
  const show = options.asJson ? jsonLine : plainText;
  const { out } = context.streams;
  let found = 0;
  const newest = new Newest(options.limit);
  for await (const entry of entries(history, { ...options, values }, context)) {
    found++;
    for (const each of newest.take(entry)) out.write(show(each));
  }
  for (const each of newest.rest()) out.write(show(each));
  const { compactRevision, revision } = history;
  if (found > 0) return;
  const gone = compactRevision === 0 ? '' : `; what was before revision ${compactRevision} has been compacted`;
  throw new UserError(`the store has nothing of ${text} up to its revision ${revision}${gone}`);
}

/** One revision, ready to be shown. */
interface Entry extends WriteNote {
  readonly revision: number;
  readonly type: 'created' | 'changed' | 'deleted' | 'kept';
  readonly version: number;
  readonly diff: string | undefined;
}

async function* entries(
  history: KeyHistory,
  options: TextOptions & HistoryOptions,
  context: Context,
): AsyncGenerator<Entry> {
  let before: ReadValue | undefined;
  let previous: StorageEvent | undefined;
  for await (const event of history.changes) {
    if (previous === undefined) tellOfCompaction(event, history, context);
    const after = event.type === 'delete' ? undefined : readValue(event.kv, options.values);
    yield entryOf(event, previous, { before, after, options });
    [before, previous] = [after, event];
  }
}

/** What is not shown is said before what is. */
function tellOfCompaction({ type, kv }: StorageEvent, { compactRevision }: KeyHistory, { streams }: Context): void {
  const lost = type === 'delete' || kv.createRevision !== kv.modRevision;
  if (compactRevision === 0 || (!lost && kv.modRevision > compactRevision)) return;
  const before = lost && type === 'put' ? `; ${kv.version - 1} versions before this one are gone` : '';
  streams.err.write(`The past before revision ${compactRevision} has been compacted${before}.\n`);
}

function entryOf(
  { type, kv }: StorageEvent,
  previous: StorageEvent | undefined,
  {
    before,
    after,
    options,
  }: { before: ReadValue | undefined; after: ReadValue | undefined; options: TextOptions & HistoryOptions },
): Entry {
  const isFirst = kv.createRevision === kv.modRevision;
  const diff = options.diff ? unifiedDiff(...comparableTexts(before, after, options)) : undefined;
  const common = { revision: kv.modRevision, version: kv.version, diff };
  if (type === 'delete') {
    const time = before?.object?.metadata?.deletionTimestamp;
    return { ...common, type: 'deleted', ...(typeof time === 'string' ? { time } : {}) };
  }
  const note = after?.object === undefined ? {} : noteOf(before, after, isFirst || previous !== undefined);
  return { ...common, type: isFirst ? 'created' : previous === undefined ? 'kept' : 'changed', ...note };
}

/** Of a revision whose forerunner is not known, only the newest write that it tells of is. */
function noteOf(before: ReadValue | undefined, after: ReadValue, known: boolean): WriteNote {
  if (after.object === undefined) return {};
  const note = writeNote(before?.object, after.object);
  return known || after.object.metadata?.managedFields !== undefined ? note : {};
}

function plainText({ revision, type, time, manager, version, diff }: Entry): string {
  const by = manager === undefined ? '' : ` by ${manager}`;
  const at = time === undefined ? 'at an unknown time' : time;
  const which = type === 'deleted' ? '' : `, version ${version}`;
  const what = type === 'kept' ? 'last changed' : type;
  return `revision ${revision}: ${what} ${at}${by}${which}\n${diff === undefined || diff === '' ? '' : `${diff}\n`}`;
}

function jsonLine({ revision, type, time, manager, version, diff }: Entry): string {
  const entry: JsonObject = {
    revision,
    type,
    version,
    ...(time === undefined ? {} : { time }),
    ...(manager === undefined ? {} : { manager }),
    ...(diff === undefined ? {} : { diff }),
  };
  return `${compactJson(entry, { sortKeys: false })}\n`;
}

/** Holds back the newest few of many; without a limit nothing. */
class Newest {
  readonly #limit: number;
  #held: Entry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What can be shown at once. */
  take(entry: Entry): Entry[] {
    if (this.#limit === Number.POSITIVE_INFINITY) return [entry];
    this.#held.push(entry);
    // Cut now and then: each time would make it quadratic.
    if (this.#held.length >= this.#limit * 2) this.#held = this.#held.slice(-this.#limit);
    return [];
  }

  rest(): Entry[] {
    return this.#held.slice(-this.#limit);
  }
}
