import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protobufCodec } from '../../src/model/protobuf/protobuf-codec.ts';
import { kubectlBinary } from './kubectl-binary.ts';
import { QUICK_GO } from './run-kubectl.ts';

const main = new URL('../../bin/kube-lite.js', import.meta.url).pathname;

interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** What the server answers to a review, and what it was asked. */
let status: unknown = {};
let refusal: { code: number; reason: string } | undefined;
let asked: unknown[] = [];
let gitVersion = 'v1.35.0';
let server: Server;
let kubectl: string;
let home: string;

const list = (groupVersion: string, resources: unknown[]): unknown => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources,
});
const resource = (name: string, kind: string, namespaced = true): unknown => ({
  name,
  singularName: '',
  kind,
  namespaced,
  verbs: ['get', 'list', 'create'],
});
const group = (name: string): unknown => {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
};

const ANSWERS: Readonly<Record<string, () => unknown>> = {
  '/version': () => ({ major: '1', minor: gitVersion.split('.')[1] ?? '', gitVersion }),
  '/api': () => ({ kind: 'APIVersions', versions: ['v1'] }),
  '/apis': () => ({ kind: 'APIGroupList', apiVersion: 'v1', groups: ['apps', 'rbac.authorization.k8s.io'].map(group) }),
  '/api/v1': () => list('v1', [resource('pods', 'Pod'), resource('nodes', 'Node', false)]),
  '/apis/apps/v1': () => list('apps/v1', [resource('deployments', 'Deployment')]),
  '/apis/rbac.authorization.k8s.io/v1': () =>
    list('rbac.authorization.k8s.io/v1', [resource('clusterroles', 'ClusterRole', false)]),
};

beforeAll(async () => {
  kubectl = await kubectlBinary();
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'auth-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const place = (request.url ?? '').split('?')[0] ?? '';
      let answer: unknown = ANSWERS[place]?.();
      let code = answer === undefined ? 404 : 200;
      if (request.method === 'POST') {
        const body = refusal === undefined ? bodyOf(Buffer.concat(chunks)) : {};
        asked.push({ place, spec: given(body['spec']) });
        code = refusal?.code ?? 201;
        answer =
          refusal === undefined
            ? { ...body, status }
            : { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'refused', ...refusal };
      }
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}, 60_000);
afterAll(() => {
  server.closeAllConnections();
  server.close();
  fs.rmSync(home, { recursive: true, force: true });
});

/** kubectl sends reviews as protobuf, kube-lite as JSON. */
function bodyOf(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, 4).equals(Buffer.from('k8s\0'))) {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  }
  return protobufCodec.decode(bytes).object;
}

/** Without fields that are empty, which only one of the encodings has. */
function given(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== '')
      .map(([name, field]) => [name, given(field)]),
  );
}

function run(program: string, args: readonly string[]): Promise<Ran> {
  const { port } = server.address() as AddressInfo;
  const env = { ...QUICK_GO, HOME: home, PATH: process.env['PATH'] ?? '', KUBE_LITE_NAME: 'kubectl' };
  fs.rmSync(path.join(home, '.kube'), { recursive: true, force: true });
  return new Promise((resolve) => {
    execFile(program, [...args, `--server=http://127.0.0.1:${port}`], { env }, (error, output, errors) => {
      resolve({ status: error === null ? 0 : Number(error.code), output, errors });
    });
  });
}

/** Runs both and expects the same words, status and questions. */
async function same(...args: string[]): Promise<Ran> {
  asked = [];
  const theirs = await run(kubectl, args);
  const theirQuestions = asked;
  asked = [];
  const ours = await run(main, args);
  expect(ours).toEqual(theirs);
  expect(asked).toEqual(theirQuestions);
  refusal = undefined;
  return ours;
}

describe('auth can-i, beside kubectl', () => {
  it('says yes, and no with reasons', async () => {
    status = { allowed: true };
    expect((await same('auth', 'can-i', 'get', 'pods')).output).toBe('yes\n');
    status = { allowed: false };
    expect((await same('auth', 'can-i', 'get', 'pods')).status).toBe(1);
    status = { allowed: false, reason: 'because', evaluationError: 'broken' };
    expect((await same('auth', 'can-i', 'get', 'pods/x', '-n', 'team', '--subresource=log')).output).toBe(
      'no - because - broken\n',
    );
    await same('auth', 'can-i', 'get', 'pods', '-q');
    await same('auth', 'can-i', 'create', 'deployments.apps', '-A');
    await same('auth', 'can-i', '*', '*');
  });

  it('warns of what there is not', async () => {
    status = { allowed: true };
    await same('auth', 'can-i', 'fly', 'pods');
    await same('auth', 'can-i', 'get', 'nodes');
    await same('auth', 'can-i', 'get', 'clusterroles');
    await same('auth', 'can-i', 'get', 'nopes');
    await same('auth', 'can-i', 'get', 'nopes.example.com');
    await same('auth', 'can-i', 'impersonate', 'users');
    await same('auth', 'can-i', 'get', '/healthz');
    await same('auth', 'can-i', 'fly', '/healthz');
  });

  it('refuses what does not go together', async () => {
    await same('auth', 'can-i');
    await same('auth', 'can-i', 'get');
    await same('auth', 'can-i', 'get', '/x', '--subresource=log');
    await same('auth', 'can-i', 'get', 'pods', '--no-headers');
    await same('auth', 'can-i', '--list', 'x');
    await same('auth', 'can-i', '--list', '-q');
  });

  it('lists what is allowed', async () => {
    status = {
      resourceRules: [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] },
        { verbs: ['watch'], apiGroups: [''], resources: ['pods'] },
        {
          verbs: ['get'],
          apiGroups: ['apps'],
          resources: ['deployments', 'deployments/scale'],
          resourceNames: ['b', 'a'],
        },
        { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'] },
      ],
      nonResourceRules: [
        { verbs: ['get'], nonResourceURLs: ['/healthz', '/version'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ],
      incomplete: false,
    };
    await same('auth', 'can-i', '--list');
    await same('auth', 'can-i', '--list', '--no-headers', '-n', 'team');
    status = { resourceRules: [], nonResourceRules: [], incomplete: true, evaluationError: 'part is missing' };
    await same('auth', 'can-i', '--list');
  });

  it('says when it may not ask', async () => {
    refusal = { code: 403, reason: 'Forbidden' };
    await same('auth', 'can-i', 'get', 'pods');
  });
});

describe('auth whoami, beside kubectl', () => {
  it('shows who we are', async () => {
    status = { userInfo: { username: 'me', uid: '1', groups: ['a', 'b'], extra: { 'z/y': ['1', '2'], a: ['3'] } } };
    await same('auth', 'whoami');
    await same('auth', 'whoami', '-o', 'json');
    await same('auth', 'whoami', '-o', 'yaml');
    await same('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}');
    status = { userInfo: { username: 'me' } };
    await same('auth', 'whoami');
  });

  it('says when the server cannot tell', async () => {
    refusal = { code: 403, reason: 'Forbidden' };
    await same('auth', 'whoami');
    refusal = { code: 404, reason: 'NotFound' };
    await same('auth', 'whoami');
  });
});

describe('version, beside kubectl', () => {
  /** Both say who they are in their own way; what they say of the server and of the difference is the same. */
  async function sameOfServer(...args: string[]): Promise<void> {
    const lines = (text: string): string[] =>
      text.split('\n').filter((line) => !/^(Client|Kustomize) Version/.test(line));
    const [theirs, ours] = [await run(kubectl, ['version', ...args]), await run(main, ['version', ...args])];
    expect({ ...ours, output: lines(ours.output) }).toEqual({ ...theirs, output: lines(theirs.output) });
  }

  it('warns when client and server are too far apart', async () => {
    for (gitVersion of ['v1.34.9', 'v1.36.0-alpha.1+abc', 'v1.33.1', 'v1.37.0', 'v2.35.0', 'nonsense']) {
      await sameOfServer();
      await sameOfServer('--warnings-as-errors');
    }
  });

  it('has the fields of kubectl', async () => {
    gitVersion = 'v1.35.0';
    for (const format of ['json', 'yaml']) {
      const theirs = await run(kubectl, ['version', '-o', format]);
      const ours = await run(main, ['version', '-o', format]);
      const shape = (text: string): string[] =>
        text
          .replaceAll(/: ?"?[^{\n]*?"?,?\n/g, ':\n')
          .split('\n')
          .filter((line) => !line.includes('kustomizeVersion'));
      expect(shape(ours.output)).toEqual(shape(theirs.output));
    }
  });
});
