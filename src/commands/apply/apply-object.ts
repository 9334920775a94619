import type { WriteOptions } from '../../client/client.ts';
import { deepClone } from '../../model/deep-clone.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { isNotFound } from '../failures.ts';
import { lastAppliedAnnotation, lastAppliedOf, withLastApplied } from '../last-applied.ts';
import type { NamedTarget } from '../target.ts';
import { targetText } from '../target-text.ts';
import { withSource } from '../with-source.ts';
import { withoutResourceVersion } from '../without-resource-version.ts';
import type { ApplyOptions } from './apply-options.ts';
import type { Applied } from './applied.ts';
import { Patcher } from './patcher.ts';
import { warnIfDeleting } from './warn-if-deleting.ts';
import { withoutNulls } from './without-nulls.ts';

/** Applies one object. Errors are worded as kubectl's and name the manifest. */
export async function applyObject(target: NamedTarget, options: ApplyOptions, context: Context): Promise<Applied> {
  const { manifest, name } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const { generateName } = manifest.object.metadata;
  if (name === '' && generateName) throw new UserError(`from ${generateName}: cannot use generate name with apply`);
  if (options.serverSide) {
    const { applyServerSide } = await import('./apply-server-side.ts');
    return applyServerSide(target, options, context);
  }
  const modified = withLastApplied(manifest.object);
  const current = await currentObject(target, manifest.source, context);
  if (current === undefined) return createObject(target, modified, options, context);
  if (options.dryRun === 'client') return { object: current, operation: 'configured' };
  return changeObject(target, { current, modified }, options, context);
}

function writeOptions(options: ApplyOptions, context: Context): WriteOptions {
  const { fieldManager, fieldValidation } = options;
  return { dryRun: options.dryRun === 'server', fieldManager, fieldValidation, signal: context.signal };
}

async function currentObject(target: NamedTarget, source: string, context: Context): Promise<KubeObject | undefined> {
  const client = await context.client();
  try {
    if (target.name === '') throw new UserError('resource name may not be empty');
    return await client.get(scopeOf(target), target.name, { signal: context.signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw withSource(`retrieving current configuration of:\n${targetText(target)}\nfrom server for:`, source, error);
  }
}

// oxlint-disable-next-line max-params
async function createObject(
  target: NamedTarget,
  modified: KubeObject,
  options: ApplyOptions,
  context: Context,
): Promise<Applied> {
  // A patch would drop nulls; what is recorded keeps them, as it will after the next apply of the same manifest.
  const object = withoutNulls(deepClone(modified));
  if (options.dryRun === 'client') return { object, operation: 'created' };
  const client = await context.client();
  try {
    return {
      object: await client.create(scopeOf(target), withoutResourceVersion(object), writeOptions(options, context)),
      operation: 'created',
    };
  } catch (error) {
    throw withSource('creating', target.manifest?.source ?? '', error);
  }
}

interface Sides {
  readonly current: KubeObject;
  readonly modified: KubeObject;
}

// oxlint-disable-next-line max-params
async function changeObject(
  target: NamedTarget,
  { current, modified }: Sides,
  options: ApplyOptions,
  context: Context,
): Promise<Applied> {
  if (lastAppliedOf(current) === undefined) warnOfMissingRecord(target, context);
  const patcher = new Patcher({
    target,
    client: await context.client(),
    write: writeOptions(options, context),
    overwrite: options.overwrite,
    warnAsOpenApi: options.openApiPatch,
    ...(options.force ? { force: options } : {}),
    context,
  });
  const { object, changed } = await patcher.patch(current, modified);
  warnIfDeleting(object, context);
  return { object, operation: changed ? 'configured' : 'unchanged' };
}

function warnOfMissingRecord({ resource, name }: NamedTarget, { programName, streams }: Context): void {
  streams.err.write(
    `Warning: resource ${resource.plural}/${name} is missing the ${lastAppliedAnnotation} annotation which is required by ${programName} apply. ` +
      `${programName} apply should only be used on resources created declaratively by either ${programName} create --save-config or ${programName} apply. ` +
      'The missing annotation will be patched automatically.\n',
  );
}
