import { describe, expect, it } from 'vitest';
import type { ResourceMapper, ResourceScope } from '../../src/client/client.ts';
import { createResourceClient } from '../../src/client/resource-client.ts';
import type { Transport } from '../../src/client/transport.ts';
import type { ApiRequest, ApiResponse, WatchEvent } from '../../src/model/api-message.ts';
import type { ResourceInfo } from '../../src/model/schema/resource-info.ts';
import { StatusError } from '../../src/model/status.ts';
import { notFound } from '../../src/model/status-errors.ts';

const pods: ResourceInfo = {
  group: '',
  version: 'v1',
  plural: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: [],
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status'],
};
const deployments: ResourceInfo = { ...pods, group: 'apps', plural: 'deployments', kind: 'Deployment' };
const nodes: ResourceInfo = { ...pods, plural: 'nodes', kind: 'Node', namespaced: false };
const inDefault: ResourceScope = { resource: pods, namespace: 'default' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };

function clientOf(answer: Partial<ApiResponse> | ((request: ApiRequest) => Partial<ApiResponse>) = { body: pod }) {
  const requests: ApiRequest[] = [];
  const warnings: string[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    return { status: 200, headers: {}, ...(typeof answer === 'function' ? answer(request) : answer) };
  };
  const mapper = {} as ResourceMapper;
  const client = createResourceClient({ transport, mapper, warn: (text) => warnings.push(text) });
  return { client, requests, warnings };
}

async function failure(promise: Promise<unknown>): Promise<StatusError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(StatusError);
  return error as StatusError;
}

describe('ResourceClient', () => {
  it('asks for one object, or its table', async () => {
    const { client, requests } = clientOf();
    expect(await client.get(inDefault, 'x')).toBe(pod);
    await client.get({ ...inDefault, resource: deployments, subresource: 'status' }, 'x');
    await client.get({ resource: nodes, namespace: 'ignored' }, 'n');
    await client.getTable(inDefault, 'a b');
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/namespaces/default/pods/x',
      'GET /apis/apps/v1/namespaces/default/deployments/x/status',
      'GET /api/v1/nodes/n',
      'GET /api/v1/namespaces/default/pods/a%20b',
    ]);
    expect(requests[3]?.headers).toEqual({ accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' });
  });

  it('asks for lists and watches with their options', async () => {
    const events = (async function* events(): AsyncGenerator<WatchEvent> {
      yield { type: 'ADDED', object: pod };
    })();
    const { client, requests } = clientOf(({ query }) =>
      query?.has('watch') === true ? { events } : { body: { items: [] } },
    );
    await client.list({ resource: pods });
    await client.listTable(inDefault, {
      labelSelector: 'a=b',
      fieldSelector: 'c=d',
      limit: 500,
      continue: 't',
      resourceVersion: '0',
    });
    await client.list(inDefault, { limit: 0 });
    const seen: WatchEvent[] = [];
    const options = { resourceVersion: '7', allowWatchBookmarks: true, timeoutSeconds: 3, table: true };
    for await (const event of client.watch(inDefault, options)) seen.push(event);
    expect(seen).toEqual([{ type: 'ADDED', object: pod }]);
    expect(requests.map(({ path, query }) => `${path}?${query?.toString()}`)).toEqual([
      '/api/v1/pods?',
      '/api/v1/namespaces/default/pods?labelSelector=a%3Db&fieldSelector=c%3Dd&limit=500&continue=t&resourceVersion=0',
      '/api/v1/namespaces/default/pods?',
      '/api/v1/namespaces/default/pods?resourceVersion=7&watch=true&allowWatchBookmarks=true&timeoutSeconds=3',
    ]);
    expect(requests[3]?.headers?.['accept']).toContain('as=Table');
  });

  it('gives the items of a list their kind', async () => {
    const item = { metadata: { name: 'x' } };
    const other = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'y' } };
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [item, other] };
    const { client } = clientOf({ body: list });
    expect(await client.list(inDefault)).toEqual({
      ...list,
      items: [{ ...item, apiVersion: 'v1', kind: 'Pod' }, other],
    });
    expect(await clientOf({ body: { ...list, items: null } }).client.list(inDefault)).toMatchObject({ items: [] });
  });

  it('writes, and keeps the object that it was given to itself', async () => {
    const { client, requests } = clientOf((request) => {
      const body = request.body as { metadata?: { touched?: boolean } };
      if (body.metadata !== undefined) body.metadata.touched = true;
      return { body: pod };
    });
    const object = structuredClone(pod);
    await client.create(inDefault, object, { dryRun: true, fieldManager: 'm', fieldValidation: 'Strict' });
    await client.create({ ...inDefault, subresource: 'eviction' }, object);
    await client.update({ ...inDefault, subresource: 'status' }, object);
    await client.patch(
      inDefault,
      'x',
      { type: 'application/apply-patch+yaml', body: object },
      { force: true, fieldManager: 'm' },
    );
    await client.delete(inDefault, 'x', {
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'u' },
      dryRun: true,
    });
    await client.delete(inDefault, 'x');
    expect(object).toEqual(pod);
    expect(requests.map(({ method, path, query }) => `${method} ${path}?${query?.toString() ?? ''}`)).toEqual([
      'POST /api/v1/namespaces/default/pods?dryRun=All&fieldManager=m&fieldValidation=Strict',
      'POST /api/v1/namespaces/default/pods/x/eviction?',
      'PUT /api/v1/namespaces/default/pods/x/status?',
      'PATCH /api/v1/namespaces/default/pods/x?fieldManager=m&force=true',
      'DELETE /api/v1/namespaces/default/pods/x?',
      'DELETE /api/v1/namespaces/default/pods/x?',
    ]);
    expect(requests[3]?.headers).toEqual({ 'content-type': 'application/apply-patch+yaml' });
    expect(requests.slice(4).map(({ body }) => body)).toEqual([
      {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        gracePeriodSeconds: 0,
        propagationPolicy: 'Orphan',
        preconditions: { uid: 'u' },
        dryRun: ['All'],
      },
      { kind: 'DeleteOptions', apiVersion: 'v1' },
    ]);
  });

  it('throws the Status of a failure', async () => {
    const { status } = notFound({ group: '', resource: 'pods' }, 'x');
    const error = await failure(clientOf({ status: 404, body: status }).client.get(inDefault, 'x'));
    expect([error.message, error.reason, error.code]).toEqual(['pods "x" not found', 'NotFound', 404]);
  });

  it('says of a failure without Status what kubectl says', async () => {
    const texts = async (answer: Partial<ApiResponse>, method: 'get' | 'create' = 'get'): Promise<string> => {
      const { client } = clientOf(answer);
      const error = await failure(method === 'get' ? client.get(inDefault, 'x') : client.create(inDefault, pod));
      return `${error.reason}: ${error.message}`;
    };
    const text = { 'content-type': 'text/plain' };
    expect(await texts({ status: 404, headers: text, body: '404 page not found\n' })).toBe(
      'NotFound: the server could not find the requested resource (get pods x)',
    );
    expect(await texts({ status: 502, headers: text, body: ' bad gateway\n' })).toBe(
      'InternalError: an error on the server ("bad gateway") has prevented the request from succeeding (get pods x)',
    );
    expect(await texts({ status: 500, headers: { 'content-type': 'image/png' }, body: 'x' })).toBe(
      'InternalError: an error on the server ("unknown") has prevented the request from succeeding (get pods x)',
    );
    expect(await texts({ status: 403, headers: text, body: 'no' })).toBe('Forbidden: no (get pods x)');
    expect(await texts({ status: 409, headers: text, body: '' }, 'create')).toBe(
      'AlreadyExists: the server reported a conflict (post pods)',
    );
    expect(await texts({ status: 409 })).toBe('Conflict: the server reported a conflict (get pods x)');
    expect(await texts({ status: 418 })).toBe(
      ': the server responded with the status code 418 but did not return more information (get pods x)',
    );
    expect(await texts({ status: 302 })).toMatch(/status code 302/);
    const error = await failure(
      clientOf({ status: 429, headers: { 'retry-after': '3' } }).client.request({ method: 'GET', path: '/x' }),
    );
    expect(error.message).toBe('the server has received too many requests and has asked us to try again later');
    expect(error.status.details).toMatchObject({ retryAfterSeconds: 3 });
  });

  it('does not take a page for an object', async () => {
    await expect(
      clientOf({ headers: { 'content-type': 'text/html' }, body: '<html>' }).client.get(inDefault, 'x'),
    ).rejects.toThrow('the server answered GET /api/v1/namespaces/default/pods/x with text/html instead of an object');
    await expect(clientOf().client.watch(inDefault)[Symbol.asyncIterator]().next()).rejects.toThrow(
      'no stream of events',
    );
  });

  it('throws what an ERROR event says', async () => {
    const { status } = notFound({ group: '', resource: 'pods' }, 'x');
    const events = (async function* events(): AsyncGenerator<WatchEvent> {
      yield { type: 'ERROR', object: { ...status, code: 410, reason: 'Expired' } };
    })();
    const error = await failure(clientOf({ events }).client.watch(inDefault)[Symbol.asyncIterator]().next());
    expect([error.code, error.reason]).toEqual([410, 'Expired']);
  });

  it('passes warnings on', async () => {
    const warning =
      '299 - "one \\"quoted\\"", 299 - "two" "Wed, 21 Oct 2015 07:28:00 GMT"\n299 k8s "three, still"\n199 - "not for people"\nnonsense';
    const { client, warnings } = clientOf({ headers: { warning }, body: pod });
    await client.get(inDefault, 'x');
    expect(warnings).toEqual(['one "quoted"', 'two', 'three, still']);
  });

  it('refuses names that would change the path', async () => {
    const { client, requests } = clientOf();
    for (const [name, text] of [
      ['..', `invalid resource name "..": [may not be '..']`],
      ['a/b', `invalid resource name "a/b": [may not contain '/']`],
      ['%', `invalid resource name "%": [may not contain '%']`],
      ['', 'resource name may not be empty'],
    ] as const) {
      await expect(client.get(inDefault, name)).rejects.toThrow(text);
    }
    await expect(client.get({ ...inDefault, namespace: '../x' }, 'x')).rejects.toThrow('invalid namespace');
    expect(requests).toEqual([]);
  });
});
