import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';

interface StoreRepairOptions {
  readonly force: boolean;
}

/** `store repair`: a new store of what can be read of a damaged one, whose files are kept aside. */
export const storeRepair: Command = defineCommand<StoreRepairOptions>({
  use: 'repair [--force]',
  description: `Make a new local store of everything that can be read of a damaged one.

 The damaged files are copied to a folder named damaged-TIME inside the store's own first. Then every record whose checksum is right is taken, wherever in the files it is. What is lost is told by revision: a key that was changed then may be older than it was, and one that was deleted then may be back. The new store's revision is greater than any that was acknowledged; watchers list anew. End other processes that use the store before: those that have it open are refused their next write.`,
  examples: [{ comment: 'Repair the store that KUBE_LITE_DATA_DIR names', command: 'kubectl store repair' }],
  flags: [
    { name: 'force', type: 'bool', default: 'false', usage: 'Build the store anew even when nothing is damaged.' },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError('store repair takes no arguments');
    return { force: flags.bool('force') };
  },
  async run({ force }, context) {
    const care = await context.storeCare();
    const { folder, damage } = await care.check();
    if (damage.length === 0 && !force) {
      context.streams.out.write(`nothing is damaged in ${folder}\n`);
      return;
    }
    const report = await care.repair();
    context.streams.out.write(
      `${folder} has ${report.keys} keys in ${report.records} records at revision ${report.revision}\nthe files as they were are in ${report.aside}\n`,
    );
    for (const [from, to] of report.lost) {
      const which = from === to ? `revision ${from} is` : `revisions ${from} to ${to} are`;
      context.warn(`${which} lost: a key changed then may be older than it was, a key deleted then may be back`);
    }
    for (const note of report.notes) context.warn(note);
  },
});
