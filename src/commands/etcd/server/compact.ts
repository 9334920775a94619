import { UserError } from '../../../model/user-error.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand } from './server-command.ts';

/** `etcd compact`: lets etcd forget what was before a revision. */
export const etcdCompact: Command = defineServerCommand<{ readonly revision: string; readonly physical: boolean }>({
  use: 'compact REVISION [--physical]',
  description: `Let etcd forget all that was overwritten or deleted before a revision.

 What is forgotten can no longer be read, watched or brought back. The space within the database becomes free for reuse; defrag gives it back to the disk.`,
  examples: [{ comment: 'Keep the history since revision 12345', command: 'kubectl etcd compact 12345' }],
  flags: [
    {
      name: 'physical',
      type: 'bool',
      default: 'false',
      usage: 'Wait until the old revisions are removed from the database of the member that answers.',
    },
  ],
  formats: ['simple'],
  parse({ args, flags }) {
    const [revision] = args;
    if (revision === undefined || args.length > 1) {
      throw new UsageError(`exactly one REVISION is required, got ${args.length}`);
    }
    if (!/^[1-9]\d{0,18}$/.test(revision)) {
      throw new UserError(`REVISION must be a number above 0, not ${JSON.stringify(revision)}`);
    }
    return { revision, physical: flags.bool('physical') };
  },
  async run({ revision, physical }, server) {
    try {
      await server.change('KV/Compact', { revision, physical });
    } catch (error) {
      throw error instanceof StorageError ? explained(error, revision) : error;
    }
    return { simple: `compacted revision ${revision}\n` };
  },
});

function explained(error: StorageError, revision: string): Error {
  if (error.code === 'Compacted') return new UserError(`revision ${revision} was compacted already`, { cause: error });
  if (error.code !== 'FutureRevision') return error;
  return new UserError(`etcd has not reached revision ${revision} yet: nothing was compacted`, { cause: error });
}
