import { deepClone } from '../model/deep-clone.ts';
import { deepEqual } from '../model/deep-equal.ts';
import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { createMergePatch } from '../model/patch/merge-patch.ts';
import { UserError } from '../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../printers/create-printer.ts';
import { qualifiedName } from '../printers/name-printer.ts';
import { collectionObjects, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import { type DryRun, dryRunSuffix } from './dry-run.ts';
import { concernsOneObject, Failures } from './failures.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import type { NamedTarget, Target } from './target.ts';

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
  /** Refuses to change a value that is there; undefined when the change is fine. */
  refuse(present: Readonly<Record<string, string>>): string | undefined;
  /** The success word; `shorter` when something was removed and nothing overwritten. */
  word(changed: boolean, shorter: boolean): string;
}

interface Found {
  readonly target: NamedTarget;
  readonly object: KubeObject;
}

/** Changes labels or annotations of all targets, each with one merge patch. */
export async function changeMetadata(change: MetadataChange, context: Context): Promise<void> {
  const failures = new Failures();
  const printer = await createPrinter(change.format);
  let seen = 0;
  for await (const found of foundObjects(change, context, failures)) {
    seen++;
    if (change.resourceVersion !== '' && seen > 1) {
      throw new UserError('--resource-version may only be used with a single resource');
    }
    try {
      if (change.list) {
        printList(change, found.object, context);
        continue;
      }
      const { object, word } = await changeOne(change, found, context);
      if (change.format.output === '' && change.format.template === '') {
        context.streams.out.write(`${qualifiedName(object)} ${word}${dryRunSuffix(change.dryRun)}\n`);
      } else {
        printer.print(object, context.streams.out);
      }
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
}

async function* foundObjects(change: MetadataChange, context: Context, failures: Failures): AsyncGenerator<Found> {
  for await (const target of resolveTargets(change.request, context)) {
    if (target.kind === 'failure') {
      failures.add(target.error);
      continue;
    }
    try {
      yield* objectsOf(target, change.local, context);
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      failures.add(error);
    }
  }
}

async function* objectsOf(target: Target, local: boolean, context: Context): AsyncGenerator<Found> {
  if (target.kind === 'named') {
    const object =
      local && target.manifest !== undefined
        ? target.manifest.object
        : await (await context.client()).get(scopeOf(target), target.name);
    yield { target, object };
    return;
  }
  for await (const object of collectionObjects(target, context)) {
    const { name = '', namespace } = object.metadata;
    yield {
      target: { kind: 'named', resource: target.resource, name, ...(namespace === undefined ? {} : { namespace }) },
      object,
    };
  }
}

async function changeOne(
  change: MetadataChange,
  { target, object }: Found,
  context: Context,
): Promise<{ object: KubeObject; word: string }> {
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
