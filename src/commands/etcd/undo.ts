import { keyText } from '../../etcd/show-key-value.ts';
import { Undoing } from '../../etcd/undo/bring-back.ts';
import { type KeptValue, readJournal } from '../../etcd/undo/read-journal.ts';
import { undoFolder } from '../../etcd/undo/undo-folder.ts';
import { printJson } from '../../model/json-printer.ts';
import { UserError } from '../../model/user-error.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context, OutputStream } from '../context.ts';
import { UsageError } from '../usage-error.ts';

interface UndoOptions {
  readonly what:
    | { readonly type: 'list' }
    | { readonly type: 'last'; readonly count: number }
    | { readonly type: 'id'; readonly id: string };
  readonly force: boolean;
  readonly asJson: boolean;
}

/** `etcd undo`: brings back what kube-lite overwrote or deleted in etcd. */
export const etcdUndo: Command = defineCommand<UndoOptions>({
  use: 'undo (--list | --last=N | ID)',
  description: `Bring back what was overwritten or deleted in etcd by this program.

 Before a key is overwritten or deleted through the etcd backend, or by etcd put and etcd del, its old value is kept in a folder of yours ($XDG_STATE_HOME/kube-lite/undo, or below ~/.local/state), as it was stored: what was encrypted stays encrypted. A key that something else has changed since is left as it is. New keys have no old value; delete them to undo their creation. What serve writes is not kept.`,
  examples: [
    { comment: 'What can be brought back', command: 'kubectl etcd undo --list' },
    { comment: 'Undo the last change', command: 'kubectl etcd undo --last=1' },
    { comment: 'Undo all changes of one command', command: 'kubectl etcd undo 20260102T030405Z-a1b2c3' },
  ],
  flags: [
    { name: 'list', type: 'bool', default: 'false', usage: 'List the old values that are kept.' },
    { name: 'last', type: 'int', default: '0', usage: 'Undo this many of the last changes that are not undone yet.' },
    { name: 'force', type: 'bool', default: 'false', usage: 'Write the old value also over newer changes.' },
    { name: 'output', short: 'o', type: 'string', values: ['json'], usage: 'Output format of --list: json.' },
  ],
  parse({ args, flags }) {
    const [id, ...more] = args;
    const last = flags.int('last');
    if (flags.given('last') !== undefined && last < 1) throw new UserError(`--last must be at least 1, not ${last}`);
    const ways = [flags.bool('list'), last > 0, id !== undefined].filter(Boolean).length;
    if (ways !== 1 || more.length > 0) throw new UsageError('exactly one of --list, --last and ID is required');
    const output = flags.string('output');
    if (!['', 'json'].includes(output)) throw new UserError(`--output must be json, not ${JSON.stringify(output)}`);
    if (output !== '' && !flags.bool('list')) throw new UserError('--output is for --list');
    return {
      what: id === undefined ? (last > 0 ? { type: 'last', count: last } : { type: 'list' }) : { type: 'id', id },
      force: flags.bool('force'),
      asJson: output === 'json',
    };
  },
  run,
});

async function run({ what, force, asJson }: UndoOptions, context: Context): Promise<void> {
  const storage = await context.storage();
  if ((await context.backend()) !== 'etcd') {
    throw new UserError('old values are kept of an etcd alone: name it with --etcd-endpoints');
  }
  const folder = await undoFolder(storage, context);
  if (folder === undefined) {
    throw new UserError('there is no home folder in which old values could be kept; set XDG_STATE_HOME');
  }
  const journal = readJournal(folder);
  if (what.type === 'list') {
    list(journal, asJson, context.streams.out);
    return;
  }
  const chosen = what.type === 'last' ? lastOf(journal, what.count) : withId(journal, what.id);
  const undoing = new Undoing({ storage, journal, force });
  const failures: Error[] = [];
  // The last change is undone first, so that several changes of one key end with the oldest value.
  for (const kept of chosen.toReversed()) {
    try {
      const { revision, withoutLease } = await undoing.bringBack(kept);
      const done = revision === undefined ? 'is as it was' : `brought back at revision ${revision}`;
      context.streams.out.write(`${keyText(kept.key)} ${done}${withoutLease ? ', without its lease' : ''}\n`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

function lastOf(journal: readonly KeptValue[], count: number): KeptValue[] {
  const open = journal.filter(({ undoneAt }) => undoneAt === undefined);
  const own = new Set(journal.map(({ undoneAt, key }) => `${undoneAt ?? ''} ${key.toString('latin1')}`));
  // What an undo itself replaced is not a change that one means.
  const changes = open.filter(({ replacedAt, key }) => !own.has(`${replacedAt ?? 'none'} ${key.toString('latin1')}`));
  if (changes.length === 0) throw new UserError('there is nothing to undo');
  return changes.slice(-count);
}

function withId(journal: readonly KeptValue[], id: string): KeptValue[] {
  const chosen = journal.filter((kept) => kept.id === id || kept.run === id);
  if (chosen.length === 0) throw new UserError(`no old value ${JSON.stringify(id)} is kept; see --list`);
  return chosen;
}

function list(journal: readonly KeptValue[], asJson: boolean, out: OutputStream): void {
  const rows = journal.map((kept) => ({
    id: kept.id,
    time: kept.time,
    change: kept.change,
    key: keyText(kept.key),
    modRevision: kept.modRevision,
    ...(kept.replacedAt === undefined ? {} : { replacedAt: kept.replacedAt }),
    ...(kept.undoneAt === undefined ? {} : { undoneAt: kept.undoneAt }),
    bytes: kept.value.length,
  }));
  if (asJson) {
    out.write(`${printJson(rows, { indent: 4, sortKeys: false })}\n`);
    return;
  }
  const table = new TabWriter();
  table.add(['ID', 'TIME', 'CHANGE', 'OLD', 'NEW', 'STATE', 'KEY']);
  for (const row of rows) {
    const state = row.undoneAt === undefined ? (row.replacedAt === undefined ? 'unknown' : 'done') : 'undone';
    const replaced = row.replacedAt === undefined ? '' : String(row.replacedAt);
    table.add([row.id, row.time.slice(0, 19), row.change, String(row.modRevision), replaced, state, row.key]);
  }
  for (const text of table.flush()) out.write(text);
}
