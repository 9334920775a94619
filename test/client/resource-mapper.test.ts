import { describe, expect, it } from 'vitest';
import { createResourceMapper } from '../../src/client/resource-mapper.ts';
import { builtInResources } from '../../src/model/schema/built-in-resources.ts';
import type { ApiRequest, ApiResponse } from '../../src/model/api-message.ts';
import type { ResourceInfo } from '../../src/model/schema/resource-info.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';

function info(group: string, version: string, plural: string, more: Partial<ResourceInfo> = {}): ResourceInfo {
  const kind = plural.charAt(0).toUpperCase() + plural.slice(1, -1);
  const defaults = { singular: kind.toLowerCase(), kind, namespaced: true, verbs: ['get', 'list'] };
  return { group, version, plural, ...defaults, shortNames: [], categories: [], subresources: [], ...more };
}

const SERVED = [
  info('', 'v1', 'pods', { shortNames: ['po'], categories: ['all'], subresources: ['log', 'status'] }),
  info('autoscaling', 'v2', 'scalers', { shortNames: ['sc'], categories: ['all'] }),
  info('autoscaling', 'v1', 'scalers', { shortNames: ['sc'], categories: ['all'] }),
  info('example.com', 'v1', 'widgets', { shortNames: ['w', 'po'], categories: ['all', 'mine'] }),
  info('example.com', 'v1beta1', 'widgets', { shortNames: ['w'] }),
  info('example.org', 'v1', 'widgets', { shortNames: ['w'], namespaced: false }),
];

function versionsOf(resources: readonly ResourceInfo[], group: string): string[] {
  return [...new Set(resources.filter((each) => each.group === group).map(({ version }) => version))];
}

/** A server's discovery of some resources, aggregated or plain. */
function discovery(resources: () => readonly ResourceInfo[], aggregated: boolean) {
  const requests: ApiRequest[] = [];
  const groups = (): string[] => [...new Set(resources().map(({ group }) => group))];
  const transport = async (request: ApiRequest): Promise<ApiResponse> => {
    requests.push(request);
    const wantsAggregated =
      request.headers?.['accept']?.includes('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList') === true;
    const answer = (body: unknown): ApiResponse => ({ status: 200, headers: {}, body });
    const root = request.path === '/api' || request.path === '/apis';
    const own = groups().filter((group) => (group === '') === (request.path === '/api'));
    if (root && aggregated && wantsAggregated) return answer(aggregatedList(resources(), own));
    if (request.path === '/api') return answer({ kind: 'APIVersions', versions: versionsOf(resources(), '') });
    if (request.path === '/apis') {
      return answer({ kind: 'APIGroupList', groups: own.map((group) => plainGroup(resources(), group)) });
    }
    const [, first, ...rest] = request.path.split('/');
    const [group = '', version = ''] = first === 'api' ? ['', ...rest] : rest;
    const found = resources().filter((each) => each.group === group && each.version === version);
    return found.length === 0 ? { status: 503, headers: {} } : answer(plainList(found));
  };
  return { transport, requests };
}

function aggregatedList(resources: readonly ResourceInfo[], groups: readonly string[]): unknown {
  const entry = (each: ResourceInfo) => ({
    resource: each.plural,
    responseKind: { group: '', version: '', kind: each.kind },
    scope: each.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: each.singular,
    verbs: each.verbs,
    shortNames: each.shortNames,
    categories: each.categories,
    subresources: each.subresources.map((subresource) => ({ subresource, verbs: ['get'] })),
  });
  const items = groups.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(resources, group).map((version) => ({
      version,
      freshness: 'Current',
      resources: resources.filter((each) => each.group === group && each.version === version).map(entry),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items };
}

function plainGroup(resources: readonly ResourceInfo[], group: string): unknown {
  const versions = versionsOf(resources, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  // The preferred version need not come first, and one version cannot be asked.
  const down = { groupVersion: `${group}/v9down`, version: 'v9down' };
  return { name: group, versions: [...versions.toReversed(), down], preferredVersion: versions[0] };
}

function plainList(found: readonly ResourceInfo[]): unknown {
  const [{ group, version }] = found as [ResourceInfo];
  const resources = found.flatMap((each) => [
    { ...each, name: each.plural, singularName: '', group: undefined, version: undefined },
    ...each.subresources.map((name) => ({
      name: `${each.plural}/${name}`,
      kind: 'X',
      namespaced: true,
      verbs: ['get'],
    })),
  ]);
  return { kind: 'APIResourceList', groupVersion: group === '' ? version : `${group}/${version}`, resources };
}

const text = (found: ResourceInfo | undefined): string =>
  found === undefined ? 'none' : `${found.plural}.${found.version}.${found.group}`;

describe('ResourceMapper', () => {
  for (const aggregated of [true, false]) {
    it(`reads ${aggregated ? 'aggregated' : 'plain'} discovery`, async () => {
      const { transport, requests } = discovery(() => SERVED, aggregated);
      const mapper = createResourceMapper({ transport, builtIn: () => [] });
      expect(await mapper.all()).toEqual(SERVED);
      expect(requests.length).toBe(aggregated ? 2 : 2 + 9);
      expect(text(await mapper.resourceFor('widgets'))).toBe('widgets.v1.example.com');
      expect((await mapper.resourcesInCategory('all')).map(text)).toEqual([
        'pods.v1.',
        'scalers.v2.autoscaling',
        'widgets.v1.example.com',
      ]);
      expect(await mapper.resourcesInCategory('none')).toEqual([]);
      expect(requests.length).toBe(aggregated ? 2 : 2 + 9);
    });
  }

  it('understands what kubectl understands', async () => {
    const mapper = createResourceMapper({ transport: discovery(() => SERVED, true).transport, builtIn: () => [] });
    const cases: Record<string, string> = {
      pods: 'pods.v1.',
      pod: 'pods.v1.',
      Pod: 'pods.v1.',
      PODS: 'pods.v1.',
      po: 'pods.v1.',
      PO: 'none',
      'po.example.com': 'widgets.v1.example.com',
      'pods.v1.': 'pods.v1.',
      w: 'widgets.v1.example.com',
      'w.example.org': 'widgets.v1.example.org',
      'widgets.example.org': 'widgets.v1.example.org',
      'widgets.example': 'widgets.v1.example.com',
      'widgets.v1beta1.example.com': 'widgets.v1beta1.example.com',
      'widget.v1beta1.example.com': 'widgets.v1beta1.example.com',
      'Widget.v1beta1.example.com': 'widgets.v1beta1.example.com',
      'w.v1beta1.example.com': 'widgets.v1beta1.example.com',
      'widgets.v2.example.com': 'none',
      'scalers.v1.autoscaling': 'scalers.v1.autoscaling',
      sc: 'scalers.v2.autoscaling',
      'widgets.other': 'none',
      gadgets: 'none',
      '': 'none',
    };
    const found = await Promise.all(
      Object.keys(cases).map(async (argument) => [argument, text(await mapper.resourceFor(argument))]),
    );
    expect(Object.fromEntries(found)).toEqual(cases);
    expect(text(await mapper.resourceForKind('example.com/v1beta1', 'Widget'))).toBe('widgets.v1beta1.example.com');
    expect(text(await mapper.resourceForKind('v1', 'Pod'))).toBe('pods.v1.');
    expect(text(await mapper.resourceForKind('v1', 'pod'))).toBe('none');
  });

  it('answers built-in resources without a request, under every name that they have', async () => {
    const transport = async (): Promise<ApiResponse> => {
      throw new Error('no request is needed');
    };
    const mapper = createResourceMapper({ transport });
    for (const [argument, expected] of [
      ['deploy', 'deployments.v1.apps'],
      ['hpa', 'horizontalpodautoscalers.v2.autoscaling'],
      ['ing', 'ingresses.v1.networking.k8s.io'],
      ['events', 'events.v1.'],
      ['ev.events', 'events.v1.events.k8s.io'],
      ['svc', 'services.v1.'],
      ['ep', 'endpoints.v1.'],
      ['crd', 'customresourcedefinitions.v1.apiextensions.k8s.io'],
      ['deployments.v1.apps', 'deployments.v1.apps'],
    ] as const) {
      expect(text(await mapper.resourceFor(argument))).toBe(expected);
    }
    for (const each of builtInResources()) {
      const argument = `${each.plural}.${each.version}.${each.group}`;
      expect(await mapper.resourceFor(argument)).toBe(each);
    }
  });

  it('asks again, once, for what it does not know', async () => {
    let served = SERVED.slice(0, 1);
    const { transport, requests } = discovery(() => served, true);
    const mapper = createResourceMapper({ transport, builtIn: () => [] });
    expect(text(await mapper.resourceFor('widgets'))).toBe('none');
    expect(requests.length).toBe(2);
    served = SERVED;
    const found = await Promise.all([
      mapper.resourceFor('widgets'),
      mapper.resourceForKind('example.com/v1', 'Widget'),
    ]);
    expect(found.map(text)).toEqual(['widgets.v1.example.com', 'widgets.v1.example.com']);
    expect(requests.length).toBe(4);
  });

  it('passes on that the server cannot be reached, and asks anew the next time', async () => {
    let down = true;
    const { transport } = discovery(() => SERVED, true);
    const mapper = createResourceMapper({
      builtIn: () => [],
      transport: async (request) => {
        if (down) throw new ConnectionError('refused', 'localhost:8080', 'refused');
        return transport(request);
      },
    });
    await expect(mapper.resourceFor('widgets')).rejects.toBeInstanceOf(ConnectionError);
    down = false;
    expect(text(await mapper.resourceFor('widgets'))).toBe('widgets.v1.example.com');
  });

  it('makes do with one half of discovery, but not with none', async () => {
    const { transport } = discovery(() => SERVED, true);
    const without = (paths: string[]) =>
      createResourceMapper({
        builtIn: () => [],
        transport: async (request) =>
          paths.includes(request.path) ? { status: 403, headers: {} } : transport(request),
      });
    expect((await without(['/apis']).all()).map(text)).toEqual(['pods.v1.']);
    await expect(without(['/api', '/apis']).all()).rejects.toMatchObject({ code: 403 });
  });
});
