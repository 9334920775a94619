import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { goText } from '../../model/go-text.ts';
import { parseToLabelSelectorObject } from '../../model/selectors/label-selector-object.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import { changePrinter } from '../print-change.ts';
import { wholeFolderFlags } from '../shared-flags.ts';
import { typedObject } from '../typed-object.ts';
import { setFlags, setOptions } from './set-flags.ts';
import { type SetOptions, strategicPatch } from './set-objects.ts';

interface SelectorOptions extends SetOptions {
  readonly selector: ReturnType<typeof parseToLabelSelectorObject>;
  /** Empty for any. */
  readonly resourceVersion: string;
}

/** `set selector`: sets which pods a service is for. */
export const setSelector: Command = defineCommand<SelectorOptions>({
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  description:
    'Set the selector of a service; it replaces the one that is there. Only services have a selector that can be set.',
  examples: [
    {
      comment: 'Create a service and let it select by another label',
      command: 'kubectl set selector service my-svc environment=qa',
    },
  ],
  flags: [
    ...setFlags.filter(({ name }) => !['filename', 'kustomize', 'recursive'].includes(name)),
    ...wholeFolderFlags('to change'),
    {
      name: 'resource-version',
      type: 'string',
      usage: 'Only change the object when this is its resource version. Only for a single object.',
    },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): SelectorOptions {
  const { args, flags } = invocation;
  const text = args.at(-1);
  const selector = text === undefined ? undefined : parseToLabelSelectorObject(text);
  const options = setOptions(invocation, args.slice(0, -1), false);
  if (selector === undefined) throw new UserError('one selector is required');
  return { ...options, selector, resourceVersion: flags.string('resource-version') };
}

async function run(options: SelectorOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const failures = new Failures();
  for await (const found of findObjects(
    { ...options.request, typed: true },
    options.local ? 'as-written' : 'latest',
    context,
    failures,
  )) {
    try {
      print(await selectBy(found, options, context), 'selector updated');
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
}

async function selectBy(
  { target, object }: FoundObject,
  options: SelectorOptions,
  context: Context,
): Promise<KubeObject> {
  const before = typedObject(object);
  const { matchLabels, matchExpressions } = options.selector;
  if (before.kind !== 'Service') throw new UserError('setting a selector is only supported for Services');
  if (matchExpressions.length > 0) {
    const expressions = matchExpressions.map(
      ({ key, operator, values = [] }) => `{${key} ${operator} ${goText([...values])}}`,
    );
    throw new UserError(`match expression [${expressions.join(' ')}] not supported on this object`);
  }
  const spec = isJsonObject(before['spec']) ? before['spec'] : {};
  const after = typedObject({ ...before, spec: { ...spec, selector: { ...matchLabels } } });
  // A resource version that was asked for is always sent, also when it is the present one.
  if (options.resourceVersion !== '') {
    delete before.metadata.resourceVersion;
    after.metadata.resourceVersion = options.resourceVersion;
  }
  if (options.local || options.dryRun === 'client') return after;
  const client = await context.client();
  const patch = { type: 'application/strategic-merge-patch+json' as const, body: strategicPatch(before, after) };
  const write = { dryRun: options.dryRun === 'server', fieldManager: options.fieldManager, signal: context.signal };
  return typedObject(await client.patch(scopeOf(target), target.name, patch, write));
}
