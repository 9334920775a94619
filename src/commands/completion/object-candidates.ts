import type { ResourceScope } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { type Candidate, startingWith } from './completion-result.ts';
import type { CompletionObjects } from './completion-source.ts';

const PAGE = 500;

/** The types that can be read, as `plural.group`; those of every server when this one cannot be asked. */
export async function typeNames(objects: CompletionObjects | undefined): Promise<string[]> {
  const resources = await allResources(objects);
  const readable = resources.filter(({ verbs }) => verbs.includes('get'));
  return [...new Set(readable.map(({ plural, group }) => (group === '' ? plural : `${plural}.${group}`)))].toSorted();
}

async function allResources(objects: CompletionObjects | undefined): Promise<readonly ResourceInfo[]> {
  const { builtInResources } = await import('../../model/schema/built-in-resources.ts');
  if (objects === undefined) return builtInResources();
  try {
    return await Promise.race([objects.client.mapper.all(), aborted(objects.signal)]);
  } catch {
    return builtInResources();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** The names of the objects of a type, or of several, separated by commas. */
export async function objectNames(type: string, objects: CompletionObjects): Promise<string[]> {
  const names = new Set<string>();
  for (const scope of await scopesOf(type, objects)) {
    for await (const object of objectsOf(scope, objects)) names.add(object.metadata.name ?? '');
  }
  return [...names];
}

async function scopesOf(types: string, { client, namespace }: CompletionObjects): Promise<ResourceScope[]> {
  const resources = await Promise.all(types.split(',').map(async (type) => client.mapper.resourceFor(type)));
  return resources
    .filter((resource) => resource !== undefined)
    .map((resource) => ({ resource, ...(resource.namespaced ? { namespace } : {}) }));
}

/** Metadata is enough: the rows of a table carry it, and are a fraction of the objects. */
async function* objectsOf(scope: ResourceScope, { client, signal }: CompletionObjects): AsyncGenerator<KubeObject> {
  let more = '';
  do {
    const page = await client.listTable(scope, { limit: PAGE, continue: more, signal });
    for (const { object } of page.rows) if (object !== undefined) yield object;
    more = page.metadata.continue ?? '';
  } while (more !== '');
}

/** The labels of the objects of a type as `key` with their values. Only the first few hundred objects are looked at. */
export async function labelsOf(type: string, objects: CompletionObjects): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  const { client, signal } = objects;
  for (const scope of await scopesOf(type, objects)) {
    const page = await client.listTable(scope, { limit: PAGE, signal });
    for (const { object } of page.rows) {
      for (const [key, value] of Object.entries(object?.metadata.labels ?? {})) {
        const values = found.get(key);
        if (values === undefined) found.set(key, new Set([value]));
        else values.add(value);
      }
    }
  }
  return found;
}

/** Candidates for the last requirement of a label selector: keys with `=`, and values once the key is there. */
export function labelCandidates(labels: ReadonlyMap<string, ReadonlySet<string>>, typed: string): Candidate[] {
  const [, key, value] = /^([^=!]+)=(.*)$/.exec(typed) ?? [];
  if (key === undefined || value === undefined) {
    const keys = [...labels.keys()].toSorted().map((each) => `${each}=`);
    return startingWith(keys, typed);
  }
  return startingWith(
    [...(labels.get(key) ?? [])].toSorted().map((each) => `${key}=${each}`),
    typed,
  );
}

/** The containers of the pod (`NAME` or `pod/NAME`) or of a workload's template, init containers after the others. */
export async function containerNames(
  target: string,
  { client, namespace, signal }: CompletionObjects,
): Promise<string[]> {
  const slash = target.indexOf('/');
  const resource = await client.mapper.resourceFor(slash < 0 ? 'pods' : target.slice(0, slash));
  if (resource === undefined) return [];
  const object = await client.get({ resource, namespace }, target.slice(slash + 1), { signal });
  const spec = object['spec'] as PodOrWorkload | undefined;
  const pod = spec?.template?.spec ?? spec;
  return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name);
}

interface PodLike {
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
}

interface PodOrWorkload extends PodLike {
  readonly template?: { readonly spec?: PodLike };
}
