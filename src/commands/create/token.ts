import { parseDuration } from '../../model/duration.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { printFormatOf } from '../print-format.ts';
import { requireOneName } from '../resource-words.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';

const SECOND = 1_000_000_000n;

/** What a token can be bound to. */
const BOUND_KINDS = ['Node', 'Pod', 'Secret'];

interface TokenOptions {
  readonly name: string;
  readonly audiences: readonly string[];
  /** 0 leaves it to the server. */
  readonly seconds: number;
  readonly bound?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly format: PrintFormat;
}

/** `create token`. */
export const createToken: Command = defineCommand<TokenOptions>({
  use: 'token SERVICE_ACCOUNT_NAME',
  description: 'Request a token of a service account and print it.',
  examples: [
    { comment: 'A token of the service account myapp', command: 'kubectl create token myapp' },
    { comment: 'One that lives for ten minutes', command: 'kubectl create token myapp --duration 10m' },
    {
      comment: 'One that ends with a secret',
      command: 'kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret',
    },
  ],
  flags: [
    ...outputFlags(objectFormats),
    {
      name: 'audience',
      type: 'stringArray',
      default: '[]',
      usage: 'Who the token is for; can be given several times. The API server when not said.',
    },
    {
      name: 'bound-object-kind',
      type: 'string',
      usage: `Kind of an object that the token ends with: ${BOUND_KINDS.join(', ')}.`,
    },
    { name: 'bound-object-name', type: 'string', usage: 'Name of the object that the token ends with.' },
    {
      name: 'bound-object-uid',
      type: 'string',
      usage: 'UID of the object that the token ends with; that of the present one when not said.',
    },
    {
      name: 'duration',
      type: 'duration',
      default: '0s',
      usage: 'How long the token is to live; the server may choose otherwise.',
    },
  ],
  parse,
  run,
});

function parse({ args, argsBeforeDash, flags }: Invocation): TokenOptions {
  const name = requireOneName(args, argsBeforeDash);
  const format = printFormatOf(flags);
  const duration = parseDuration(flags.string('duration'));
  if (duration < 0n) throw new UserError('--duration must be greater than or equal to 0');
  if (duration % SECOND !== 0n) throw new UserError('--duration cannot be expressed in units less than seconds');
  const audiences = flags.list('audience');
  if (audiences.includes('')) throw new UserError('--audience must not be an empty string');
  const kind = flags.string('bound-object-kind');
  const bound = { kind, name: flags.string('bound-object-name'), uid: flags.string('bound-object-uid') };
  if (kind === '') {
    if (bound.name !== '') {
      throw new UserError('--bound-object-name can only be set if --bound-object-kind is provided');
    }
    if (bound.uid !== '') throw new UserError('--bound-object-uid can only be set if --bound-object-kind is provided');
  } else {
    if (!BOUND_KINDS.includes(kind)) {
      throw new UserError(`supported --bound-object-kind values are ${BOUND_KINDS.join(', ')}`);
    }
    if (bound.name === '') throw new UserError('--bound-object-name is required if --bound-object-kind is provided');
  }
  return { name, audiences, seconds: Number(duration / SECOND), ...(kind === '' ? {} : { bound }), format };
}

async function run(options: TokenOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format, { keepOrder: true });
  const answer = await requestToken(options, context);
  const status = answer['status'];
  const token = isJsonObject(status) ? status['token'] : undefined;
  if (typeof token !== 'string' || token === '') {
    throw new UserError('failed to create token: no token in server response');
  }
  if (options.format.output !== '' || options.format.template !== '') return printer.print(answer, context.streams.out);
  // A person wants the next prompt on a line of its own, a script nothing but the token.
  context.streams.out.write(context.streams.out.isTerminal ? `${token}\n` : token);
}

async function requestToken({ name, audiences, seconds, bound }: TokenOptions, context: Context): Promise<KubeObject> {
  const client = await context.client();
  const resource = await client.mapper.resourceForKind('v1', 'ServiceAccount');
  if (resource === undefined) throw new UserError('the server has no service accounts');
  const { name: namespace } = await context.namespace();
  const request: KubeObject = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name },
    spec: {
      audiences: audiences.length === 0 ? null : [...audiences],
      expirationSeconds: seconds === 0 ? null : seconds,
      boundObjectRef: bound === undefined ? null : { ...bound, apiVersion: 'v1' },
    },
  };
  try {
    return await client.create({ resource, namespace, subresource: 'token' }, request, { signal: context.signal });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new UserError(`failed to create token: ${error.message}`, { cause: error });
  }
}
