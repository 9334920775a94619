import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ApiMethod } from '../../src/model/api-message.ts';
import { type ApiHarness, apiHarness } from './api-harness.ts';

interface Row {
  readonly feature: string;
  readonly state: string;
  readonly missing: string;
  readonly tests: readonly string[];
}

/** A request that the page shows, and the answer that it promises. */
interface Asked {
  readonly method: ApiMethod;
  readonly path: string;
  readonly accept: string | undefined;
  readonly code: number;
  readonly message: string;
}

const page = readFileSync(new URL('../../src/apiserver/README.md', import.meta.url), 'utf8');

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| feature |'))
  .map((line) => {
    const [feature = '', state = '', missing = '', shownBy = ''] = line.split('|').slice(1, -1);
    const tests = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    return { feature: feature.trim(), state: state.trim(), missing: missing.trim(), tests };
  });

function askedIn({ missing }: Row): Asked[] {
  const shown = /`(GET|POST|PUT|PATCH|DELETE) ([^` ]+)`(?: as `([^`]+)`)? → (\d{3})(?: `([^`]+)`)?/g;
  return [...missing.matchAll(shown)].map(([, method, path = '', accept, code, message = '']) => ({
    method: method as ApiMethod,
    path,
    accept,
    code: Number(code),
    message,
  }));
}

/** With the objects that the page's requests name. */
async function cluster(): Promise<ApiHarness> {
  const api = apiHarness();
  const containers = [{ name: 'main', image: 'busybox' }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName: 'n', containers } };
  await api.send('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  await api.send('POST', '/api/v1/namespaces/default/pods', pod);
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } };
  await api.send('POST', '/api/v1/namespaces/default/services', service);
  return api;
}

describe('the page of features', () => {
  it('has rows, each in a known state and with what shows it', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(new Set(rows.map(({ feature }) => feature)).size).toBe(rows.length);
    for (const row of rows) {
      expect(['complete', 'partial', 'refused'], row.feature).toContain(row.state);
      expect(row.state === 'complete', row.feature).toBe(row.missing === '');
      expect(row.tests.length + askedIn(row).length, row.feature).toBeGreaterThan(0);
    }
  });

  it.each(rows.filter(({ tests }) => tests.length > 0))('$feature: tests are there', ({ tests }) => {
    for (const file of tests) {
      const place = new URL(file, import.meta.url);
      expect(existsSync(place), file).toBe(true);
      expect(readFileSync(place, 'utf8'), file).toMatch(/\b(it|test)(\.each)?\(|\bdescribeColumn\(/);
    }
  });

  it.each(rows.flatMap((row) => askedIn(row)))('$method $path is answered with $code', async (asked) => {
    const { method, path, accept, code, message } = asked;
    const api = await cluster();
    const body = method === 'GET' ? undefined : (await api.request('GET', path.replace(/\/[a-z]+(\?.*)?$/, ''))).body;
    const { status, body: answer } = await api.request(method, path, body, accept === undefined ? {} : { accept });
    expect(status).toBe(code);
    if (typeof answer !== 'string') expect(answer).toMatchObject({ kind: 'Status', status: 'Failure', code });
    expect(typeof answer === 'string' ? answer : (answer as { message: string }).message).toContain(message);
  });
});

describe('what is partial', () => {
  it('is said of a MutatingAdmissionPolicy when it is made', async () => {
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: { expression: 'Object{metadata: Object.metadata{}}' },
          },
        ],
        reinvocationPolicy: 'Never',
      },
    };
    const path = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies';
    const { status, headers } = await apiHarness().request('POST', path, policy);
    expect(status).toBe(201);
    expect(headers['warning']).toContain('no object is changed by this policy');
  });

  it('is said of an object that only a conversion webhook could show', async () => {
    const api = apiHarness();
    const schema = { openAPIV3Schema: { type: 'object' } };
    const webhook = { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://convert.example.com/' } };
    await api.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'snakes.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { plural: 'snakes', singular: 'snake', kind: 'Snake', listKind: 'SnakeList' },
        conversion: { strategy: 'Webhook', webhook },
        versions: [
          { name: 'v1', served: true, storage: true, schema },
          { name: 'v2', served: true, storage: false, schema },
        ],
      },
    });
    const kaa = { apiVersion: 'example.com/v1', kind: 'Snake', metadata: { name: 'kaa' } };
    await api.send('POST', '/apis/example.com/v1/snakes', kaa);
    const { status, body } = await api.request('GET', '/apis/example.com/v2/snakes/kaa');
    expect({ status, body }).toMatchObject({ status: 501, body: { kind: 'Status' } });
    expect((body as { message: string }).message).toContain('conversion webhooks');
  });
});
