import fs from 'node:fs';
import { encodeValue, type PutEncoding, putEncodings } from '../../etcd/encode-value.ts';
import type { AnswerHeader } from '../../etcd/answer-header.ts';
import { parseLeaseId } from '../../etcd/lease-id.ts';
import { resolveKey } from '../../etcd/resolve-key.ts';
import { yamlDocument } from '../../etcd/show-key-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { KeyValue, TxnResult } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context, OutputStream } from '../context.ts';
import { systemMessage } from '../create/data-sources.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../flag-values.ts';
import { UsageError } from '../usage-error.ts';
import { headerOf } from './etcdctl/etcdctl-answer.ts';
import { etcdctlFormFlags, etcdctlFormOf, type EtcdctlForm, inEtcdctlForm } from './etcdctl/etcdctl-form.ts';

interface PutOptions {
  readonly key: string;
  /** `ignored` for the value that is there. */
  readonly value: { readonly text: string } | { readonly file: string } | 'ignored';
  /** A lease, none, or the one that is there. */
  readonly lease: bigint | 'ignored';
  readonly prevKv: boolean;
  readonly form: EtcdctlForm | undefined;
  readonly encoding: PutEncoding;
  /** 0 when none was given. */
  readonly ifRevision: number;
  readonly force: boolean;
}

const ONE_VALUE = 'exactly one of VALUE and --filename is required';

const putFlags: readonly Flag[] = [
  { name: 'lease', type: 'string', default: '0', usage: 'Lease (hexadecimal) that the key ends with.' },
  { name: 'ignore-value', type: 'bool', default: 'false', usage: 'Keep the value that is there.' },
  { name: 'ignore-lease', type: 'bool', default: 'false', usage: 'Keep the lease that is there.' },
  { name: 'prev-kv', type: 'bool', default: 'false', usage: 'Show what was there before.' },
];

/** `etcd put`: stores a value under a key; a value that is there is only replaced when its revision is named. */
export const etcdPut: Command = defineCommand<PutOptions>({
  use: 'put (KEY | API-PATH) [VALUE | - | -f FILE] [--if-revision=N | --force]',
  description: `Store a value under a key, or under the key of an API path.

 A key that exists is only overwritten when --if-revision names its mod revision, or with --force. A Kubernetes object given as YAML or JSON is written in the encoding of the value that is there, or that an API server would use for the API path. No API server is asked: nothing is defaulted or validated. Without VALUE and -f the value is standard input. With -w or --hex the answer is shown in etcdctl's bytes.`,
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
    ...putFlags,
    ...etcdctlFormFlags,
    { name: 'force', type: 'bool', default: 'false', usage: 'Overwrite the key whatever it holds.' },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    const [key, , ...more] = args;
    if (key === undefined || more.length > 0) {
      throw new UsageError(`a KEY and one VALUE are required, got ${args.length} arguments`);
    }
    const encoding = putEncodings.find((each) => each === flags.string('as'));
    if (encoding === undefined) {
      throw new UserError(`--as must be one of ${putEncodings.join(', ')}, not ${JSON.stringify(flags.string('as'))}`);
    }
    const ifRevision = flags.int('if-revision');
    if (ifRevision < 0) throw new UserError('--if-revision must not be negative');
    if (ifRevision > 0 && flags.bool('force')) throw new UserError('--if-revision and --force exclude each other');
    return {
      key,
      value: valueOf(invocation),
      lease: leaseOf(flags),
      encoding,
      ifRevision,
      force: flags.bool('force'),
      prevKv: flags.bool('prev-kv'),
      form: etcdctlFormOf(invocation),
    };
  },
  run,
});

function valueOf({ args: [, text], flags }: Invocation): PutOptions['value'] {
  const file = flags.given('filename');
  if (flags.bool('ignore-value')) {
    if (text === undefined && file === undefined) return 'ignored';
    throw new UserError('--ignore-value keeps the value that is there: give no VALUE and no --filename');
  }
  if (text !== undefined && file !== undefined) throw new UsageError(ONE_VALUE);
  return text !== undefined && text !== '-' ? { text } : { file: file ?? '-' };
}

function leaseOf(flags: FlagValues): PutOptions['lease'] {
  const text = flags.string('lease');
  if (!flags.bool('ignore-lease')) return text === '0' ? 0n : parseLeaseId(text);
  if (text === '0') return 'ignored';
  throw new UserError('--ignore-lease and --lease exclude each other');
}

async function run(options: PutOptions, context: Context): Promise<void> {
  const resolved = resolveKey(options.key, { prefix: context.keyPrefix, asPrefix: false });
  const { range, single, text } = resolved;
  if (!single) {
    throw new UserError(`${JSON.stringify(options.key)} names a collection; the path of an object ends with its name`);
  }
  const given = await readValue(options.value, context);
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const key = Buffer.from(range.key);
  const { kvs } = await storage.range({ key });
  const present = kvs[0];
  const expected = expectedOf(present, options, text);
  const encode = { encoding: options.encoding, storage: resolved.storage, present: present?.value, key, values };
  const value = given === undefined ? (present?.value ?? Buffer.alloc(0)) : encodeValue(given, encode);
  const lease = options.lease === 'ignored' ? (present?.lease ?? 0n) : options.lease;
  const result = await storage.txn({
    compares: expected === undefined ? [] : [{ key, target: 'mod', result: '=', operand: expected }],
    success: [{ type: 'put', key, value, lease, prevKv: options.prevKv }],
  });
  if (!result.succeeded) {
    throw new UserError(`key ${JSON.stringify(text)} was not written: it has changed since it was read`);
  }
  show(result, options, { text, header: headerOf(storage, result.revision), values, out: context.streams.out });
}

interface Show {
  readonly text: string;
  readonly header: AnswerHeader;
  readonly values: ValueTransformer;
  readonly out: OutputStream;
}

function show(
  { revision, results: [put] }: TxnResult,
  { form }: PutOptions,
  { text, header, values, out }: Show,
): void {
  if (put?.type !== 'put') return;
  if (form !== undefined) {
    out.write(inEtcdctlForm({ ...put, header }, form));
    return;
  }
  out.write(`${text} put at revision ${revision}\n`);
  if (put.prevKv !== undefined) out.write(`previous: ${yamlDocument(put.prevKv, values)}`);
}

/** What is kept of a key is only right for the version of it that was read. Throws UserError when there is none. */
function expectedOf(present: KeyValue | undefined, options: PutOptions, text: string): number | undefined {
  const keeps = options.value === 'ignored' || options.lease === 'ignored';
  if (!keeps) return expectedRevision(present, options, text);
  if (present === undefined) throw new UserError(`key ${JSON.stringify(text)} not found`);
  return options.ifRevision === 0 ? present.modRevision : expectedRevision(present, options, text);
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

/** Undefined for the value that is there. */
async function readValue(value: PutOptions['value'], { streams }: Context): Promise<Buffer | undefined> {
  if (value === 'ignored') return undefined;
  if ('text' in value) return Buffer.from(value.text);
  if (value.file === '-') {
    const input = streams.in.isTerminal ? Buffer.alloc(0) : await streams.in.readAll();
    if (input.length === 0) throw new UserError(`${ONE_VALUE}, and standard input has none`);
    return input;
  }
  try {
    return fs.readFileSync(value.file);
  } catch (error) {
    throw new UserError(`cannot read ${value.file}: ${systemMessage(error)}`, { cause: error });
  }
}
