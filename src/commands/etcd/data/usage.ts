import { resolveKey } from '../../../etcd/resolve-key.ts';
import { type Share, storeUsage, type StoreUsage } from '../../../etcd/usage/store-usage.ts';
import { ALL_KEYS } from '../../../etcd/past/past-changes.ts';
import { printJson } from '../../../model/json-printer.ts';
import { UserError } from '../../../model/user-error.ts';
import { barChart } from '../../../printers/bar-chart.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context, OutputStream } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';
import { etcdctlSize } from '../etcdctl-table.ts';

interface UsageOptions {
  readonly prefix: string | undefined;
  readonly history: boolean;
  /** How many rows a chart has; Infinity is all. */
  readonly top: number;
  /** Empty: a table on a terminal, JSON elsewhere. */
  readonly output: string;
}

/** `etcd usage`: what fills a store. */
export const etcdUsage: Command = defineCommand<UsageOptions>({
  use: 'usage [PREFIX | API-PATH]',
  description: `Show what fills the store: keys, bytes and versions by resource, by namespace and by the field manager that wrote last, the largest first, and the largest keys.

 A terminal shows charts; elsewhere, and with -o json, it is JSON. VERSIONS is how often keys were written since they were created. With --history all kept revisions are read and counted too, which is what fills a database that is not compacted: a live etcd reads its whole past for that, so rather do it on a snapshot (--etcd-snapshot).`,
  examples: [
    { comment: 'What fills the store', command: 'kubectl etcd usage' },
    {
      comment: 'What fills a snapshot, old revisions too',
      command: 'kubectl etcd usage --history --etcd-snapshot=backup.db',
    },
    { comment: 'The largest secrets, as a table in a file', command: 'kubectl etcd usage /registry/secrets/ -o table' },
  ],
  flags: [
    { name: 'history', type: 'bool', default: 'false', usage: 'Count all kept revisions too.' },
    { name: 'top', type: 'int', default: '10', usage: 'Rows of each chart; 0 shows all. JSON has all.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: ['table', 'json'],
      usage: 'Output format: table (the default on a terminal) or json.',
    },
  ],
  parse({ args, flags }) {
    if (args.length > 1) throw new UsageError(`at most one PREFIX is allowed, got ${args.length}`);
    const output = flags.string('output');
    if (!['', 'table', 'json'].includes(output)) {
      throw new UserError(`--output must be table or json, not ${JSON.stringify(output)}`);
    }
    const top = flags.int('top');
    if (top < 0) throw new UserError(`--top must not be negative, got ${top}`);
    return { prefix: args[0], history: flags.bool('history'), top: top === 0 ? Number.POSITIVE_INFINITY : top, output };
  },
  run,
});

async function run({ prefix, history, top, output }: UsageOptions, context: Context): Promise<void> {
  const range =
    prefix === undefined ? ALL_KEYS : resolveKey(prefix, { prefix: context.keyPrefix, asPrefix: true }).range;
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const { out } = context.streams;
  const usage = await storeUsage({
    storage,
    range,
    prefix: context.keyPrefix,
    values,
    history,
    largest: Math.min(top, 1000),
    signal: context.signal,
  });
  if (output === 'json' || (output === '' && !out.isTerminal)) {
    out.write(`${printJson(usage, { indent: 4, sortKeys: false })}\n`);
    return;
  }
  showCharts(usage, { history, top }, out);
}

function showCharts(
  usage: StoreUsage,
  { history, top }: { readonly history: boolean; readonly top: number },
  out: OutputStream,
): void {
  const { total, revision, compactRevision } = usage;
  const kept = history ? `; ${total.keptRevisions ?? 0} kept revisions, ${etcdctlSize(total.keptBytes ?? 0)}` : '';
  const since = compactRevision === undefined ? '' : ` since revision ${compactRevision}`;
  out.write(`${total.keys} keys, ${etcdctlSize(total.bytes)} at revision ${revision}${kept}${since}\n`);
  const width = out.columns ?? 100;
  const sections = [
    ['RESOURCE', usage.resources],
    ['NAMESPACE', usage.namespaces],
    ['LAST MANAGER', usage.managers],
  ] as const;
  for (const [title, shares] of sections) {
    const header = [title, 'KEYS', 'BYTES', 'VERSIONS', ...(history ? ['KEPT', 'KEPT BYTES'] : [])];
    const rows = shares.slice(0, top).map((share) => ({
      cells: cellsOf(share, history),
      value: history ? (share.keptBytes ?? 0) : share.bytes,
    }));
    const most = history ? (total.keptBytes ?? 0) : total.bytes;
    out.write(`\n${barChart({ header, rows, total: most, width })}`);
    if (shares.length > rows.length) out.write(`… and ${shares.length - rows.length} more (--top=0 shows all)\n`);
  }
  const largest = usage.largest.map(({ key, bytes, versions }) => ({
    cells: [key, etcdctlSize(bytes), String(versions)],
    value: bytes,
  }));
  out.write(
    `\n${barChart({ header: ['LARGEST KEY', 'BYTES', 'VERSIONS'], rows: largest, total: total.bytes, width })}`,
  );
}

function cellsOf({ name, keys, bytes, versions, keptRevisions, keptBytes }: Share, history: boolean): string[] {
  const kept = history ? [String(keptRevisions ?? 0), etcdctlSize(keptBytes ?? 0)] : [];
  return [name, String(keys), etcdctlSize(bytes), String(versions), ...kept];
}
