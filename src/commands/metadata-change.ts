import { deepClone } from '../model/deep-clone.ts';
import { deepEqual } from '../model/deep-equal.ts';
import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { createMergePatch } from '../model/patch/merge-patch.ts';
import { UserError } from '../model/user-error.ts';
import type { PrintFormat } from '../printers/create-printer.ts';
import { visibleOutput } from '../printers/visible-output.ts';
import { collectionObjects, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import type { DryRun } from './dry-run.ts';
import { concernsOneObject, Failures } from './failures.ts';
import { inOrder } from './in-order.ts';
import { laneOf } from './lane.ts';
import { changePrinter, type PrintChange } from './print-change.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import type { CollectionTarget, NamedTarget, TargetFailure } from './target.ts';

/** What label and annotate were asked for; they differ in the map that they change and in their words. */
export interface MetadataChange {
  readonly field: 'labels' | 'annotations';
  readonly request: TargetRequest;
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  readonly overwrite: boolean;
  readonly list: boolean;
  readonly local: boolean;
  readonly resourceVersion: string;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly format: PrintFormat;
  /** How many objects are changed at once; 0 finds out. */
  readonly concurrency: number;
  /** Refuses to change a value that is there; undefined when the change is fine. */
  refuse(present: Readonly<Record<string, string>>): string | undefined;
  /** The success word; `shorter` when something was removed and nothing overwritten. */
  word(changed: boolean, shorter: boolean): string;
}

/** What is to be changed; `object` when it has been read already. */
interface Chosen {
  readonly kind: 'chosen';
  readonly target: NamedTarget;
  readonly object?: KubeObject;
}

interface Found {
  readonly target: NamedTarget;
  readonly object: KubeObject;
}

interface Changed {
  readonly object: KubeObject;
  readonly word: string;
  readonly print: PrintChange;
}

/** Changes labels or annotations of all targets, each with one merge patch. */
export async function changeMetadata(change: MetadataChange, context: Context): Promise<void> {
  const failures = new Failures();
  const print = await changePrinter(change, context);
  // kubectl's label makes a printer for each object, so that its documents are not told apart by `---`.
  const printsAnew = change.field === 'labels' && ['yaml', 'kyaml'].includes(change.format.output);
  const oneOnly = change.resourceVersion !== '';
  if (oneOnly && !impliesOne(change.request)) throw new UserError(ONE_ONLY);
  let done = 0;
  const changing = inOrder<Chosen | TargetFailure, Changed | undefined>({
    items: chosenObjects(change, context),
    concurrency: oneOnly ? 1 : change.concurrency,
    context,
    laneOf: (item) => laneOf(item.kind === 'failure' ? item : item.target),
    async work(item, held) {
      if (item.kind === 'failure') throw item.error;
      if (oneOnly && isOneOfMany(item.target, change.request)) throw new MoreThanOne(ONE_ONLY);
      const object = item.object ?? (await (await held.client()).get(scopeOf(item.target), item.target.name));
      const found = { target: item.target, object };
      if (change.list) {
        printList(change, { target: item.target, object: updated(change, object) }, held);
        return undefined;
      }
      const changed = await changeOne(change, found, held);
      return { ...changed, print: printsAnew ? await changePrinter(change, context) : print };
    },
    settle(item, outcome) {
      if (!('error' in outcome)) {
        done++;
        outcome.result?.print(outcome.result.object, outcome.result.word);
        return;
      }
      const { error } = outcome;
      if (error instanceof MoreThanOne) throw new UserError(error.message);
      if (item.kind !== 'failure' && !concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    },
  });
  await failures.during(changing);
  failures.throwAny(done);
}

const ONE_ONLY = '--resource-version may only be used with a single resource';

class MoreThanOne extends UserError {}

/** Whether a request names one object, or one file, whatever is in it (cli-runtime's IntoSingleItemImplied). */
function impliesOne({ args, filenames, kustomize, recursive }: TargetRequest): boolean {
  if (filenames.length > 0) return filenames.length === 1 && filenames[0] !== '-' && !recursive;
  if (kustomize) return true;
  const [first = ''] = args;
  return !first.includes(',') && (args.length === 2 || (args.length === 1 && first.includes('/')));
}

/** Whether the object comes from a folder: its file is not the one that was named. */
function isOneOfMany({ manifest }: NamedTarget, { filenames }: TargetRequest): boolean {
  return filenames.length > 0 && manifest !== undefined && !filenames.includes(manifest.source);
}

async function* chosenObjects(change: MetadataChange, context: Context): AsyncGenerator<Chosen | TargetFailure> {
  for await (const target of resolveTargets(change.request, context)) {
    if (target.kind === 'failure') {
      yield target;
      continue;
    }
    if (target.kind === 'named') {
      const here = change.local ? target.manifest?.object : undefined;
      yield { kind: 'chosen', target, ...(here === undefined ? {} : { object: here }) };
      continue;
    }
    try {
      yield* membersOf(target, context);
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      yield { kind: 'failure', error };
    }
  }
}

async function* membersOf(target: CollectionTarget, context: Context): AsyncGenerator<Chosen> {
  for await (const object of collectionObjects(target, context)) {
    const { name = '', namespace } = object.metadata;
    const member = { resource: target.resource, name, ...(namespace === undefined ? {} : { namespace }) };
    yield { kind: 'chosen', target: { kind: 'named', ...member }, object };
  }
}

async function changeOne(
  change: MetadataChange,
  { target, object }: Found,
  context: Context,
): Promise<Omit<Changed, 'print'>> {
  const { field } = change;
  const before = object.metadata[field] ?? {};
  const stays = change.dryRun === 'client' || change.local;
  if (field === 'labels' && !stays) {
    for (const key of change.remove) {
      if (!Object.hasOwn(before, key)) context.streams.out.write(`label ${JSON.stringify(key)} not found.\n`);
    }
  }
  const changed = updated(change, object);
  const shorter = JSON.stringify(changed).length < JSON.stringify(object).length;
  const word = change.word(!deepEqual(object, changed), shorter);
  if (stays) return { object: changed, word };
  return { object: await send(change, target, { object, changed }, context), word };
}

/** The object as it is to be. Throws UserError for a value that is there and not to be overwritten. */
function updated(change: MetadataChange, object: KubeObject): KubeObject {
  const { field } = change;
  const before = object.metadata[field] ?? {};
  const refusal = change.overwrite ? undefined : change.refuse(before);
  if (refusal !== undefined) throw new UserError(refusal);
  const entries = new Map(Object.entries(before));
  for (const [key, value] of change.set) entries.set(key, value);
  for (const key of change.remove) entries.delete(key);
  const changed = deepClone(object);
  changed.metadata[field] = Object.fromEntries(entries);
  if (change.resourceVersion !== '') changed.metadata.resourceVersion = change.resourceVersion;
  return changed;
}

async function send(
  change: MetadataChange,
  target: NamedTarget,
  { object, changed }: { object: KubeObject; changed: KubeObject },
  context: Context,
): Promise<KubeObject> {
  // A resourceVersion that was asked for is always sent, also when it is the present one.
  const { resourceVersion: _present, ...metadata } = object.metadata;
  const original = change.resourceVersion === '' ? object : { ...object, metadata };
  const body = createMergePatch(original as unknown as JsonObject, changed as unknown as JsonObject);
  const client = await context.client();
  const options = { dryRun: change.dryRun === 'server', fieldManager: change.fieldManager, signal: context.signal };
  return client.patch(scopeOf(target), target.name, { type: 'application/merge-patch+json', body }, options);
}

function printList(change: MetadataChange, { target, object }: Found, context: Context): void {
  const single = impliesOne(change.request) && !isOneOfMany(target, change.request);
  const { field } = change;
  const out = visibleOutput(context.streams.out);
  if (!single) {
    const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
    out.write(`Listing ${field} for ${object.kind}.${group}/${object.metadata.name ?? ''}:\n`);
  }
  const entries = Object.entries(object.metadata[field] ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [key, value] of entries) out.write(`${single ? '' : ' '}${key}=${value}\n`);
}
