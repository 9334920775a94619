import { yamlDocument } from '../../etcd/show-key-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { Compare } from '../../storage/storage.ts';
import { type Command, defineCommand } from '../command.ts';
import { headerOf } from './etcdctl/etcdctl-answer.ts';
import { etcdctlFormFlags, etcdctlFormOf, type EtcdctlForm, inEtcdctlForm } from './etcdctl/etcdctl-form.ts';
import { fromKeyFlag, type KeyArguments, keyArguments, keysOf } from './etcdctl/key-arguments.ts';

interface DelOptions {
  readonly keys: KeyArguments;
  readonly prevKv: boolean;
  readonly form: EtcdctlForm | undefined;
  /** 0 for any. */
  readonly ifRevision: number;
}

/** `etcd del`: removes keys, whatever they are. */
export const etcdDel: Command = defineCommand<DelOptions>({
  use: 'del (KEY [RANGE-END] | API-PATH) [--prefix | --from-key]',
  description: `Delete a key, all keys with a prefix, or the key of an API path.

 The object is gone at once: no finalizer runs and no API server is asked. Several keys are only deleted with --prefix, --from-key or RANGE-END. With -w or --hex the answer is shown in etcdctl's bytes.`,
  examples: [
    { comment: 'One key', command: 'kubectl etcd del /registry/configmaps/default/my-config' },
    {
      comment: 'Only if it has not changed since revision 42',
      command: 'kubectl etcd del /registry/configmaps/default/my-config --if-revision=42',
    },
  ],
  flags: [
    fromKeyFlag,
    { name: 'prev-kv', type: 'bool', default: 'false', usage: 'Show what was deleted.' },
    ...etcdctlFormFlags,
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Delete all keys that start with KEY.' },
    { name: 'if-revision', type: 'int64', default: '0', usage: 'Only delete the key when this is its mod revision.' },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    const keys = keyArguments(args, flags);
    const ifRevision = flags.int('if-revision');
    if (ifRevision < 0) throw new UserError('--if-revision must not be negative');
    if (ifRevision > 0 && (keys.asPrefix || keys.fromKey || keys.rangeEnd !== undefined)) {
      const option = keys.asPrefix ? '--prefix' : keys.fromKey ? '--from-key' : 'RANGE-END';
      throw new UserError(`--if-revision is about one key and cannot be used with ${option}`);
    }
    return { keys, ifRevision, prevKv: flags.bool('prev-kv'), form: etcdctlFormOf(invocation) };
  },
  async run({ keys, ifRevision, prevKv, form }, context) {
    const { range, single, text } = keysOf(keys, context.keyPrefix);
    if (!single && !keys.asPrefix && !keys.fromKey && keys.rangeEnd === undefined) {
      throw new UserError(
        `${JSON.stringify(keys.key)} means all keys that start with ${text}; add --prefix to delete them`,
      );
    }
    const storage = await context.storage();
    const compares: Compare[] = ifRevision === 0 ? [] : [{ ...range, target: 'mod', result: '=', operand: ifRevision }];
    const result = await storage.txn({ compares, success: [{ type: 'delete', ...range, prevKv }] });
    const [first] = result.results;
    if (!result.succeeded) {
      throw new UserError(`key ${JSON.stringify(text)} was not deleted: its mod revision is not ${ifRevision}`);
    }
    if (first?.type !== 'delete') return;
    const { out } = context.streams;
    if (form !== undefined) {
      out.write(inEtcdctlForm({ ...first, header: headerOf(storage, result.revision) }, form));
      return;
    }
    const { deleted } = first;
    if (deleted === 0 && single) throw new UserError(`key ${JSON.stringify(text)} not found`);
    out.write(`${deleted} ${deleted === 1 ? 'key' : 'keys'} deleted at revision ${result.revision}\n`);
    if (!prevKv) return;
    const values = await context.values();
    for (const kv of first.prevKvs) out.write(`---\n${yamlDocument(kv, values)}`);
  },
});
