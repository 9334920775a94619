import { describe, expect, it } from 'vitest';
import { accessHarness, RBAC, object, user } from './access-harness.ts';

const ACCESS = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';
const jane = { ...user('jane', 'devs'), uid: 'u-1', extra: { scopes: ['a', 'b'] } };

function review(kind: string, spec: Record<string, unknown>): Record<string, unknown> {
  return { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec };
}

const LIST_PODS = { resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } };

describe('SelfSubjectReview', () => {
  it('tells who asks', async () => {
    const api = accessHarness();
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = `${AUTHENTICATION}/selfsubjectreviews`;
    expect(await api.as(jane, 'POST', path, body)).toMatchObject({
      status: 201,
      body: {
        kind: 'SelfSubjectReview',
        metadata: { creationTimestamp: '2026-11-24T09:06:06Z' },
        status: {
          userInfo: {
            username: 'jane',
            uid: 'u-1',
            groups: ['devs', 'system:authenticated'],
            extra: { scopes: ['a', 'b'] },
          },
        },
      },
    });
    const own = await api.send('POST', path, body);
    expect(own['status']).toMatchObject({ userInfo: { groups: ['system:masters', 'system:authenticated'] } });
  });
});

describe('access reviews', () => {
  it('answer for oneself, and say why', async () => {
    const api = accessHarness();
    const path = `${ACCESS}/selfsubjectaccessreviews`;
    const ask = async () => (await api.as(jane, 'POST', path, review('SelfSubjectAccessReview', LIST_PODS))).body;
    expect(await ask()).toMatchObject({ spec: LIST_PODS, status: { allowed: false } });
    await api.allow('jane', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], 'default');
    expect(await ask()).toMatchObject({
      status: {
        allowed: true,
        reason: 'RBAC: allowed by RoleBinding "role-1/default" of ClusterRole "role-1" to User "jane"',
      },
    });
  });

  it('answer for others to whoever may ask', async () => {
    const api = accessHarness();
    await api.allow('jane', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], 'default');
    const path = `${ACCESS}/subjectaccessreviews`;
    const about = review('SubjectAccessReview', { ...LIST_PODS, user: 'jane' });
    expect(await api.as(jane, 'POST', path, about)).toMatchObject({ status: 403 });
    expect(await api.send('POST', path, about)).toMatchObject({ status: { allowed: true } });
    const masters = review('SubjectAccessReview', { ...LIST_PODS, groups: ['system:masters'] });
    expect(await api.send('POST', path, masters)).toMatchObject({ status: { allowed: true } });
    const paths = { nonResourceAttributes: { path: '/healthz', verb: 'get' }, groups: ['system:unauthenticated'] };
    expect(await api.send('POST', path, review('SubjectAccessReview', paths))).toMatchObject({
      status: {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:public-info-viewer" of ClusterRole "system:public-info-viewer" to Group "system:unauthenticated"',
      },
    });
  });

  it('of a namespace are of that namespace', async () => {
    const api = accessHarness();
    await api.allow('jane', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], 'default');
    const path = (namespace: string) => `${ACCESS}/namespaces/${namespace}/localsubjectaccessreviews`;
    const about = review('LocalSubjectAccessReview', { ...LIST_PODS, user: 'jane' });
    expect(await api.send('POST', path('default'), about)).toMatchObject({ status: { allowed: true } });
    expect(await api.request('POST', path('kube-system'), about)).toMatchObject({ status: 400 });
    expect(await api.request('POST', `${ACCESS}/localsubjectaccessreviews`, about)).toMatchObject({ status: 404 });
    expect(await api.request('GET', path('default'))).toMatchObject({ status: 405 });
  });

  it('must ask one thing, about somebody', async () => {
    const api = accessHarness();
    const message = async (spec: Record<string, unknown>) =>
      ((await api.request('POST', `${ACCESS}/subjectaccessreviews`, review('SubjectAccessReview', spec))).body as Error)
        .message;
    expect(await message({})).toMatch(/exactly one of nonResourceAttributes or resourceAttributes must be specified/);
    expect(await message(LIST_PODS)).toMatch(/spec\.user: .*at least one of user or group must be specified/);
    const both = { ...LIST_PODS, nonResourceAttributes: { path: '/', verb: 'get' }, user: 'x' };
    expect(await message(both)).toMatch(/cannot be specified in combination with resourceAttributes/);
  });
});

describe('SelfSubjectRulesReview', () => {
  it('lists what one may do in a namespace', async () => {
    const api = accessHarness();
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };
    await api.allow('jane', [rule], 'default');
    const path = `${ACCESS}/selfsubjectrulesreviews`;
    const ask = async (namespace: string) =>
      ((await api.as(jane, 'POST', path, review('SelfSubjectRulesReview', { namespace }))).body as { status: unknown })
        .status;
    expect(await ask('default')).toMatchObject({
      resourceRules: expect.arrayContaining([rule]),
      nonResourceRules: expect.arrayContaining([
        { nonResourceURLs: expect.arrayContaining(['/healthz']), verbs: ['get'] },
      ]),
      incomplete: false,
    });
    expect(await ask('kube-system')).not.toMatchObject({ resourceRules: expect.arrayContaining([rule]) });
    const all = await api.send('POST', path, review('SelfSubjectRulesReview', { namespace: 'default' }));
    expect(all['status']).toMatchObject({
      resourceRules: expect.arrayContaining([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    });
  });

  it('says that it is incomplete when a role is missing', async () => {
    const api = accessHarness();
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'gone' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }];
    await api.send(
      'POST',
      `${RBAC}/namespaces/default/rolebindings`,
      object('RoleBinding', 'b', { roleRef, subjects }),
    );
    const body = review('SelfSubjectRulesReview', { namespace: 'default' });
    const answer = await api.as(jane, 'POST', `${ACCESS}/selfsubjectrulesreviews`, body);
    expect(answer.body).toMatchObject({
      status: { incomplete: true, evaluationError: 'role.rbac.authorization.k8s.io "gone" not found' },
    });
  });
});
