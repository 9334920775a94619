import { UserError } from '../model/user-error.ts';
import { UsageError } from './usage-error.ts';

/** What positional arguments of the TYPE/NAME kind say, before anything is looked up. */
export type ResourceWords =
  | { readonly form: 'none' }
  /** `TYPE[,TYPE…]` */
  | { readonly form: 'types'; readonly types: readonly string[] }
  /** `TYPE NAME…` */
  | { readonly form: 'names'; readonly types: readonly string[]; readonly names: readonly string[] }
  /** `TYPE/NAME…` */
  | { readonly form: 'pairs'; readonly pairs: readonly { readonly type: string; readonly name: string }[] };

/** Reads TYPE NAME, TYPE,TYPE and TYPE/NAME arguments; errors are those of cli-runtime's resource.Builder. */
export function resourceWords(args: readonly string[], programName: string): ResourceWords {
  const slashed = args.filter((arg) => arg.includes('/')).length;
  if (slashed > 0 && slashed !== args.length) {
    throw new UserError(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${programName} get resource/<resource_name>' instead of '${programName} get resource resource/<resource_name>'`,
    );
  }
  if (slashed > 0) return { form: 'pairs', pairs: args.map(pairOf) };
  const [first, ...names] = args;
  if (first === undefined) return { form: 'none' };
  const types = first.split(',').filter((type) => type !== '');
  return names.length === 0 ? { form: 'types', types } : { form: 'names', types, names };
}

function pairOf(arg: string): { type: string; name: string } {
  const parts = arg.split('/');
  if (parts.length !== 2) throw new UserError('arguments in resource/name form may not have more than one slash');
  const [type = '', name = ''] = parts;
  if (type === '' || name === '' || type.includes(',')) {
    throw new UserError('arguments in resource/name form must have a single resource and name');
  }
  return { type, name };
}

/** Exactly one NAME argument, as the generators want it. What follows `--` is not counted, also where nothing is made of it. */
export function requireOneName(args: readonly string[], argsBeforeDash: number | undefined): string {
  const count = argsBeforeDash ?? args.length;
  const [name] = args;
  if (count !== 1 || name === undefined) throw new UsageError(`exactly one NAME is required, got ${count}`);
  return name;
}
