import type { NewCluster, NewMember } from '../../etcd/restore/cluster-members.ts';
import type { MemberTarget } from '../../etcd/restore/restore-snapshot.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { FlagValues } from '../flag-values.ts';
import { UsageError } from '../usage-error.ts';

interface SnapshotRestoreOptions {
  readonly file: string;
  readonly initialCluster: string;
  readonly token: string;
  /** Undefined for all members. */
  readonly name: string | undefined;
  readonly advertised: readonly string[];
  /** With `{name}` in the place of a member's name. */
  readonly dataDir: string;
  readonly walDir: string | undefined;
  readonly skipHashCheck: boolean;
  readonly bumpRevision: number;
}

const DEFAULT_NAME = 'default';
const DEFAULT_PEER_URL = 'http://localhost:2380';
const NAME_PLACE = '{name}';

/** `etcd snapshot restore`: new data directories of a snapshot, for one member or a whole cluster. */
export const etcdSnapshotRestore: Command = defineCommand<SnapshotRestoreOptions>({
  use: 'restore FILE [--data-dir=DIR] [--initial-cluster=NAME=URL,...] [--name=NAME | --all]',
  description: `Make new data directories of a snapshot, with which the members of a new cluster start.

 The flags are etcdctl's, for one member after the other. With --all the members of --initial-cluster are all restored at once; {name} in --data-dir and --wal-dir stands for a member's name, and each directory is then moved to its machine. FILE may also be the database or the data directory of a member that is stopped, with --skip-hash-check.

 Nothing is ever written over: a directory that exists is an error, and when something fails, none is left behind. The restored database holds no free pages, as after a defragmentation.

 Clients that watch, such as the controllers of Kubernetes, take a revision that they have seen before for the state that they know. --bump-revision raises the newest revision by as much as may have been written since the snapshot (1000000000 is plenty), and --mark-compacted, which goes with it, tells such clients to read anew.`,
  examples: [
    { comment: 'A cluster of one member', command: 'kubectl etcd snapshot restore backup.db --data-dir=/var/lib/etcd' },
    {
      comment: 'All members of a cluster at once, for Kubernetes',
      command:
        "kubectl etcd snapshot restore backup.db --all --initial-cluster=a=https://10.0.0.1:2380,b=https://10.0.0.2:2380,c=https://10.0.0.3:2380 --data-dir='restored/{name}' --bump-revision=1000000000 --mark-compacted",
    },
    {
      comment: 'One member of such a cluster',
      command:
        'kubectl etcd snapshot restore backup.db --name=a --initial-cluster=a=https://10.0.0.1:2380,b=https://10.0.0.2:2380,c=https://10.0.0.3:2380 --initial-advertise-peer-urls=https://10.0.0.1:2380 --data-dir=/var/lib/etcd',
    },
  ],
  flags: [
    { name: 'all', type: 'bool', default: 'false', usage: 'Restore every member that --initial-cluster names.' },
    {
      name: 'bump-revision',
      // Revisions are larger than flags of integers are.
      type: 'string',
      default: '0',
      usage: 'How much to raise the newest revision. Needs --mark-compacted.',
    },
    {
      name: 'data-dir',
      type: 'string',
      values: 'folders',
      usage: 'The new data directory; NAME.etcd when not given. {name} stands for the name of the member.',
    },
    {
      name: 'initial-advertise-peer-urls',
      type: 'string',
      default: DEFAULT_PEER_URL,
      usage: "The member's peer URLs, separated by commas, as --initial-cluster has them.",
    },
    {
      name: 'initial-cluster',
      type: 'string',
      default: `${DEFAULT_NAME}=${DEFAULT_PEER_URL}`,
      usage: 'The members of the new cluster: NAME=PEER-URL, separated by commas.',
    },
    {
      name: 'initial-cluster-token',
      type: 'string',
      default: 'etcd-cluster',
      usage: 'What tells this cluster from others with the same URLs.',
    },
    {
      name: 'mark-compacted',
      type: 'bool',
      default: 'false',
      usage: 'Mark all revisions before the raised one as compacted. Needs --bump-revision.',
    },
    { name: 'name', type: 'string', default: DEFAULT_NAME, usage: 'The name of the member.' },
    {
      name: 'skip-hash-check',
      type: 'bool',
      default: 'false',
      usage: 'Restore a file without a hash at its end, or whose hash does not match.',
    },
    {
      name: 'wal-dir',
      type: 'string',
      values: 'folders',
      usage: 'Where the log goes when it is not in the data directory. {name} stands for the name of the member.',
    },
  ],
  parse({ args, flags }) {
    const [file] = args;
    if (file === undefined || args.length > 1) throw new UsageError('snapshot restore requires exactly one argument');
    return parseRestore(file, flags);
  },
  async run(options, { streams, signal }) {
    const [{ newCluster }, { restoreSnapshot }] = await Promise.all([
      import('../../etcd/restore/cluster-members.ts'),
      import('../../etcd/restore/restore-snapshot.ts'),
    ]);
    const cluster = newCluster(options.initialCluster, options.token);
    const targets = targetsOf(options, cluster);
    const { file, skipHashCheck, bumpRevision } = options;
    const result = await restoreSnapshot({ file, cluster, targets, skipHashCheck, bumpRevision, signal });
    if (result.warning !== undefined) streams.err.write(`warning: ${result.warning}\n`);
    for (const { member, dataDir } of targets) {
      streams.out.write(`Restored member ${member.name} at revision ${result.revision} in ${dataDir}\n`);
    }
  },
});

function parseRestore(file: string, flags: FlagValues): SnapshotRestoreOptions {
  const all = flags.bool('all');
  for (const flag of ['name', 'initial-advertise-peer-urls']) {
    if (all && flags.given(flag) !== undefined) {
      throw new UserError(`--${flag} is about one member, and --all restores every member of --initial-cluster`);
    }
  }
  const name = all ? undefined : flags.string('name');
  const dataDir = flags.string('data-dir') || `${NAME_PLACE}.etcd`;
  const walDir = flags.string('wal-dir') || undefined;
  const bump = flags.string('bump-revision');
  const bumpRevision = Number(bump);
  if (!/^\d+$/.test(bump) || !Number.isSafeInteger(bumpRevision)) {
    throw new UserError(`--bump-revision must be a number of revisions, not ${JSON.stringify(bump)}`);
  }
  if (bumpRevision > 0 !== flags.bool('mark-compacted')) {
    throw new UserError('--bump-revision and --mark-compacted go together: give both, or neither');
  }
  return {
    file,
    initialCluster: flags.string('initial-cluster'),
    token: flags.string('initial-cluster-token'),
    name,
    advertised: flags.string('initial-advertise-peer-urls').split(','),
    dataDir,
    walDir,
    skipHashCheck: flags.bool('skip-hash-check'),
    bumpRevision,
  };
}

function targetsOf(options: SnapshotRestoreOptions, cluster: NewCluster): MemberTarget[] {
  const { name, dataDir, walDir } = options;
  const members = cluster.members
    .filter((member) => name === undefined || member.name === name)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const [only] = members;
  if (only === undefined) {
    throw new UserError(`couldn't find local name ${JSON.stringify(name)} in the initial cluster configuration`);
  }
  if (name !== undefined) refuseOtherURLs(options, only);
  const outside = members.find((member) => /[/\\]|^\.{0,2}$/.test(member.name));
  if (outside !== undefined && `${dataDir}${walDir ?? ''}`.includes(NAME_PLACE)) {
    throw new UserError(
      `the name of the member ${JSON.stringify(outside.name)} cannot be a part of a directory's name`,
    );
  }
  for (const [flag, text] of [['data-dir', dataDir] as const, ['wal-dir', walDir] as const]) {
    if (members.length > 1 && text !== undefined && !text.includes(NAME_PLACE)) {
      throw new UserError(`--${flag} names one directory for ${members.length} members: put ${NAME_PLACE} into it`);
    }
  }
  const placed = (text: string, { name: own }: NewMember): string => text.replaceAll(NAME_PLACE, () => own);
  return members.map((member) => ({
    member,
    dataDir: placed(dataDir, member),
    walDir: walDir === undefined ? undefined : placed(walDir, member),
  }));
}

function refuseOtherURLs({ advertised, initialCluster }: SnapshotRestoreOptions, { peerURLs, name }: NewMember): void {
  const given = advertised.map((each) => each.trim()).toSorted();
  if (given.join() === peerURLs.join()) return;
  throw new UserError(
    `--initial-cluster has ${name} at ${peerURLs.join(',')} but --initial-advertise-peer-urls is ${given.join(',')} (--initial-cluster=${initialCluster})`,
  );
}
