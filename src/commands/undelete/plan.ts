import { valueBeforeDeletion } from '../../etcd/past/before-deletion.ts';
import { betterError } from '../../etcd/past/compact-revision.ts';
import { objectsInParallel } from '../move/objects-in-parallel.ts';
import type { KubeObject, OwnerReference } from '../../model/kube-object.ts';
import { labelSelectorMatches, parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context, Past } from '../context.ts';
import type { Orderable } from '../move/levels.ts';
import { leftOut } from '../move/remade.ts';
import type { Found, LostKey } from './find-lost.ts';
import type { UndeleteOptions } from './undelete-options.ts';

/** An object that can come back. Its value is read again when it does: a plan of many objects stays small. */
export interface Planned extends Orderable {
  readonly lost: LostKey;
  /** The revision that wrote what comes back. */
  readonly from: number;
  readonly owners: readonly OwnerReference[];
  /** What a CustomResourceDefinition defines, as `Kind.group`. */
  readonly defines: string | undefined;
}

export interface Plan {
  readonly planned: readonly Planned[];
  /** What was found and stays where it is, with the reason. */
  readonly leftOut: readonly { readonly lost: LostKey; readonly why: string }[];
  readonly problems: readonly Error[];
}

/** How many values are read at once. */
const READS = 32;

/** Reads what was found, and sorts out what was not meant or will be made by others. */
export async function planOf(options: UndeleteOptions, found: Found, past: Past, context: Context): Promise<Plan> {
  const selector = options.labelSelector === undefined ? undefined : parseLabelSelector(options.labelSelector);
  const planned: Planned[] = [];
  const out: { lost: LostKey; why: string }[] = [];
  const problems: Error[] = [...found.problems];
  await objectsInParallel(found.keys, READS, async (lost) => {
    context.signal.throwIfAborted();
    const read = await pastObject(lost, past);
    if (read instanceof Error) {
      problems.push(read);
      return;
    }
    if (read === undefined) return;
    const { object, from } = read;
    if (!lost.named && selector !== undefined && !labelSelectorMatches(selector, object.metadata.labels ?? {})) return;
    const why = lost.named ? undefined : leftOut(object, options.dependents);
    if (why === undefined) planned.push(entryOf(lost, object, from));
    else out.push({ lost, why });
  });
  const inOrderOfKeys = (left: { lost: LostKey }, right: { lost: LostKey }): number =>
    Buffer.compare(left.lost.key, right.lost.key);
  return { planned: planned.toSorted(inOrderOfKeys), leftOut: out.toSorted(inOrderOfKeys), problems };
}

function entryOf(lost: LostKey, object: KubeObject, from: number): Planned {
  const { apiVersion, kind, metadata } = object;
  return {
    lost,
    from,
    apiVersion,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? lost.where.name,
    owners: metadata.ownerReferences ?? [],
    defines: definedKind(object),
  };
}

function definedKind(object: KubeObject): string | undefined {
  if (object.kind !== 'CustomResourceDefinition') return undefined;
  const spec = object['spec'] as { group?: unknown; names?: { kind?: unknown } } | undefined;
  return typeof spec?.names?.kind === 'string' ? `${spec.names.kind}.${String(spec.group)}` : undefined;
}

/**
 * The object as it was before its deletion began; undefined when there was none at that revision. An Error for what cannot be
 * read, or not without losing a part.
 */
export async function pastObject(
  { key, readAt }: Pick<LostKey, 'key' | 'readAt'>,
  past: Past,
): Promise<{ object: KubeObject; from: number } | Error | undefined> {
  const value = await valueBeforeDeletion(past, key, readAt).catch(async (error: unknown) => {
    throw await betterError(past.storage, readAt, error);
  });
  if (value === undefined) return undefined;
  const { stored } = value;
  const name = key.toString('utf8');
  switch (stored.type) {
    case 'object':
      if (stored.unknownFields.length > 0) {
        const fields = stored.unknownFields.join(', ');
        return new UserError(
          `${name} has fields that this version of kube-lite does not know, and would come back without them: ${fields}`,
        );
      }
      return { object: await served(stored.object, value.heldAt, past), from: value.modRevision };
    case 'encrypted':
    case 'damaged':
      return new UserError(`${name} at revision ${value.modRevision} cannot be read: ${stored.problem}`);
    case 'text':
    case 'bytes':
      return new UserError(`${name} at revision ${value.modRevision} is no Kubernetes object`);
  }
}

/** Definitions are stored in a version that no API server accepts any more. */
async function served(object: KubeObject, revision: number, past: Past): Promise<KubeObject> {
  if (object.apiVersion !== 'apiextensions.k8s.io/v1beta1') return object;
  const client = await past.clientAt(revision);
  const resource = await client.mapper.resourceForKind('apiextensions.k8s.io/v1', object.kind);
  return resource === undefined ? object : client.get({ resource }, object.metadata.name ?? '');
}
