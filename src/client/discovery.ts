import type { ApiResponse } from '../model/api-message.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { StatusError } from '../model/status.ts';
import { sendRequest } from './send-request.ts';
import type { Transport } from './transport.ts';

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
/** How many groups are asked for at once when a server has plain discovery only. */
const AT_ONCE = 16;

/** What a server said that it serves. */
export interface Discovery {
  readonly resources: ResourceInfo[];
  /** False when a part could not be asked, or when the server itself says that a part is old. */
  readonly isComplete: boolean;
}

/**
 * Everything that a server serves, in its own order of groups, each group's preferred version first. Aggregated discovery
 * where the server has it, else one request a group version. A group that cannot be asked now (an aggregated API that is
 * down) is left out.
 */
export async function discoverResources(transport: Transport): Promise<Discovery> {
  const [core, groups] = await Promise.all([rootOf(transport, '/api'), rootOf(transport, '/apis')]);
  if (core instanceof Error && groups instanceof Error) throw core;
  return joined(
    await Promise.all(
      [core, groups].map(async (root) => (root instanceof Error ? MISSING : readRoot(transport, root))),
    ),
  );
}

const MISSING: Discovery = { resources: [], isComplete: false };

function joined(parts: readonly Discovery[]): Discovery {
  return {
    resources: parts.flatMap(({ resources }) => resources),
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}

/** The answer of `/api` or `/apis`. Either may be missing or forbidden without the other being useless. */
async function rootOf(transport: Transport, path: string): Promise<Record<string, unknown> | StatusError> {
  try {
    return objectOf(await ask(transport, path, AGGREGATED), path);
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 403)) return error;
    throw error;
  }
}

async function ask(transport: Transport, path: string, accept = 'application/json'): Promise<ApiResponse> {
  return sendRequest({ transport, warn: () => undefined }, { method: 'GET', path, headers: { accept } });
}

function objectOf({ body }: ApiResponse, path: string): Record<string, unknown> {
  if (isJsonObject(body)) return body;
  throw new Error(`the server answered GET ${path} with something that is not discovery`);
}

async function readRoot(transport: Transport, root: Record<string, unknown>): Promise<Discovery> {
  if (root['kind'] === 'APIGroupDiscoveryList') {
    const items = objects(root['items']);
    const isComplete = items.every((item) => objects(item['versions']).every((each) => each['freshness'] !== 'Stale'));
    return { resources: items.flatMap(readGroup), isComplete };
  }
  const paths =
    root['kind'] === 'APIVersions' ? strings(root['versions']).map((each) => `/api/${each}`) : groupPaths(root);
  return readPlain(transport, paths);
}

function readGroup(item: Record<string, unknown>): ResourceInfo[] {
  const metadata = isJsonObject(item['metadata']) ? item['metadata'] : {};
  const group = text(metadata['name']);
  return objects(item['versions']).flatMap((entry) => {
    const version = text(entry['version']);
    return objects(entry['resources']).map((resource) => readAggregated(group, version, resource));
  });
}

function readAggregated(group: string, version: string, resource: Record<string, unknown>): ResourceInfo {
  const responseKind = isJsonObject(resource['responseKind']) ? resource['responseKind'] : {};
  const kind = text(responseKind['kind']);
  return {
    group,
    version,
    plural: text(resource['resource']),
    singular: text(resource['singularResource']) || kind.toLowerCase(),
    kind,
    namespaced: resource['scope'] === 'Namespaced',
    verbs: strings(resource['verbs']),
    shortNames: strings(resource['shortNames']),
    categories: strings(resource['categories']),
    subresources: objects(resource['subresources']).map((each) => text(each['subresource'])),
  };
}

/** `/apis/GROUP/VERSION` of every version, each group's preferred one first. */
function groupPaths(root: Record<string, unknown>): string[] {
  return objects(root['groups']).flatMap((group) => {
    const preferred = isJsonObject(group['preferredVersion']) ? text(group['preferredVersion']['groupVersion']) : '';
    const versions = objects(group['versions']).map((each) => text(each['groupVersion']));
    const ordered = [
      ...versions.filter((each) => each === preferred),
      ...versions.filter((each) => each !== preferred),
    ];
    return ordered.map((each) => `/apis/${each}`);
  });
}

async function readPlain(transport: Transport, paths: readonly string[]): Promise<Discovery> {
  const found: Discovery[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    found.push(...(await Promise.all(paths.slice(at, at + AT_ONCE).map(async (path) => readVersion(transport, path)))));
  }
  return joined(found);
}

async function readVersion(transport: Transport, path: string): Promise<Discovery> {
  try {
    return { resources: readResourceList(objectOf(await ask(transport, path), path)), isComplete: true };
  } catch (error) {
    if (error instanceof StatusError) return MISSING;
    throw error;
  }
}

function readResourceList(list: Record<string, unknown>): ResourceInfo[] {
  const parts = text(list['groupVersion']).split('/');
  const version = parts.at(-1) ?? '';
  const group = parts.length > 1 ? (parts[0] ?? '') : '';
  const entries = objects(list['resources']);
  const below = new Map<string, string[]>();
  for (const entry of entries) {
    const [plural = '', ...rest] = text(entry['name']).split('/');
    if (rest.length > 0) below.set(plural, [...(below.get(plural) ?? []), rest.join('/')]);
  }
  return entries
    .filter((entry) => !text(entry['name']).includes('/'))
    .map((entry) => ({
      group: text(entry['group']) || group,
      version: text(entry['version']) || version,
      plural: text(entry['name']),
      singular: text(entry['singularName']) || text(entry['kind']).toLowerCase(),
      kind: text(entry['kind']),
      namespaced: entry['namespaced'] === true,
      verbs: strings(entry['verbs']),
      shortNames: strings(entry['shortNames']),
      categories: strings(entry['categories']),
      subresources: below.get(text(entry['name'])) ?? [],
    }));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
