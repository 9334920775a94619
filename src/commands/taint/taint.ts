import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { goQuote } from '../../model/go-text.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import { noResourceError } from '../no-resource-error.ts';
import { changePrinter } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { strategicPatch } from '../set/set-objects.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  objectFormats,
  outputFlags,
  selectorFlag,
  validateFlag,
} from '../shared-flags.ts';
import { typedObject } from '../typed-object.ts';
import { UsageError } from '../usage-error.ts';
import { parseTaints, sameTaint, type Taint, type TaintChanges } from './parse-taints.ts';

interface TaintOptions {
  /** As it was typed. */
  readonly type: string;
  readonly request: TargetRequest;
  readonly changes: TaintChanges;
  readonly overwrite: boolean;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly format: PrintFormat;
}

/** `taint`: sets and removes taints of nodes. */
export const taint: Command = defineCommand<TaintOptions>({
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  description: `Set and remove taints, which keep pods off nodes.

 A taint is a key, perhaps a value, and an effect: NoSchedule, PreferNoSchedule or NoExecute. KEY:EFFECT- removes one, KEY- all of a key.`,
  examples: [
    { comment: 'Set a taint', command: 'kubectl taint nodes foo dedicated=special-user:NoSchedule' },
    { comment: 'Remove it', command: 'kubectl taint nodes foo dedicated:NoSchedule-' },
    { comment: 'Remove all of its key', command: 'kubectl taint nodes foo dedicated-' },
    {
      comment: 'Set one without value on nodes with a label',
      command: 'kubectl taint node -l myLabel=X bar:NoSchedule',
    },
  ],
  flags: [
    ...outputFlags(objectFormats),
    dryRunFlag,
    validateFlag,
    selectorFlag,
    fieldManagerFlag('kubectl-taint'),
    { name: 'all', type: 'bool', default: 'false', usage: 'Choose all nodes.' },
    { name: 'overwrite', type: 'bool', default: 'false', usage: 'Let taints that are there be changed.' },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): TaintOptions {
  const { dryRun } = dryRunOf(flags);
  const fieldValidation = fieldValidationOf(flags);
  const isChange = (word: string): boolean => /[=:]|-$/.test(word);
  const first = args.findIndex(isChange);
  const words = first < 0 ? [] : args.slice(first);
  const late = words.find((word) => !isChange(word));
  if (late !== undefined) throw new UserError(`all resources must be specified before taint changes: ${late}`);
  const [type, ...names] = first < 0 ? args : args.slice(0, first);
  if (type === undefined) throw new UserError('one or more resources must be specified as <resource> <name>');
  if (words.length === 0) throw new UserError('at least one taint update is required');
  const all = flags.bool('all');
  const labelSelector = flags.string('selector');
  const chosen = all || labelSelector !== '';
  return {
    type,
    request: {
      args: chosen ? ['nodes'] : ['nodes', ...names],
      filenames: [],
      recursive: false,
      all,
      ...(labelSelector === '' ? {} : { labelSelector }),
    },
    changes: changesOf(words),
    overwrite: flags.bool('overwrite'),
    dryRun,
    fieldManager: flags.string('field-manager'),
    fieldValidation,
    format: printFormatOf(flags),
  };
}

function changesOf(words: readonly string[]): TaintChanges {
  try {
    return parseTaints(words);
  } catch (error) {
    throw error instanceof UserError ? new UsageError(error.message, { cause: error }) : error;
  }
}

async function run(options: TaintOptions, context: Context): Promise<void> {
  await check(options, context);
  const failures = new Failures();
  const local = options.dryRun === 'client';
  // kubectl's line is the same for a dry run.
  const print = await changePrinter({ format: options.format }, context, { keepOrder: !local });
  for await (const found of findObjects(options.request, 'latest', context, failures)) {
    try {
      const { object, word } = changed(found.object, options);
      print(local ? object : await send(found, object, options, context), word);
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError) && !(error instanceof AggregateError)) throw error;
      for (const each of error instanceof AggregateError ? (error.errors as unknown[]) : [error]) failures.add(each);
    }
  }
  failures.throwAny();
}

async function check({ type, request, changes }: TaintOptions, context: Context): Promise<void> {
  const lower = type.toLowerCase();
  const { mapper } = await context.client();
  const resource = await mapper.resourceFor(lower);
  if (resource === undefined) throw noResourceError(lower, '');
  if (resource.kind !== 'Node') throw new UserError(`invalid resource type ${lower}, only node types are supported`);
  const conflicts = changes.add.flatMap((added) =>
    changes.remove.filter(({ key, effect }) => key === added.key && (effect === undefined || effect === added.effect)),
  );
  if (conflicts.length > 0) {
    const texts = conflicts.map(({ key, effect = '' }) => `${key}=${effect}`);
    throw new UserError(
      `can not both modify and remove the following taint(s) in the same command: ${texts.join(', ')}`,
    );
  }
  if (request.all === true && request.labelSelector !== undefined) {
    throw new UserError("setting 'all' parameter with a non empty selector is prohibited");
  }
  if (request.all !== true && request.labelSelector === undefined && request.args.length < 2) {
    throw new UserError("at least one resource name must be specified since 'all' parameter is not set");
  }
}

/** The node with its new taints and the word for what was done; throws what cannot be removed. */
function changed(node: KubeObject, { changes, overwrite }: TaintOptions): { object: KubeObject; word: string } {
  const object = typedObject(node);
  const spec = isJsonObject(object['spec']) ? object['spec'] : {};
  const old = (Array.isArray(spec['taints']) ? spec['taints'] : []) as unknown as Taint[];
  const present = changes.add.filter((each) => old.some((taint) => sameTaint(taint, each)));
  if (!overwrite && present.length > 0) {
    const keys = present.map(({ key }) => key).join(',');
    throw new UserError(
      `node ${object.metadata.name ?? ''} already has ${keys} taint(s) with same effect(s) and --overwrite is false`,
    );
  }
  let taints = [...changes.add, ...old.filter((taint) => !changes.add.some((each) => sameTaint(each, taint)))];
  const added = taints.length !== old.length;
  let removed = false;
  const missing: UserError[] = [];
  for (const removal of changes.remove) {
    const rest = taints.filter(
      ({ key, effect }) => key !== removal.key || (removal.effect !== undefined && effect !== removal.effect),
    );
    removed = rest.length !== taints.length;
    if (!removed) {
      missing.push(new UserError(`taint ${goQuote([removal.key, removal.effect ?? []].flat().join(':'))} not found`));
    }
    taints = rest;
  }
  if (missing.length > 0) throw new AggregateError(missing);
  const { taints: _old, ...bare } = spec;
  const result = typedObject({
    ...object,
    spec: taints.length === 0 ? bare : { ...bare, taints: taints.map((each) => ({ ...each })) },
  });
  if (overwrite || (added && removed)) return { object: result, word: 'modified' };
  return { object: result, word: added ? 'tainted' : 'untainted' };
}

// oxlint-disable-next-line max-params
async function send(
  { target, object: before }: FoundObject,
  after: KubeObject,
  options: TaintOptions,
  context: Context,
): Promise<KubeObject> {
  const client = await context.client();
  const patch = {
    type: 'application/strategic-merge-patch+json' as const,
    body: strategicPatch(typedObject(before), after),
  };
  const { dryRun, fieldManager, fieldValidation } = options;
  const write = { dryRun: dryRun === 'server', fieldManager, fieldValidation, signal: context.signal };
  return typedObject(await client.patch(scopeOf(target), target.name, patch, write));
}
