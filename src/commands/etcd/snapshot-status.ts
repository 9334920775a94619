import type { SnapshotStatus } from '../../etcd/database/snapshot-status.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { etcdctlSize, etcdctlTable } from './etcdctl-table.ts';

const FORMATS = ['simple', 'table', 'json', 'fields'] as const;

interface SnapshotStatusOptions {
  readonly file: string;
  readonly format: (typeof FORMATS)[number];
}

/** `etcd snapshot status`: what etcdctl 3.4 tells of a snapshot, in its formats. */
export const etcdSnapshotStatus: Command = defineCommand<SnapshotStatusOptions>({
  use: 'status FILE',
  description: `Show the hash, the revision, the number of entries and the size of a snapshot, or of the database of a member that is stopped.

 The file is read directly, without an etcd; every page of it is checked. The numbers are those of etcdctl 3.4: entries are counted in all buckets, old revisions too. FILE may be a member's data directory.`,
  examples: [
    { comment: 'A saved snapshot', command: 'kubectl etcd snapshot status backup.db' },
    {
      comment: 'The database of a member that is stopped',
      command: 'kubectl etcd snapshot status /var/lib/etcd -w json',
    },
  ],
  flags: [
    {
      name: 'write-out',
      short: 'w',
      type: 'string',
      default: 'simple',
      values: [...FORMATS],
      usage: 'Output format: simple, table, json or fields.',
    },
  ],
  parse({ args, flags }) {
    const [file] = args;
    if (file === undefined || args.length > 1) throw new UsageError('snapshot status requires exactly one argument');
    const named = flags.string('write-out');
    const format = FORMATS.find((each) => each === named);
    if (format === undefined) {
      throw new UserError(`--write-out must be one of ${FORMATS.join(', ')}, not ${JSON.stringify(named)}`);
    }
    return { file, format };
  },
  async run({ file, format }, { streams }) {
    const { snapshotStatus } = await import('../../etcd/database/snapshot-status.ts');
    streams.out.write(statusText(await snapshotStatus(file), format));
  },
});

function statusText(status: SnapshotStatus, format: SnapshotStatusOptions['format']): string {
  const cells = [
    status.hash.toString(16),
    String(status.revision),
    String(status.totalKey),
    etcdctlSize(status.totalSize),
  ];
  switch (format) {
    case 'simple':
      return `${cells.join(', ')}\n`;
    case 'table':
      return etcdctlTable(['hash', 'revision', 'total keys', 'total size'], [cells]);
    case 'json':
      return `${JSON.stringify(status)}\n`;
    case 'fields': {
      const { hash, revision, totalKey, totalSize } = status;
      return `"Hash" : ${hash}\n"Revision" : ${revision}\n"Keys" : ${totalKey}\n"Size" : ${totalSize}\n`;
    }
  }
}
