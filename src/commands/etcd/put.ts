import fs from 'node:fs';
import { encodeValue, type PutEncoding, putEncodings } from '../../etcd/encode-value.ts';
import { resolveKey } from '../../etcd/resolve-key.ts';
import { UserError } from '../../model/user-error.ts';
import type { KeyValue } from '../../storage/storage.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { systemMessage } from '../create/data-sources.ts';
import { UsageError } from '../usage-error.ts';

interface PutOptions {
  readonly key: string;
  readonly value: { readonly text: string } | { readonly file: string };
  readonly encoding: PutEncoding;
  /** 0 when none was given. */
  readonly ifRevision: number;
  readonly force: boolean;
}

/** `etcd put`: stores a value under a key; a value that is there is only replaced when its revision is named. */
export const etcdPut: Command = defineCommand<PutOptions>({
  use: 'put (KEY | API-PATH) (VALUE | - | -f FILE) [--if-revision=N | --force]',
  description: `Store a value under a key, or under the key of an API path.

 A key that exists is only overwritten when --if-revision names its mod revision, or with --force. A Kubernetes object given as YAML or JSON is written in the encoding of the value that is there, or that an API server would use for the API path. No API server is asked: nothing is defaulted or validated.`,
  examples: [
    { comment: 'A new key with a text', command: 'kubectl etcd put /my/key "some text"' },
    {
      comment: 'An object, over the version that was read',
      command: 'kubectl etcd put /api/v1/namespaces/default/configmaps/my-config -f my-config.yaml --if-revision=42',
    },
  ],
  flags: [
    { name: 'filename', short: 'f', type: 'string', usage: 'File with the value; - is standard input.' },
    {
      name: 'as',
      type: 'string',
      default: 'auto',
      usage: `How to encode the value: one of ${putEncodings.join(', ')}.`,
    },
    {
      name: 'if-revision',
      type: 'int64',
      default: '0',
      usage: 'Overwrite the key only when this is its mod revision.',
    },
    { name: 'force', type: 'bool', default: 'false', usage: 'Overwrite the key whatever it holds.' },
  ],
  parse({ args, flags }) {
    const [key, text, ...more] = args;
    const file = flags.given('filename');
    if (key === undefined || more.length > 0) {
      throw new UsageError(`a KEY and one VALUE are required, got ${args.length} arguments`);
    }
    if ((text === undefined) === (file === undefined)) {
      throw new UsageError('exactly one of VALUE and --filename is required');
    }
    const encoding = putEncodings.find((each) => each === flags.string('as'));
    if (encoding === undefined) {
      throw new UserError(`--as must be one of ${putEncodings.join(', ')}, not ${JSON.stringify(flags.string('as'))}`);
    }
    const ifRevision = flags.int('if-revision');
    if (ifRevision < 0) throw new UserError('--if-revision must not be negative');
    if (ifRevision > 0 && flags.bool('force')) throw new UserError('--if-revision and --force exclude each other');
    const value = file === undefined && text !== undefined && text !== '-' ? { text } : { file: file ?? '-' };
    return { key, value, encoding, ifRevision, force: flags.bool('force') };
  },
  run,
});

async function run(options: PutOptions, context: Context): Promise<void> {
  const {
    range,
    single,
    text,
    storage: info,
  } = resolveKey(options.key, { prefix: context.keyPrefix, asPrefix: false });
  if (!single) {
    throw new UserError(`${JSON.stringify(options.key)} names a collection; the path of an object ends with its name`);
  }
  const given = await readValue(options.value, context);
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const key = Buffer.from(range.key);
  const { kvs } = await storage.range({ key });
  const present = kvs[0];
  const expected = expectedRevision(present, options, text);
  const { encoding } = options;
  const value = encodeValue(given, { encoding, storage: info, present: present?.value, key, values });
  const result = await storage.txn({
    compares: expected === undefined ? [] : [{ key, target: 'mod', result: '=', operand: expected }],
    success: [{ type: 'put', key, value }],
  });
  if (!result.succeeded) {
    throw new UserError(`key ${JSON.stringify(text)} was not written: it has changed since it was read`);
  }
  context.streams.out.write(`${text} put at revision ${result.revision}\n`);
}

/** The mod revision that the key must have when it is written (0: it must not exist); undefined for any. */
function expectedRevision(
  present: KeyValue | undefined,
  { ifRevision, force }: PutOptions,
  text: string,
): number | undefined {
  if (force) return undefined;
  const current = present?.modRevision ?? 0;
  if (ifRevision > 0) {
    if (current === ifRevision) return ifRevision;
    const state = present === undefined ? 'it does not exist' : `its mod revision is ${current}`;
    throw new UserError(`key ${JSON.stringify(text)} was not written: ${state}, not ${ifRevision}`);
  }
  if (present === undefined) return 0;
  throw new UserError(
    `key ${JSON.stringify(text)} exists at mod revision ${current}; overwrite that version with --if-revision=${current}, or any with --force`,
  );
}

async function readValue(value: PutOptions['value'], context: Context): Promise<Buffer> {
  if ('text' in value) return Buffer.from(value.text);
  if (value.file === '-') return context.streams.in.readAll();
  try {
    return fs.readFileSync(value.file);
  } catch (error) {
    throw new UserError(`cannot read ${value.file}: ${systemMessage(error)}`, { cause: error });
  }
}
