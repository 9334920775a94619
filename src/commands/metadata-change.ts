import { deepClone } from '../model/deep-clone.ts';
import { deepEqual } from '../model/deep-equal.ts';
import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { createMergePatch } from '../model/patch/merge-patch.ts';
import { UserError } from '../model/user-error.ts';
import type { PrintFormat } from '../printers/create-printer.ts';
import { collectionObjects, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import type { DryRun } from './dry-run.ts';
import { concernsOneObject, Failures } from './failures.ts';
import { inOrder } from './in-order.ts';
import { laneOf } from './lane.ts';
import { changePrinter } from './print-change.ts';
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
}

/** Changes labels or annotations of all targets, each with one merge patch. */
export async function changeMetadata(change: MetadataChange, context: Context): Promise<void> {
  const failures = new Failures();
  const print = await changePrinter(change, context);
  const oneOnly = change.resourceVersion !== '';
  let seen = 0;
  let done = 0;
  const changing = inOrder<Chosen | TargetFailure, Changed | undefined>({
    items: chosenObjects(change, context),
    concurrency: oneOnly ? 1 : change.concurrency,
    context,
    laneOf: (item) => laneOf(item.kind === 'failure' ? item : item.target),
    async work(item, held) {
      if (item.kind === 'failure') throw item.error;
      const object = item.object ?? (await (await held.client()).get(scopeOf(item.target), item.target.name));
      seen++;
      if (oneOnly && seen > 1) return undefined;
      if (!change.list) return changeOne(change, { target: item.target, object }, held);
      printList(change, object, held);
      return undefined;
    },
    settle(item, outcome) {
      if (oneOnly && seen > 1) throw new UserError('--resource-version may only be used with a single resource');
      if (!('error' in outcome)) {
        done++;
        if (outcome.result !== undefined) print(outcome.result.object, outcome.result.word);
        return;
      }
      const { error } = outcome;
      if (item.kind !== 'failure' && !concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    },
  });
  await failures.during(changing);
  failures.throwAny(done);
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

async function changeOne(change: MetadataChange, { target, object }: Found, context: Context): Promise<Changed> {
  const { field } = change;
  const before = object.metadata[field] ?? {};
  const stays = change.dryRun === 'client' || change.local;
  if (field === 'labels' && !stays) {
    for (const key of change.remove) {
      if (!Object.hasOwn(before, key)) context.streams.out.write(`label ${JSON.stringify(key)} not found.\n`);
    }
  }
  const refusal = change.overwrite ? undefined : change.refuse(before);
  if (refusal !== undefined) throw new UserError(refusal);
  const entries = new Map(Object.entries(before));
  for (const [key, value] of change.set) entries.set(key, value);
  for (const key of change.remove) entries.delete(key);
  const changed = deepClone(object);
  if (entries.size > 0) changed.metadata[field] = Object.fromEntries(entries);
  else delete changed.metadata[field];
  if (change.resourceVersion !== '') changed.metadata.resourceVersion = change.resourceVersion;
  const differs = !deepEqual(object, changed);
  const shorter = JSON.stringify(changed.metadata[field] ?? {}).length < JSON.stringify(before).length;
  const word = change.word(differs, shorter);
  if (stays) return { object: changed, word };
  return { object: await send(change, target, { object, changed }, context), word };
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

function printList(change: MetadataChange, object: KubeObject, context: Context): void {
  const single =
    change.request.args.length === 2 ||
    (change.request.args.length === 1 && change.request.args[0]?.includes('/') === true);
  const { field } = change;
  if (!single) {
    const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
    context.streams.err.write(`Listing ${field} for ${object.kind}.${group}/${object.metadata.name ?? ''}:\n`);
  }
  const entries = Object.entries(object.metadata[field] ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [key, value] of entries) context.streams.out.write(`${single ? '' : ' '}${key}=${value}\n`);
}
