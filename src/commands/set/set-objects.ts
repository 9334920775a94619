import { deepClone } from '../../model/deep-clone.ts';
import { goQuote } from '../../model/go-text.ts';
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
  /** Whether objects are only shown; then kubectl says nothing of those that cannot be. */
  readonly onlyShows?: boolean;
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
  const unchangeable: UserError[] = [];
  const changed: { readonly found: FoundObject; readonly object: KubeObject }[] = [];
  // Everything is thought through before the first object is written; kubectl tells last which objects do not fit.
  for (const each of found) {
    try {
      const object = deepClone(each.object);
      if (await change.change(each, object, failures)) changed.push({ found: each, object: typedObject(object) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (change.onlyShows === true) continue;
      unchangeable.push(
        new UserError(`error: ${objectName(each, options.local)} ${error.message}\n`, { cause: error }),
      );
    }
  }
  for (const error of unchangeable) failures.add(error);
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
  const found = await allObjects(
    { ...options.request, typed: true },
    options.local ? 'as-written' : 'latest',
    context,
    failures,
  );
  const typed: FoundObject[] = [];
  const wrong: { readonly error: UserError; readonly isItem: boolean }[] = [];
  for (const each of found) {
    try {
      typed.push({ target: each.target, object: typedObject(each.object) });
    } catch (error) {
      if (!options.local || !(error instanceof UserError)) throw error;
      wrong.push(undecodable(error, each));
    }
  }
  const [first] = wrong;
  // What is wrong in a list counts as several errors, which have no `error: ` before them.
  if (first?.isItem && wrong.length === 1 && !failures.any) {
    throw new AggregateError([new AggregateError([first.error])]);
  }
  for (const { error } of wrong) failures.add(error);
  for (const problem of failures.any ? [] : options.problems) failures.add(new UserError(problem));
  failures.throwAny();
  return typed;
}

/** How errors name an object; without a server kubectl breaks the line after one whose kind is of a group. */
function objectName({ target: { resource, name } }: FoundObject, local: boolean): string {
  return local && resource.group !== ''
    ? `${resource.singular}.${resource.group}/${name}\n`
    : `${resource.plural}/${name}`;
}

/** A whole document's error names where it was read; that of a list's item does not. */
function undecodable(error: UserError, { target }: FoundObject): { error: UserError; isItem: boolean } {
  const { isItem = false, source } = target.manifest ?? {};
  if (isItem || source === undefined) return { error, isItem };
  return { error: new UserError(`unable to decode ${goQuote(source)}: ${error.message}`, { cause: error }), isItem };
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
