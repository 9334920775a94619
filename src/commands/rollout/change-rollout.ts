import { deepClone } from '../../model/deep-clone.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { Failures } from '../failures.ts';
import { allObjects, type FoundObject } from '../find-objects.ts';
import { changePrinter, type PrintChange } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { strategicPatch } from '../set/set-objects.ts';
import { fieldManagerFlag, objectFormats, outputFlags } from '../shared-flags.ts';
import { typedObject } from '../typed-object.ts';
import { rolloutFlags, rolloutRequest } from './rollout-flags.ts';

interface ChangeOptions {
  readonly request: TargetRequest;
  readonly fieldManager: string;
  readonly format: PrintFormat;
}

/** A rollout command that changes one thing of each object. */
export interface RolloutChange extends Pick<Command, 'use' | 'description' | 'examples'> {
  /** What a success line says. */
  readonly word: string;
  /** What it says of an object that does not change; without it that is an error. */
  readonly unchangedWord?: string;
  /** Changes a typed object in place; throws UserError, whose message is told behind the object's name. */
  change(object: KubeObject, now: Date): void;
}

/** `rollout pause`, `resume` and `restart`: one strategic merge patch for each object. */
export function rolloutChangeCommand(change: RolloutChange): Command {
  return defineCommand<ChangeOptions>({
    use: change.use,
    description: change.description,
    examples: change.examples,
    flags: [...rolloutFlags, ...outputFlags(objectFormats), fieldManagerFlag('kubectl-rollout')],
    parse: (invocation) => ({
      request: rolloutRequest(invocation),
      fieldManager: invocation.flags.string('field-manager'),
      format: printFormatOf(invocation.flags),
    }),
    run: (options, context) => changeRollouts(options, change, context),
  });
}

async function changeRollouts(options: ChangeOptions, change: RolloutChange, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const failures = new Failures();
  const found = await allObjects({ ...options.request, typed: true }, 'latest', context, failures);
  if (found.length === 0 && !failures.any) {
    context.streams.err.write(`No resources found in ${(await context.namespace()).name} namespace.\n`);
    return;
  }
  for (const each of found) {
    try {
      await changeRollout(each, { options, change, print, context });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAsSeveral();
}

interface Changing {
  readonly options: ChangeOptions;
  readonly change: RolloutChange;
  readonly print: PrintChange;
  readonly context: Context;
}

async function changeRollout({ target, object }: FoundObject, changing: Changing): Promise<void> {
  const { options, change, print, context } = changing;
  const before = typedObject(object);
  const changed = deepClone(before);
  try {
    change.change(changed, context.now());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { group, plural } = target.resource;
    const what = group === '' ? plural : `${plural}.${group}`;
    throw new UserError(`error: ${what} ${JSON.stringify(target.name)} ${error.message}`, { cause: error });
  }
  const body = strategicPatch(before, typedObject(changed));
  if (Object.keys(body).length === 0) {
    if (change.unchangedWord !== undefined) return print(before, change.unchangedWord);
    throw new UserError(
      `failed to create patch for ${target.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
    );
  }
  const client = await context.client();
  const patch = { type: 'application/strategic-merge-patch+json' as const, body };
  const write = { fieldManager: options.fieldManager, signal: context.signal };
  try {
    print(typedObject(await client.patch(scopeOf(target), target.name, patch, write)), change.word);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new UserError(`failed to patch: ${error.message}`, { cause: error });
  }
}
