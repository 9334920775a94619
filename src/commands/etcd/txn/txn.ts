import { UserError } from '../../../model/user-error.ts';
import type { TxnRequest } from '../../../storage/storage.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';
import { parseCompare } from './parse-compare.ts';
import { parseOperation } from './parse-operation.ts';
import { headerOf } from '../etcdctl/etcdctl-answer.ts';
import { inEtcdctlForm, isHex } from '../etcdctl/etcdctl-form.ts';

const FORMATS = ['simple', 'json', 'fields', 'protobuf'] as const;

/** etcdctl asks part by part; here the whole input is read first. */
const PROMPT = 'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\n';

interface TxnOptions {
  /** Undefined when the transaction is read from standard input. */
  readonly request: TxnRequest | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly hex: boolean;
  readonly interactive: boolean;
}

/** `etcd txn`: reads and writes several keys in one revision, or does something else when a condition does not hold. */
export const etcdTxn: Command = defineCommand<TxnOptions>({
  use: "txn [--if='COMPARISON'...] [--then='REQUEST'...] [--else='REQUEST'...]",
  description: `Read and write several keys in one transaction.

 Without --if, --then and --else it is read from standard input as etcdctl txn takes it: comparisons, an empty line, the requests for when all hold, an empty line, the requests for when one does not. Comparisons are like mod("key") > "0", with mod, create, version, value and lease, and =, !=, < and >. Requests are put, get and del with their arguments. Values are written as given: nothing is encoded. Both outcomes end with status 0; the first line says which.`,
  examples: [
    {
      comment: 'Write a key only when it does not exist',
      command: `kubectl etcd txn --if='create("/my/key") = "0"' --then='put /my/key hello' --else='get /my/key'`,
    },
    {
      comment: 'The same from standard input',
      command: String.raw`printf 'create("/my/key") = "0"\n\nput /my/key hello\n\nget /my/key\n\n' | kubectl etcd txn`,
    },
  ],
  flags: [
    { name: 'if', type: 'stringArray', default: '[]', usage: 'A comparison that must hold. May be repeated.' },
    { name: 'then', type: 'stringArray', default: '[]', usage: 'A request for when all hold. May be repeated.' },
    {
      name: 'else',
      type: 'stringArray',
      default: '[]',
      usage: 'A request for when one does not hold. May be repeated.',
    },
    {
      name: 'interactive',
      short: 'i',
      type: 'bool',
      default: 'false',
      usage: 'Say first what standard input is to have.',
    },
    { name: 'hex', type: 'bool', default: 'false', usage: 'Show keys and values as hexadecimal bytes.' },
    {
      name: 'write-out',
      short: 'w',
      type: 'string',
      default: 'simple',
      values: FORMATS,
      usage: `Output format: ${FORMATS.join(', ')}.`,
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'simple',
      values: FORMATS,
      usage: 'The same as --write-out.',
    },
  ],
  parse({ args, flags, env }) {
    if (args.length > 0) throw new UsageError(`txn takes no arguments, got ${args.length}`);
    const name = flags.changed('output') ? 'output' : 'write-out';
    const text = flags.given(name) ?? (env['ETCDCTL_WRITE_OUT'] || 'simple');
    const format = FORMATS.find((each) => each === text);
    if (format === undefined) {
      throw new UserError(`--${name} must be one of ${FORMATS.join(', ')}, not ${JSON.stringify(text)}`);
    }
    const scripted = ['if', 'then', 'else'].some((flag) => flags.changed(flag));
    if (scripted && flags.bool('interactive')) {
      throw new UserError('--interactive cannot be used with --if, --then, --else');
    }
    const request = scripted ? requestOf(flags.list('if'), flags.list('then'), flags.list('else')) : undefined;
    return {
      request,
      format,
      hex: isHex({ flags, env }),
      interactive: flags.bool('interactive'),
    };
  },
  async run({ request, format, hex, interactive }, context) {
    if (interactive) context.streams.out.write(PROMPT);
    const asked = request ?? (await readRequest(context));
    const storage = await context.storage();
    const result = await storage.txn(asked);
    const header = headerOf(storage, result.revision);
    const { succeeded, results } = result;
    const form = { format, hex, valueOnly: false };
    context.streams.out.write(inEtcdctlForm({ type: 'txn', header, succeeded, results }, form));
  },
});

function requestOf(compares: readonly string[], success: readonly string[], failure: readonly string[]): TxnRequest {
  return {
    compares: compares.map(parseCompare),
    success: success.map(parseOperation),
    failure: failure.map(parseOperation),
  };
}

/** What standard input says: three parts, each ended by an empty line or the end of the input. */
async function readRequest({ streams }: Context): Promise<TxnRequest> {
  const lines = (await streams.in.readAll()).toString('utf8').split(/\r?\n/);
  const parts: string[][] = [[]];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') {
      if (index < lines.length - 1 || line !== '') parts.push([]);
    } else parts.at(-1)?.push(line);
  }
  const [compares = [], success = [], failure = [], ...more] = parts;
  if (more.some((part) => part.length > 0)) {
    throw new UserError(`standard input has more than three parts; the fourth begins with: ${more.flat()[0] ?? ''}`);
  }
  if (compares.length + success.length + failure.length === 0) {
    throw new UserError(
      'standard input has no transaction: want comparisons, requests and requests, each part ended by an empty line',
    );
  }
  return requestOf(compares, success, failure);
}
