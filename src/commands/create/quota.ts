import { compareBytes } from '../../model/byte-order.ts';
import { formatQuantity, parseQuantity, QuantityError } from '../../model/quantity.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';

interface QuotaOptions {
  readonly name: string;
  readonly hard: string;
  readonly scopes: string;
  readonly common: GeneratorOptions;
}

/** `create quota`. */
export const createQuota: Command = defineCommand<QuotaOptions>({
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  description: 'Create a resource quota with the given name, limits and scopes.',
  examples: [
    {
      comment: 'A quota of processors, memory and pods',
      command: 'kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2',
    },
    {
      comment: 'One for pods without requests and limits',
      command: 'kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort',
    },
  ],
  flags: [
    ...generatorFlags,
    { name: 'hard', type: 'string', usage: 'Limits RESOURCE=QUANTITY, separated by commas.' },
    { name: 'scopes', type: 'string', usage: 'Scopes that an object must all match, separated by commas.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }) {
    return {
      name: requireOneName(args, argsBeforeDash),
      hard: flags.string('hard'),
      scopes: flags.string('scopes'),
      common: generatorOptions(flags),
    };
  },
  async run({ name, hard, scopes, common }, context) {
    const spec = {
      ...(hard === '' ? {} : { hard: resourceList(hard) }),
      ...(scopes === '' ? {} : { scopes: scopeList(scopes) }),
    };
    const object = { kind: 'ResourceQuota', apiVersion: 'v1', metadata: { name }, spec, status: {} };
    await createGenerated({ object, failure: 'failed to create quota: ' }, common, context);
  },
});

function resourceList(text: string): Record<string, string> {
  const entries = text.split(',').map((statement): [string, string] => {
    const [name = '', quantity, ...more] = statement.split('=');
    if (quantity === undefined || more.length > 0) {
      throw new UserError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    }
    try {
      return [name, formatQuantity(parseQuantity(quantity))];
    } catch (error) {
      throw error instanceof QuantityError ? new UserError(error.message, { cause: error }) : error;
    }
  });
  return Object.fromEntries(entries.sort(([left], [right]) => compareBytes(left, right)));
}

function scopeList(text: string): string[] {
  const scopes = text.split(',');
  if (scopes.includes('')) throw new UserError('invalid resource quota scope ""');
  return scopes;
}
