import type { ResourceClient } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { prunable } from '../apply/prune.ts';
import { allowedKinds } from '../apply/prune-kinds.ts';
import { warnIfDeleting } from '../apply/warn-if-deleting.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { isNotFound } from '../failures.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';
import { applyManagerOf, serverSideFlags } from '../server-side-flags.ts';
import { fileFlags, selectorFlag } from '../shared-flags.ts';
import type { NamedTarget } from '../target.ts';
import { UsageError } from '../usage-error.ts';
import { DiffFolders } from './diff-folders.ts';
import { runDiffProgram } from './diff-program.ts';
import { maskedSecrets } from './masked-secrets.ts';
import { type MergeOptions, mergedObject } from './merged-object.ts';

/** How often an object that changes meanwhile is compared again; the last time without regard to its version. */
const MOST_TRIES = 4;

interface DiffOptions {
  readonly request: TargetRequest;
  readonly merge: MergeOptions;
  readonly showManagedFields: boolean;
  readonly prune: boolean;
  readonly pruneAllowlist: readonly string[];
}

/** `diff`: what apply would change, shown by a diff program. Exits 0 without a difference, 1 with one, and higher after an error. */
export const diff: Command = defineCommand<DiffOptions>({
  use: '-f FILENAME',
  description: `Compare the objects of manifests as they are with what they would be after apply.

 Both sides are YAML. The program of KUBECTL_EXTERNAL_DIFF compares them, "diff -u -N" without it; arguments of the
 program may consist of letters, digits, dashes and equals signs.

 Exit status: 0 when nothing differs, 1 when something does, more than 1 after an error. An external program is expected to keep to that.`,
  examples: [
    { comment: 'What apply would change', command: 'kubectl diff -f pod.json' },
    { comment: 'The same for what another program prints', command: 'cat service.yaml | kubectl diff -f -' },
  ],
  errorStatus: 2,
  storesNothing: true,
  flags: [
    ...fileFlags('to compare'),
    ...serverSideFlags,
    selectorFlag,
    {
      name: 'concurrency',
      type: 'int',
      default: '1',
      usage: 'How many objects to compare at once; accepted, and one after the other is compared.',
    },
    { name: 'prune', type: 'bool', default: 'false', usage: 'Show also what a prune would delete.' },
    {
      name: 'prune-allowlist',
      type: 'stringArray',
      default: '[]',
      usage: 'Kinds that --prune looks at, each as <group/version/kind>.',
    },
    { name: 'show-managed-fields', type: 'bool', default: 'false', usage: 'Compare metadata.managedFields too.' },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): DiffOptions {
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  const filenames = flags.list('filename');
  const kustomize = flags.given('kustomize');
  if (filenames.length === 0 && !kustomize) throw new UserError('must specify one of -f and -k');
  const serverSide = flags.bool('server-side');
  const forceConflicts = flags.bool('force-conflicts');
  if (forceConflicts && !serverSide) throw new UserError('--force-conflicts only works with --server-side');
  const labelSelector = flags.string('selector');
  return {
    request: {
      args: [],
      filenames,
      ...(kustomize === undefined ? {} : { kustomize }),
      recursive: flags.bool('recursive'),
      ...(labelSelector === '' ? {} : { labelSelector }),
    },
    merge: { serverSide, forceConflicts, fieldManager: applyManagerOf(flags) },
    showManagedFields: flags.bool('show-managed-fields'),
    prune: flags.bool('prune'),
    pruneAllowlist: flags.list('prune-allowlist'),
  };
}

async function run(options: DiffOptions, context: Context): Promise<void> {
  const kinds = options.prune ? await allowedKinds(options.pruneAllowlist, context) : undefined;
  const folders = DiffFolders.create();
  try {
    const targets: NamedTarget[] = [];
    const found: KubeObject[] = [];
    for await (const target of resolveTargets(options.request, context)) {
      if (target.kind === 'failure') throw target.error;
      if (target.kind === 'collection') continue;
      targets.push(target);
      const live = await compareOne(target, folders, options, context);
      if (live !== undefined) found.push(live);
    }
    if (kinds !== undefined) {
      const request = { kinds, targets, kept: found };
      for await (const { object } of prunable(request, options.request.labelSelector ?? '', context)) {
        folders.write('live', fileName(object), object);
      }
    }
    await runDiffProgram(folders, context);
  } finally {
    folders.remove();
  }
}

/** Writes both sides of one object; what is there is returned. */
// oxlint-disable-next-line max-params
async function compareOne(
  target: NamedTarget,
  folders: DiffFolders,
  options: DiffOptions,
  context: Context,
): Promise<KubeObject | undefined> {
  const client = await context.client();
  for (let tries = 1; ; tries++) {
    const live = await liveObject(target, client, context);
    const locked = tries < MOST_TRIES;
    if (!locked) warnOfChanges(target, context);
    try {
      const merged = await mergedObject({ target, live, locked }, options.merge, context);
      writeSides(target, { live, merged }, folders, options);
      if (live !== undefined) warnIfDeleting(live, context);
      return live;
    } catch (error) {
      if (!locked || !(error instanceof StatusError) || error.reason !== 'Conflict') throw error;
    }
  }
}

async function liveObject(
  target: NamedTarget,
  client: ResourceClient,
  { signal }: Context,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(scopeOf(target), target.name, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function warnOfChanges({ resource, name }: NamedTarget, { streams }: Context): void {
  const kind = `${resource.group}/${resource.version}, Kind=${resource.kind}`;
  streams.err.write(`Warning: Object (${kind}: ${name}) keeps changing, diffing without lock\n`);
}

interface Sides {
  readonly live: KubeObject | undefined;
  readonly merged: KubeObject;
}

// oxlint-disable-next-line max-params
function writeSides(target: NamedTarget, sides: Sides, folders: DiffFolders, { showManagedFields }: DiffOptions): void {
  const shown = (object: KubeObject): KubeObject => (showManagedFields ? object : withoutManagedFields(object));
  const live = sides.live === undefined ? undefined : shown(sides.live);
  const merged = shown(sides.merged);
  const isSecret = /(^|\/)v1$/.test(merged.apiVersion) && merged.kind === 'Secret';
  const [left, right] = isSecret ? maskedSecrets(live, merged) : [live, merged];
  const { namespace, name } = target;
  const file = fileName({ ...merged, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
  folders.write('live', file, left);
  folders.write('merged', file, right);
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** `apps.v1.Deployment.default.web`; the name of a file in both folders. */
function fileName({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion.replace('/', '.')}.${kind}.${metadata.namespace ?? ''}.${metadata.name ?? ''}`;
}
