import { checkRevision } from '../../etcd/past/compact-revision.ts';
import { resolveKey } from '../../etcd/resolve-key.ts';
import { jsonKey, keyText } from '../../etcd/show-key-value.ts';
import { printJson } from '../../model/json-printer.ts';
import { UserError } from '../../model/user-error.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { atRevisionFlag, atRevisionOf } from './at-revision-flag.ts';
import { rangeByPage } from './range-by-page.ts';

interface LsOptions {
  /** Undefined for everything below the API server's prefix. */
  readonly prefix: string | undefined;
  readonly limit: number;
  readonly revision: number;
  readonly output: string;
}

/** `etcd ls`: keys with their revisions. */
export const etcdLs: Command = defineCommand<LsOptions>({
  use: 'ls [PREFIX | API-PATH]',
  description:
    'List the keys that start with a prefix, or those of an API path; without one, all keys of the API server. Values are not read.',
  examples: [
    { comment: 'All keys of the API server', command: 'kubectl etcd ls' },
    { comment: 'The keys of the pods of a namespace', command: 'kubectl etcd ls /api/v1/namespaces/default/pods' },
    { comment: 'Only the names', command: 'kubectl etcd ls /registry/secrets/ -o name' },
  ],
  flags: [
    { name: 'limit', type: 'int64', default: '0', usage: 'List at most this many keys; 0 lists all.' },
    atRevisionFlag,
    { name: 'rev', type: 'int64', default: '0', usage: 'List what was there at this revision; 0 is now.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: ['name', 'json'],
      usage: 'Output format: name for keys alone, or json.',
    },
  ],
  parse({ args, flags }) {
    if (args.length > 1) throw new UsageError(`at most one PREFIX is allowed, got ${args.length}`);
    const output = flags.string('output');
    if (!['', 'name', 'json'].includes(output)) {
      throw new UserError(`--output must be name or json, not ${JSON.stringify(output)}`);
    }
    if (flags.int('limit') < 0) throw new UserError('--limit must not be negative');
    return { prefix: args[0], limit: flags.int('limit'), revision: atRevisionOf(flags), output };
  },
  async run({ prefix, limit, revision, output }, context) {
    const { range } = resolveKey(prefix ?? `${context.keyPrefix}/`, { prefix: context.keyPrefix, asPrefix: true });
    const storage = await context.storage();
    const { out } = context.streams;
    if (revision > 0) await checkRevision(storage, revision);
    const table = new TabWriter();
    const entries = [];
    let found = 0;
    for await (const kv of rangeByPage(storage, range, { limit, revision, keysOnly: true })) {
      found++;
      if (output === 'name') out.write(`${keyText(kv.key)}\n`);
      else if (output === 'json') entries.push(jsonKey(kv));
      else {
        if (found === 1) table.add(['KEY', 'CREATED', 'MODIFIED', 'VERSION']);
        table.add([keyText(kv.key), String(kv.createRevision), String(kv.modRevision), String(kv.version)]);
      }
    }
    for (const text of table.flush()) out.write(text);
    if (output === 'json') out.write(`${printJson(entries, { indent: 4, sortKeys: false })}\n`);
    else if (found === 0) context.streams.err.write('No keys found.\n');
  },
});
