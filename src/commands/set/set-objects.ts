import { deepClone } from '../../model/deep-clone.ts';
import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { createStrategicPatch } from '../../model/patch/strategic-diff.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { DryRun } from '../dry-run.ts';
import { Failures } from '../failures.ts';
import { allObjects, type FoundObject } from '../find-objects.ts';
import { changePrinter, type PrintChange } from '../print-change.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { typedObject, typeOf } from '../typed-object.ts';

/** What every `set` command is told. */
export interface SetOptions {
  readonly request: TargetRequest;
  readonly local: boolean;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly format: PrintFormat;
  /** What is wrong with the command line, told after the objects were looked for, as kubectl does. */
  readonly problems: readonly string[];
}

/** How a `set` command changes objects. */
export interface SetChange {
  /** What a success line says: `image updated`. */
  readonly word: string;
  /** Goes before the server's message: `failed to patch image update to pod template: `. */
  readonly failure: string;
  /** Throws what keeps the objects from being changed at all. */
  check?(found: readonly FoundObject[]): void;
  /** Whether an object that does not change is printed all the same. */
  readonly printsUnchanged?: boolean;
  /**
   * Changes a typed object in place; false when there is nothing to change. What keeps a part from being done goes to
   * `failures`; an error that is thrown is told with the object's name.
   */
  change(found: FoundObject, object: KubeObject, failures: Failures): boolean | Promise<boolean>;
}

/** Changes every object that was chosen, each with one strategic merge patch. Mirrors kubectl's pkg/cmd/set. */
export async function setObjects(options: SetOptions, change: SetChange, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const found = await typedObjects(options, context);
  change.check?.(found);
  const failures = new Failures();
  const changed: { readonly found: FoundObject; readonly object: KubeObject }[] = [];
  // Everything is thought through before the first object is written.
  for (const each of found) {
    try {
      const object = deepClone(each.object);
      if (await change.change(each, object, failures)) changed.push({ found: each, object: typedObject(object) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.add(
        new UserError(`error: ${each.target.resource.plural}/${each.target.name} ${error.message}\n`, { cause: error }),
      );
    }
  }
  for (const { found: each, object } of changed) {
    await setObject(each, object, { options, change, print, failures, context });
  }
  failures.throwAny();
}

/** The objects as kubectl decodes them. Throws what was not found, then what was wrong on the command line. */
export async function typedObjects(
  options: Pick<SetOptions, 'request' | 'local' | 'problems'>,
  context: Context,
): Promise<FoundObject[]> {
  const failures = new Failures();
  const found = await allObjects(options.request, options.local ? 'as-written' : 'latest', context, failures);
  const typed = found.map(({ target, object }) => ({ target, object: typedObject(object) }));
  for (const problem of failures.any ? [] : options.problems) failures.add(new UserError(problem));
  failures.throwAny();
  return typed;
}

interface Setting {
  readonly options: SetOptions;
  readonly change: SetChange;
  readonly print: PrintChange;
  readonly failures: Failures;
  readonly context: Context;
}

async function setObject({ target, object: before }: FoundObject, object: KubeObject, setting: Setting): Promise<void> {
  const { options, change, print, failures, context } = setting;
  const body = strategicPatch(before, object);
  if (Object.keys(body).length === 0 && change.printsUnchanged !== true) return;
  if (options.local || options.dryRun === 'client') {
    print(object, change.word);
    return;
  }
  const client = await context.client();
  const { fieldManager, dryRun } = options;
  try {
    const patch = { type: 'application/strategic-merge-patch+json' as const, body };
    const write = { dryRun: dryRun === 'server', fieldManager, signal: context.signal };
    print(typedObject(await client.patch(scopeOf(target), target.name, patch, write)), change.word);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    failures.add(change.failure === '' ? error : new UserError(`${change.failure}${error.message}`, { cause: error }));
  }
}

/** The strategic merge patch between two states of an object. */
export function strategicPatch(before: KubeObject, after: KubeObject): JsonObject {
  return createStrategicPatch(before as unknown as JsonValue, after as unknown as JsonValue, typeOf(before));
}
