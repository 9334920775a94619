import { isJsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { SilentExit } from '../silent-exit.ts';
import { printRules } from './access-rules.ts';

interface CanIOptions {
  readonly list: boolean;
  readonly verb: string;
  /** TYPE, TYPE/NAME, or a path that begins with a slash. */
  readonly what: string;
  readonly subresource: string;
  readonly allNamespaces: boolean;
  readonly quiet: boolean;
  readonly headers: boolean;
}

const RESOURCE_VERBS =
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  );
const PATH_VERBS = 'get put post head options delete patch *'.split(' ');

/** `auth can-i`: asks the server whether something is allowed. */
export const canI: Command = defineCommand<CanIOptions>({
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  description: `Check whether an action is allowed; the exit status is 1 when it is not.

 VERB is a verb of the API, such as get, list, watch or delete. NONRESOURCEURL is a path that begins with "/". Whoever opens a store directly is its administrator.`,
  examples: [
    {
      comment: 'Whether pods may be created in any namespace',
      command: 'kubectl auth can-i create pods --all-namespaces',
    },
    {
      comment: 'Whether a service account may list pods',
      command: 'kubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod',
    },
    { comment: 'Whether logs may be read', command: 'kubectl auth can-i get pods --subresource=log' },
    { comment: 'All that is allowed in a namespace', command: 'kubectl auth can-i --list --namespace=foo' },
  ],
  flags: [
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      default: 'false',
      usage: 'Check the action in all namespaces.',
    },
    { name: 'list', type: 'bool', default: 'false', usage: 'Show all that is allowed.' },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Leave out the header of --list.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', usage: 'Print nothing; the exit status tells.' },
    { name: 'subresource', type: 'string', usage: 'Subresource such as log or scale.' },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): CanIOptions {
  const list = flags.bool('list');
  const [quiet, allNamespaces, subresource] = [
    flags.bool('quiet'),
    flags.bool('all-namespaces'),
    flags.string('subresource'),
  ];
  const [verb = '', what = ''] = args;
  if (list && args.length > 0) throw new UserError('list option must be specified with no arguments');
  if (list && (quiet || allNamespaces || subresource !== '')) {
    throw new UserError("list option can't be specified with neither quiet, all-namespaces nor subresource options");
  }
  if (!list && args.length !== 2) {
    throw new UserError(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  }
  if (what.startsWith('/') && subresource !== '') {
    throw new UserError('--subresource can not be used with NonResourceURL');
  }
  return { list, verb, what, subresource, allNamespaces, quiet, headers: !flags.bool('no-headers') };
}

async function run(options: CanIOptions, context: Context): Promise<void> {
  const namespace = options.allNamespaces ? '' : (await context.namespace()).name;
  if (options.list) return printRules(await rulesOf(namespace, context), options.headers, context);
  const spec = options.what.startsWith('/')
    ? pathSpec(options, context)
    : await resourceSpec(options, namespace, context);
  if (!options.headers) throw new UserError('--no-headers cannot be set without --list specified');
  const { allowed, because } = await review(spec, context);
  if (!options.quiet) context.streams.out.write(allowed ? 'yes\n' : `no${because}\n`);
  if (!allowed) throw new SilentExit(1);
}

function pathSpec({ verb, what }: CanIOptions, context: Context): Record<string, unknown> {
  if (!PATH_VERBS.includes(verb)) context.warn(`verb '${verb}' is not a known verb\n`);
  return { nonResourceAttributes: { path: what, verb } };
}

async function resourceSpec(
  options: CanIOptions,
  namespace: string,
  context: Context,
): Promise<Record<string, unknown>> {
  const { verb, what, subresource, allNamespaces } = options;
  const slash = what.indexOf('/');
  const type = slash < 0 ? what : what.slice(0, slash);
  const name = slash < 0 ? '' : what.slice(slash + 1);
  const { group, resource, namespaced } = await resourceNamed(type, context);
  if (!allNamespaces && namespaced !== undefined) {
    if (!namespaced) {
      context.warn(`resource '${resource}' is not namespace scoped${group === '' ? '' : ` in group '${group}'`}\n`);
    }
  }
  if (!allNamespaces && !RESOURCE_VERBS.includes(verb)) context.warn(`verb '${verb}' is not a known verb\n`);
  const attributes = { namespace, verb, group, resource, subresource, name };
  return { resourceAttributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')) };
}

interface NamedResource {
  readonly group: string;
  readonly resource: string;
  /** Undefined for what no server tells of. */
  readonly namespaced?: boolean;
}

/** A type that the server does not know is asked about by the name that was given, with a warning. */
async function resourceNamed(type: string, context: Context): Promise<NamedResource> {
  if (type === '*') return { group: '', resource: '*' };
  const { mapper } = await context.client();
  const found = await mapper.resourceFor(type.toLowerCase());
  if (found !== undefined) return { group: found.group, resource: found.plural, namespaced: found.namespaced };
  const [plural = '', ...group] = type.toLowerCase().split('.');
  if (!['users', 'groups'].includes(type.toLowerCase())) {
    const where = group.length === 0 ? '' : ` in group '${group.join('.')}'`;
    context.warn(`the server doesn't have a resource type '${plural}'${where}\n`);
  }
  return { group: '', resource: type };
}

async function review(spec: Record<string, unknown>, context: Context): Promise<{ allowed: boolean; because: string }> {
  const status = await created('selfsubjectaccessreviews', 'SelfSubjectAccessReview', spec, context);
  const reasons = [status['reason'], status['evaluationError']].filter(
    (each) => typeof each === 'string' && each !== '',
  );
  return { allowed: status['allowed'] === true, because: reasons.map((each) => ` - ${String(each)}`).join('') };
}

async function rulesOf(namespace: string, context: Context): Promise<Record<string, unknown>> {
  return created('selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace }, context);
}

/** Creates a review and resolves with its status. */
// oxlint-disable-next-line max-params
async function created(
  plural: string,
  kind: string,
  spec: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const client = await context.client();
  const { body } = await client.request({
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${plural}`,
    headers: { 'content-type': 'application/json' },
    body: { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status: {} },
    signal: context.signal,
  });
  const status = isJsonObject(body) ? body['status'] : undefined;
  return isJsonObject(status) ? status : {};
}
