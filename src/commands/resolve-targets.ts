import type { ManifestFailure, ManifestObject } from '../manifests/manifest-object.ts';
import { labelSelectorMatches, parseLabelSelector } from '../model/selectors/label-selector.ts';
import { goQuote } from '../model/go-text.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { apiVersionOf, groupVersionOf, type ResourceInfo } from '../model/schema/resource-info.ts';
import { UserError } from '../model/user-error.ts';
import type { Context } from './context.ts';
import { ManifestObjectError } from './manifest-object-error.ts';
import { resourceWords } from './resource-words.ts';
import type { NamedTarget, Target, TargetFailure } from './target.ts';

/** What `get` takes for every type; unlike the category `all`, nothing is left out. */
const EVERYTHING = 'everything';

/** Which objects a command was asked to work on. */
export interface TargetRequest {
  readonly args: readonly string[];
  readonly filenames: readonly string[];
  readonly kustomize?: string;
  readonly recursive: boolean;
  /** Whether a document without apiVersion or kind is refused as client-side validation refuses it. */
  readonly validate?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `--all` */
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
  /** Whether a bare TYPE means all of its objects, as for get. */
  readonly bareTypeMeansAll?: boolean;
  /** Whether the type `everything` means every type that can be listed. */
  readonly everything?: boolean;
  /** Whether manifests are taken as they are, without asking which resource their kind is or filling in a namespace. */
  readonly local?: boolean;
  /** Whether only objects of built-in kinds can be read from manifests, as by the commands that work on Go's types. */
  readonly typed?: boolean;
  /** Only one type may be named. */
  readonly singleType?: boolean;
}

/**
 * Turns arguments, manifests and selectors into targets, with the rules and errors of cli-runtime's resource.Builder.
 * Wrong use throws; what concerns one target alone is yielded as a failure and the rest goes on.
 */
export async function* resolveTargets(
  request: TargetRequest,
  context: Context,
): AsyncGenerator<Target | TargetFailure, void, undefined> {
  const words = resourceWords(request.args, context.programName);
  if (request.filenames.length > 0 || request.kustomize) {
    requireOneSource(request);
    if (words.form === 'pairs') {
      throw new UserError('resource/name arguments cannot be provided when a path is specified');
    }
    if (words.form !== 'none') {
      throw new UserError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    }
    return yield* manifestTargets(request, context);
  }
  const selects = request.all === true || request.labelSelector !== undefined || request.fieldSelector !== undefined;
  switch (words.form) {
    case 'none':
      if (selects) throw new UserError('at least one resource must be specified to use a selector');
      throw new UserError(
        "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      );
    case 'types':
      return yield* collectionTargets(words.types, selects, request, context);
    case 'names':
      if (selects) throw new UserError('name cannot be provided when a selector is specified');
      return yield* namedTargets(
        words.names.flatMap((name) => words.types.map((type) => ({ type, name }))),
        request,
        context,
      );
    case 'pairs':
      if (selects) {
        throw new UserError('selectors and the all flag cannot be used when passing resource/name arguments');
      }
      return yield* namedTargets(words.pairs, request, context);
  }
}

function requireOneSource({ filenames, kustomize, recursive }: TargetRequest): void {
  if (!kustomize) return;
  if (filenames.length > 0) throw new UserError('only one of -f or -k can be specified');
  if (recursive) throw new UserError("the -k flag can't be used with -f or -R");
}

async function* collectionTargets(
  types: readonly string[],
  selects: boolean,
  request: TargetRequest,
  context: Context,
): AsyncGenerator<Target | TargetFailure> {
  const resources = await chosenResources(types, request, context);
  if (!selects && request.bareTypeMeansAll !== true) {
    throw new UserError('resource(s) were provided, but no name was specified');
  }
  if (request.singleType === true && resources.length > 1) {
    throw new UserError('you may only specify a single resource type');
  }
  for (const resource of resources) {
    const namespace =
      resource.namespaced && request.allNamespaces !== true ? (await context.namespace()).name : undefined;
    yield {
      kind: 'collection',
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      labelSelector: request.labelSelector ?? '',
      fieldSelector: request.fieldSelector ?? '',
    };
  }
}

async function chosenResources(
  types: readonly string[],
  request: TargetRequest,
  context: Context,
): Promise<ResourceInfo[]> {
  if (request.everything !== true || !types.includes(EVERYTHING)) return resourcesFor(types, context);
  if (types.length > 1) throw new UserError(`${JSON.stringify(EVERYTHING)} cannot be combined with other types`);
  const { listableResources } = await import('./listable-resources.ts');
  const { explicit } = await context.namespace();
  return listableResources(await context.client(), explicit && request.allNamespaces !== true);
}

async function* namedTargets(
  pairs: readonly { readonly type: string; readonly name: string }[],
  request: TargetRequest,
  context: Context,
): AsyncGenerator<Target | TargetFailure> {
  const resources = new Map<string, ResourceInfo>();
  for (const { type } of pairs) {
    if (resources.has(type)) continue;
    const [resource, another] = await resourcesFor([type], context);
    if (another !== undefined) throw new UserError('you must specify only one resource');
    if (resource !== undefined) resources.set(type, resource);
  }
  if (
    request.singleType === true &&
    new Set([...resources.values()].map((each) => `${each.plural}.${each.group}`)).size > 1
  ) {
    throw new UserError('you may only specify a single resource type');
  }
  for (const { type, name } of pairs) {
    const resource = resources.get(type);
    if (resource === undefined) continue;
    if (!resource.namespaced) {
      yield { kind: 'named', resource, name };
      continue;
    }
    if (request.allNamespaces === true) {
      throw new UserError('a resource cannot be retrieved by name across all namespaces');
    }
    yield { kind: 'named', resource, namespace: (await context.namespace()).name, name };
  }
}

/** The resources of type arguments, categories such as `all` included, each once. Throws UserError for one that does not exist. */
export async function resourcesFor(types: readonly string[], context: Context): Promise<ResourceInfo[]> {
  const { mapper } = await context.client();
  const found = new Map<string, ResourceInfo>();
  for (const type of types) {
    const resource = await mapper.resourceFor(type);
    const resources = resource === undefined ? await mapper.resourcesInCategory(type) : [resource];
    if (resources.length === 0) {
      throw new UserError(`the server doesn't have a resource type ${JSON.stringify(type.split('.')[0])}`);
    }
    for (const each of resources) found.set(`${apiVersionOf(each)}/${each.plural}`, each);
  }
  return [...found.values()];
}

async function* manifestTargets(request: TargetRequest, context: Context): AsyncGenerator<Target | TargetFailure> {
  for await (const manifest of requestedManifests(request, context)) {
    if (isFailure(manifest)) yield { kind: 'failure', error: manifest.error };
    else if (request.local === true) yield localTarget(manifest);
    else yield (await unknownType(manifest, request)) ?? (await targetOfManifest(manifest, context));
  }
}

async function unknownType(
  { object, source }: ManifestObject,
  { typed }: TargetRequest,
): Promise<TargetFailure | undefined> {
  if (typed !== true) return undefined;
  const { typeOf } = await import('./typed-object.ts');
  try {
    typeOf(object);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'failure', error: new ManifestObjectError(`unable to decode ${goQuote(source)}: ${error.message}`) };
  }
}

/** The objects of the manifests that a request names, those that its selector leaves out left out. */
export async function* requestedManifests(
  request: TargetRequest,
  context: Context,
): AsyncGenerator<ManifestObject | ManifestFailure> {
  requireOneSource(request);
  const { readManifests } = await import('../manifests/read-manifests.ts');
  // kubectl looks at no selector with --local, not even whether it can be read.
  const chosen = request.local === true ? undefined : request.labelSelector;
  const selector = chosen === undefined ? undefined : parseLabelSelector(chosen);
  const manifests = readManifests({
    filenames: request.filenames,
    kustomize: request.kustomize,
    warn: (line) => context.streams.err.write(`${line}\n`),
    recursive: request.recursive,
    validate: request.validate ?? false,
    stdin: () => context.streams.in.readAll(),
    signal: context.signal,
  });
  for await (const manifest of manifests) {
    const isChosen =
      isFailure(manifest) ||
      selector === undefined ||
      labelSelectorMatches(selector, manifest.object.metadata.labels ?? {});
    if (isChosen) yield manifest;
  }
}

function isFailure(manifest: ManifestObject | ManifestFailure): manifest is ManifestFailure {
  return 'error' in manifest;
}

/** A target that no server is asked about: its resource is only what the object itself says. */
function localTarget(manifest: ManifestObject): NamedTarget {
  const { apiVersion, kind, metadata } = manifest.object;
  const singular = kind.toLowerCase();
  const resource = {
    ...groupVersionOf(apiVersion),
    kind,
    singular,
    plural: singular,
    namespaced: metadata.namespace !== undefined,
  };
  const served = { verbs: [], shortNames: [], categories: [], subresources: [] };
  return { kind: 'named', resource: { ...resource, ...served }, name: metadata.name ?? '', manifest };
}

/** The target that a manifest's object is; a failure when its kind or its namespace does not fit. */
export async function targetOfManifest(
  manifest: ManifestObject,
  context: Context,
): Promise<NamedTarget | TargetFailure> {
  const { object, source } = manifest;
  const name = object.metadata.name ?? '';
  const { mapper } = await context.client();
  const resource = await mapper.resourceForKind(object.apiVersion, object.kind);
  if (resource === undefined) {
    const message = `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(object.metadata.namespace ?? '')} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}\nensure CRDs are installed first`;
    return { kind: 'failure', error: new ManifestObjectError(message) };
  }
  if (!resource.namespaced) return { kind: 'named', resource, name, manifest: withoutNamespace(manifest) };
  const { name: wanted, explicit } = await context.namespace();
  const own = object.metadata.namespace;
  if (own && explicit && own !== wanted) {
    const message = `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(wanted)}. You must pass '--namespace=${own}' to perform this operation.`;
    return { kind: 'failure', error: new ManifestObjectError(message) };
  }
  const namespace = own || wanted;
  const filled: KubeObject = { ...object, metadata: { ...object.metadata, namespace } };
  return { kind: 'named', resource, namespace, name, manifest: { ...manifest, object: filled } };
}

function withoutNamespace(manifest: ManifestObject): ManifestObject {
  if (manifest.object.metadata.namespace === undefined) return manifest;
  const { namespace: _dropped, ...metadata } = manifest.object.metadata;
  return { ...manifest, object: { ...manifest.object, metadata } };
}
