import type { KubeObject } from '../../../model/kube-object.ts';
import type { ApiServer } from '../../api-server.ts';
import { type Fields, objectIn, textIn } from '../../kinds/fields.ts';
import { selectorMatches } from '../../kinds/label-selector.ts';
import type { ServedResource } from '../../served-resource.ts';

/** Why the parameters of a policy cannot be found, as the policy's or the binding's configuration is wrong. */
export class ParamsError extends Error {
  override readonly name = 'ParamsError';
  readonly of: 'policy' | 'binding';

  constructor(of: 'policy' | 'binding', message: string) {
    super(message);
    this.of = of;
  }
}

/** The resource that a policy's paramKind names; undefined when it names none. Throws ParamsError. */
export async function paramResource(server: ApiServer, spec: Fields): Promise<ServedResource | undefined> {
  const kind = objectIn(spec, 'paramKind');
  if (kind === undefined) return undefined;
  const apiVersion = textIn(kind, 'apiVersion');
  const slash = apiVersion.indexOf('/');
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  const all = await server.catalog.all();
  const found = all.find(
    (each) => each.group === group && each.version === version && each.kind === textIn(kind, 'kind'),
  );
  const served = found === undefined ? undefined : await server.catalog.find(group, version, found.plural);
  if (served !== undefined) return served;
  const text = `${apiVersion}, Kind=${textIn(kind, 'kind')}`;
  throw new ParamsError('policy', `failed to find resource referenced by paramKind: '${text}'`);
}

/**
 * The parameters that a binding gives a policy (CollectParams), each of which is a request's to be held to; null is none.
 * Throws ParamsError.
 */
export async function collectParams(
  server: ApiServer,
  resource: ServedResource | undefined,
  reference: Fields | undefined,
  requestNamespace: string,
): Promise<(KubeObject | null | undefined)[]> {
  if (resource === undefined) return [undefined];
  if (reference === undefined) return [null];
  const namespace = paramNamespace(resource, reference, requestNamespace);
  const found = await paramsOf(server, resource, reference, namespace);
  if (found.length === 0 && textIn(reference, 'parameterNotFoundAction') === 'Deny') {
    throw new ParamsError('binding', 'no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found;
}

function paramNamespace({ info }: ServedResource, reference: Fields, requestNamespace: string): string {
  const own = textIn(reference, 'namespace');
  if (!info.namespaced) {
    if (own === '') return '';
    throw new ParamsError('binding', 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  if (own !== '') return own;
  if (requestNamespace !== '') return requestNamespace;
  throw new ParamsError(
    'binding',
    'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
  );
}

async function paramsOf(
  { storage }: ApiServer,
  served: ServedResource,
  reference: Fields,
  namespace: string,
): Promise<KubeObject[]> {
  const name = textIn(reference, 'name');
  const selector = objectIn(reference, 'selector');
  if (name !== '' && selector !== undefined) {
    throw new ParamsError('binding', 'paramRef.name and paramRef.selector are mutually exclusive');
  }
  if (name !== '') {
    const found = await storage.get(served.stored, { namespace, name });
    return found === undefined ? [] : [served.fromStored(found.object)];
  }
  if (selector === undefined) throw new ParamsError('binding', 'one of name or selector must be provided');
  const { objects } = await storage.list(served.stored, namespace);
  return objects
    .filter(({ metadata }) => selectorMatches(selector, metadata.labels ?? {}))
    .map((object) => served.fromStored(object));
}
