import { resolveKey } from '../../etcd/resolve-key.ts';
import { UserError } from '../../model/user-error.ts';
import type { Compare } from '../../storage/storage.ts';
import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';

interface DelOptions {
  readonly key: string;
  readonly asPrefix: boolean;
  /** 0 for any. */
  readonly ifRevision: number;
}

/** `etcd del`: removes keys, whatever they are. */
export const etcdDel: Command = defineCommand<DelOptions>({
  use: 'del (KEY | API-PATH) [--prefix]',
  description: `Delete a key, all keys with a prefix, or the key of an API path.

 The object is gone at once: no finalizer runs and no API server is asked. Several keys are only deleted with --prefix.`,
  examples: [
    { comment: 'One key', command: 'kubectl etcd del /registry/configmaps/default/my-config' },
    {
      comment: 'Only if it has not changed since revision 42',
      command: 'kubectl etcd del /registry/configmaps/default/my-config --if-revision=42',
    },
  ],
  flags: [
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Delete all keys that start with KEY.' },
    { name: 'if-revision', type: 'int64', default: '0', usage: 'Only delete the key when this is its mod revision.' },
  ],
  parse({ args, flags }) {
    const [key, ...more] = args;
    if (key === undefined || more.length > 0) throw new UsageError(`exactly one KEY is required, got ${args.length}`);
    const ifRevision = flags.int('if-revision');
    if (ifRevision < 0) throw new UserError('--if-revision must not be negative');
    if (ifRevision > 0 && flags.bool('prefix')) {
      throw new UserError('--if-revision is about one key and cannot be used with --prefix');
    }
    return { key, asPrefix: flags.bool('prefix'), ifRevision };
  },
  async run({ key, asPrefix, ifRevision }, context) {
    const { range, single, text } = resolveKey(key, { prefix: context.keyPrefix, asPrefix });
    if (!single && !asPrefix) {
      throw new UserError(`${JSON.stringify(key)} means all keys that start with ${text}; add --prefix to delete them`);
    }
    const storage = await context.storage();
    const compares: Compare[] = ifRevision === 0 ? [] : [{ ...range, target: 'mod', result: '=', operand: ifRevision }];
    const result = await storage.txn({ compares, success: [{ type: 'delete', ...range }] });
    const [first] = result.results;
    if (!result.succeeded) {
      throw new UserError(`key ${JSON.stringify(text)} was not deleted: its mod revision is not ${ifRevision}`);
    }
    const deleted = first?.type === 'delete' ? first.deleted : 0;
    if (deleted === 0 && single) throw new UserError(`key ${JSON.stringify(text)} not found`);
    context.streams.out.write(`${deleted} ${deleted === 1 ? 'key' : 'keys'} deleted at revision ${result.revision}\n`);
  },
});
