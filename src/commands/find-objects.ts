import type { KubeObject } from '../model/kube-object.ts';
import { collectionObjects, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import { concernsOneObject, type Failures } from './failures.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import type { NamedTarget, Target } from './target.ts';

/** An object that a command works on, with its address. */
export interface FoundObject {
  readonly target: NamedTarget;
  readonly object: KubeObject;
}

/** Where the objects of manifests come from: the manifest itself, or the server. */
export type ManifestObjects = 'as-written' | 'latest';

/** The objects that a request chooses, as they are found. What fails for one alone goes to `failures`; the rest goes on. */
export async function* findObjects(
  request: TargetRequest,
  manifests: ManifestObjects,
  context: Context,
  failures: Pick<Failures, 'add'>,
): AsyncGenerator<FoundObject> {
  for await (const target of resolveTargets(request, context)) {
    if (target.kind === 'failure') {
      failures.add(target.error);
      continue;
    }
    try {
      yield* objectsOf(target, manifests, context);
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      failures.add(error);
    }
  }
}

/** Every object that a request chooses, before anything is done with them (cli-runtime's `Infos`). */
export async function allObjects(
  request: TargetRequest,
  manifests: ManifestObjects,
  context: Context,
  failures: Pick<Failures, 'add'>,
): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  for await (const each of findObjects(request, manifests, context, failures)) found.push(each);
  return found;
}

/** The objects of one target. */
export async function* objectsOf(
  target: Target,
  manifests: ManifestObjects,
  context: Context,
): AsyncGenerator<FoundObject> {
  if (target.kind === 'named') {
    yield { target, object: await objectOf(target, manifests, context) };
    return;
  }
  for await (const object of collectionObjects(target, context)) {
    const { name = '', namespace } = object.metadata;
    const { resource } = target;
    yield { target: { kind: 'named', resource, name, ...(namespace === undefined ? {} : { namespace }) }, object };
  }
}

async function objectOf(target: NamedTarget, manifests: ManifestObjects, context: Context): Promise<KubeObject> {
  if (manifests === 'as-written' && target.manifest !== undefined) return target.manifest.object;
  const client = await context.client();
  return client.get(scopeOf(target), target.name, { signal: context.signal });
}
