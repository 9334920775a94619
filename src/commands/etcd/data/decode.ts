import fs from 'node:fs';
import { describeBytes } from '../../../etcd/decode/describe-bytes.ts';
import { findValues, type FoundValue, type InputForm, inputForms } from '../../../etcd/decode/find-values.ts';
import { resolveKey } from '../../../etcd/resolve-key.ts';
import { keyText } from '../../../etcd/show-key-value.ts';
import { type StoredValue, storedValue } from '../../../etcd/stored-value.ts';
import { printJson } from '../../../model/json-printer.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { UserError } from '../../../model/user-error.ts';
import { printYaml } from '../../../model/yaml-printer.ts';
import type { KeyValue } from '../../../storage/storage.ts';
import { plainValues, type ValueTransformer } from '../../../storage/value-transformer.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';

interface DecodeOptions {
  /** Undefined for standard input. */
  readonly source: string | undefined;
  readonly input: InputForm;
  /** The key that a value was read from; undefined when the input tells it, or nobody does. */
  readonly storedAt: string | undefined;
  readonly output: 'yaml' | 'json';
}

/** `etcd decode`: a stored value as the object that it is. */
export const etcdDecode: Command = defineCommand<DecodeOptions>({
  use: 'decode [FILE | KEY | API-PATH | -]',
  description: `Show a stored value as the Kubernetes object that it is: of a file, of standard input, or under a key. What begins with the API server's prefix, /api/ or /apis/ is a key.

 Files and standard input may hold the bytes themselves, hex or base64 of them, or what etcdctl get prints, also with -w json. Values that are encrypted at rest need --etcd-encryption-config, and the key that they were stored under: most ciphers check it. What is no object is an error, which says what it is.`,
  examples: [
    {
      comment: 'What etcdctl reads',
      command: 'ETCDCTL_API=3 etcdctl get /registry/pods/default/my-pod | kubectl etcd decode',
    },
    { comment: 'A file with base64 of a value, as JSON', command: 'kubectl etcd decode value.b64 -o json' },
    {
      comment: 'An object in the store, without its metadata in etcd',
      command: 'kubectl etcd decode /registry/configmaps/default/my-config',
    },
    {
      comment: 'A value that is encrypted',
      command:
        'kubectl etcd decode secret.bin --stored-at=/registry/secrets/default/db --etcd-encryption-config=enc.yaml',
    },
  ],
  flags: [
    {
      name: 'input',
      type: 'string',
      default: 'auto',
      values: inputForms,
      usage: `What a file or standard input holds: ${inputForms.join(', ')}.`,
    },
    { name: 'stored-at', type: 'string', usage: 'The key that the value was stored under.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'yaml',
      values: ['yaml', 'json'],
      usage: 'Output format: yaml or json.',
    },
  ],
  parse({ args, flags }) {
    if (args.length > 1) throw new UsageError(`at most one FILE or KEY is allowed, got ${args.length}`);
    const output = flags.string('output');
    if (output !== 'yaml' && output !== 'json') {
      throw new UserError(`--output must be yaml or json, not ${JSON.stringify(output)}`);
    }
    const form = inputForms.find((each) => each === flags.string('input'));
    if (form === undefined) {
      throw new UserError(
        `--input must be one of ${inputForms.join(', ')}, not ${JSON.stringify(flags.string('input'))}`,
      );
    }
    const [source = '-'] = args;
    return {
      source: source === '-' ? undefined : source,
      input: form,
      storedAt: flags.given('stored-at'),
      output,
    };
  },
  run,
});

async function run(options: DecodeOptions, context: Context): Promise<void> {
  const { name, found, values } = await readInput(options, context);
  const objects = found.map(({ key, value }) => objectOf({ name, key, value }, values, context));
  if (objects.length === 0) throw new UserError(`${name} holds no keys`);
  for (const [index, object] of objects.entries()) {
    const text =
      options.output === 'yaml'
        ? `${index === 0 ? '' : '---\n'}${printYaml(object)}`
        : `${printJson(object, { indent: 4, sortKeys: false })}\n`;
    context.streams.out.write(text);
  }
}

interface Input {
  /** For messages. */
  readonly name: string;
  readonly found: readonly FoundValue[];
  readonly values: ValueTransformer;
}

async function readInput(options: DecodeOptions, context: Context): Promise<Input> {
  const { source, input, storedAt } = options;
  const isKey = source !== undefined && (source.startsWith(`${context.keyPrefix}/`) || /^\/apis?\//.test(source));
  if (isKey) return readKey(source, context);
  const name = source ?? 'standard input';
  const bytes = source === undefined ? await context.streams.in.readAll() : readFile(source);
  const values = (await context.configuredValues()) ?? plainValues;
  try {
    const given = storedAt === undefined ? {} : { key: Buffer.from(storedAt) };
    return { name, found: findValues(bytes, input).map((each) => ({ ...each, ...given })), values };
  } catch (error) {
    throw new UserError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function readKey(source: string, context: Context): Promise<Input> {
  const { range, single, text } = resolveKey(source, { prefix: context.keyPrefix, asPrefix: false });
  if (!single) throw new UserError(`${JSON.stringify(source)} names many keys; see "etcd get --prefix"`);
  const [storage, values] = await Promise.all([context.storage(), context.values()]);
  const { kvs } = await storage.range(range);
  if (kvs.length === 0) throw new UserError(`key ${JSON.stringify(text)} not found`);
  return { name: text, found: kvs, values };
}

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new UserError(`cannot read ${JSON.stringify(file)}: ${why}`, { cause: error });
  }
}

/** Tries an encrypted value also without the line feed that etcdctl prints behind it. */
function readStored(kv: KeyValue, values: ValueTransformer): StoredValue {
  const read = storedValue(kv, values);
  if (read.type !== 'encrypted' || kv.value.at(-1) !== 0x0a) return read;
  const shorter = storedValue({ ...kv, value: kv.value.subarray(0, -1) }, values);
  return shorter.type === 'encrypted' ? read : shorter;
}

function objectOf(
  { name, key, value }: { readonly name: string; readonly key: Buffer | undefined; readonly value: Buffer },
  values: ValueTransformer,
  context: Context,
): KubeObject {
  const where = key === undefined || key.toString() === name ? name : `${name} (${keyText(key)})`;
  const kv: KeyValue = { key: key ?? Buffer.alloc(0), value, createRevision: 0, modRevision: 0, version: 0, lease: 0n };
  const read = readStored(kv, values);
  switch (read.type) {
    case 'object':
      if (read.unknownFields.length > 0) {
        context.warn(`${where} has fields that are not known here and not shown: ${read.unknownFields.join(', ')}`);
      }
      return read.object;
    case 'encrypted': {
      const hint = key === undefined ? '; --stored-at names the key that it was stored under' : '';
      throw new UserError(`${where}: ${read.problem}${hint}`);
    }
    case 'damaged':
      throw new UserError(`${where}: the value looks like a Kubernetes object and cannot be read: ${read.problem}`);
    case 'text':
    case 'bytes':
      throw new UserError(`${where}: the value is no Kubernetes object: ${describeBytes(value)}`);
  }
}
