import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenAuthenticator } from '../../src/apiserver/access/token-authenticator.ts';
import { BuiltInCatalog } from '../../src/apiserver/built-in-catalog.ts';
import { loadTokenSigner } from '../../src/http/token-signer.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import type { TokenSigner } from '../../src/model/token-signer.ts';
import { type ApiHarness, apiHarness } from '../apiserver/api-harness.ts';

const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
const PODS = '/api/v1/namespaces/default/pods';
const REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
let folder = '';
let signer: TokenSigner;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
  signer = await loadTokenSigner(folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function harness(): Promise<ApiHarness & { owner(token: string): Promise<unknown>; account: KubeObject }> {
  const api = apiHarness({ signer, tokenOwner: (token) => (token === 'own' ? { name: 'me', groups: [] } : undefined) });
  const account = await api.send('POST', ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot' },
  });
  const authenticate = tokenAuthenticator({
    storage: api.storage,
    catalog: new BuiltInCatalog(),
    now: () => api.now,
    signer,
  });
  return Object.assign(api, { account, owner: authenticate });
}

async function tokenOf(api: ApiHarness, spec: Record<string, unknown> = {}): Promise<string> {
  const made = await api.send('POST', `${ACCOUNTS}/robot/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec,
  });
  return (made['status'] as { token: string }).token;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

describe('serviceaccounts/token', () => {
  it('makes a token that the server believes', async () => {
    const api = await harness();
    const made = await api.send('POST', `${ACCOUNTS}/robot/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
    });
    expect(made).toMatchObject({
      kind: 'TokenRequest',
      metadata: { name: 'robot', namespace: 'default', creationTimestamp: '2026-11-24T09:06:06Z' },
      spec: { audiences: signer.audiences, expirationSeconds: 3600 },
      status: { expirationTimestamp: '2026-11-24T10:06:06Z' },
    });
    const { token } = made['status'] as { token: string };
    const issued = Date.parse('2026-11-24T09:06:06Z') / 1000;
    expect(claimsOf(token)).toEqual({
      aud: signer.audiences,
      exp: issued + 3600,
      iat: issued,
      iss: signer.issuer,
      jti: expect.any(String),
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid: api.account.metadata.uid } },
      nbf: issued,
      sub: 'system:serviceaccount:default:robot',
    });
    expect(await api.owner(token)).toMatchObject({
      name: 'system:serviceaccount:default:robot',
      uid: api.account.metadata.uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
  });

  it('makes none without a signer, an account, a right time or name', async () => {
    const plain = apiHarness();
    await plain.send('POST', ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
    expect(await plain.request('POST', `${ACCOUNTS}/robot/token`, {})).toMatchObject({ status: 501 });
    const api = await harness();
    const post = (name: string, body: Record<string, unknown>) =>
      api.request('POST', `${ACCOUNTS}/${name}/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        ...body,
      });
    expect(await post('gone', {})).toMatchObject({ status: 404 });
    expect((await post('robot', { spec: { expirationSeconds: 10 } })).body).toMatchObject({
      message: /spec\.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes/,
    });
    expect((await post('robot', { metadata: { name: 'other' } })).body).toMatchObject({
      message: /must match the service account name if specified/,
    });
    expect((await post('robot', { metadata: { uid: 'other' } })).body).toMatchObject({ code: 409 });
  });
});

describe('a token of a service account', () => {
  it('ends with its time', async () => {
    const api = await harness();
    const token = await tokenOf(api, { expirationSeconds: 600 });
    api.now = new Date('2026-11-24T09:16:05Z');
    expect(await api.owner(token)).toBeDefined();
    api.now = new Date('2026-11-24T09:16:07Z');
    expect(await api.owner(token)).toBeUndefined();
  });

  it('ends with the account, and is not for a namesake', async () => {
    const api = await harness();
    const token = await tokenOf(api);
    await api.send('DELETE', `${ACCOUNTS}/robot`);
    expect(await api.owner(token)).toBeUndefined();
    await api.send('POST', ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
    expect(await api.owner(token)).toBeUndefined();
  });

  it('ends with the object that it is bound to, of which it tells', async () => {
    const api = await harness();
    const spec = { containers: [{ name: 'c', image: 'x' }], serviceAccountName: 'robot', nodeName: 'n' };
    const pod = await api.send('POST', PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
    const token = await tokenOf(api, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } });
    expect(await api.owner(token)).toMatchObject({
      extra: {
        'authentication.kubernetes.io/node-name': ['n'],
        'authentication.kubernetes.io/pod-name': ['p'],
        'authentication.kubernetes.io/pod-uid': [pod.metadata.uid],
      },
    });
    await api.send('DELETE', `${PODS}/p`);
    expect(await api.owner(token)).toBeUndefined();
  });

  it('is good to whom it is for, and to nobody when it was changed', async () => {
    const api = await harness();
    expect(await api.owner(await tokenOf(api, { audiences: ['elsewhere'] }))).toBeUndefined();
    const token = await tokenOf(api);
    const [head = '', body = '', signature = ''] = token.split('.');
    const forged = { ...claimsOf(token), sub: 'system:serviceaccount:default:other' };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = part({ alg: 'none' });
    for (const text of [
      `${head}.${part(forged)}.${signature}`,
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      'x',
    ]) {
      expect(await api.owner(text)).toBeUndefined();
    }
    const other = await loadTokenSigner(path.join(folder, 'other'));
    expect(await api.owner(await other.sign(claimsOf(token)))).toBeUndefined();
    // The key is kept.
    expect(await (await loadTokenSigner(folder)).verify(token)).toEqual(claimsOf(token));
  });
});

describe('TokenReview', () => {
  it('tells whose a token is, and for whom', async () => {
    const api = await harness();
    const review = async (spec: Record<string, unknown>) =>
      (await api.send('POST', REVIEWS, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec }))[
        'status'
      ];
    const token = await tokenOf(api, { audiences: ['a', 'b'] });
    expect(await review({ token, audiences: ['b', 'c'] })).toMatchObject({
      authenticated: true,
      user: { username: 'system:serviceaccount:default:robot' },
      audiences: ['b'],
    });
    expect(await review({ token, audiences: ['c'] })).toMatchObject({ error: /invalid/ });
    expect(await review({ token: 'nonsense' })).toEqual({ user: {}, error: '[invalid bearer token]' });
    expect(await review({ token: 'own' })).toMatchObject({ authenticated: true, user: { username: 'me' } });
  });
});
