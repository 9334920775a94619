import { describe, expect, it } from 'vitest';
import type { ApiMethod } from '../../../src/model/api-message.ts';
import { apiVersionOf, type ResourceInfo } from '../../../src/model/schema/resource-info.ts';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import { configMap, CONFIG_MAPS } from '../api-harness.ts';
import { accessHarness, object, RBAC, user } from './access-harness.ts';

const jane = user('jane');
const MASTER = user('root', 'system:masters');

/** How each verb of the API is asked for. */
const REQUESTS: Readonly<Record<string, { method: ApiMethod; named: boolean; query?: string }>> = {
  create: { method: 'POST', named: false },
  delete: { method: 'DELETE', named: true, query: '?dryRun=All' },
  deletecollection: { method: 'DELETE', named: false, query: '?dryRun=All' },
  get: { method: 'GET', named: true },
  list: { method: 'GET', named: false },
  patch: { method: 'PATCH', named: true },
  update: { method: 'PUT', named: true },
  watch: { method: 'GET', named: false, query: '?watch=true&timeoutSeconds=1' },
};

interface Case {
  readonly info: ResourceInfo;
  readonly verb: string;
  readonly subresource: string;
}

function pathOf({ info, verb, subresource }: Case): string {
  const request = REQUESTS[verb];
  const root = info.group === '' ? `/api/${info.version}` : `/apis/${apiVersionOf(info)}`;
  const space = info.namespaced ? '/namespaces/default' : '';
  const name = request?.named === true || subresource !== '' ? '/x' : '';
  const below = subresource === '' ? '' : `/${subresource}`;
  return `${root}${space}/${info.plural}${name}${below}${request?.query ?? ''}`;
}

function casesOf(): Case[] {
  return builtInResources().flatMap((info) => [
    ...info.verbs.map((verb) => ({ info, verb, subresource: '' })),
    ...info.subresourceInfos.flatMap(({ name, verbs }) => verbs.map((verb) => ({ info, verb, subresource: name }))),
  ]);
}

function messageOf({ info, verb, subresource }: Case): string {
  const named = REQUESTS[verb]?.named === true || subresource !== '';
  const what = info.group === '' ? info.plural : `${info.plural}.${info.group}`;
  const whole = subresource === '' ? info.plural : `${info.plural}/${subresource}`;
  const namespace = info.namespaced ? 'default' : info.plural === 'namespaces' && named ? 'x' : '';
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${what}${named ? ' "x"' : ''} is forbidden: User "jane" cannot ${verb} resource "${whole}" in API group "${info.group}" ${where}`;
}

describe('every verb of every resource', () => {
  it('is refused in the real words to a user without a role', async () => {
    const api = accessHarness();
    const cases = casesOf();
    expect(cases.length).toBeGreaterThan(500);
    for (const each of cases) {
      // Whoever is authenticated may ask about himself.
      if (each.info.plural.startsWith('selfsubject')) continue;
      const response = await api.as(jane, REQUESTS[each.verb]?.method ?? 'GET', pathOf(each), {});
      expect(response.body).toMatchObject({ code: 403, reason: 'Forbidden', message: messageOf(each) });
    }
    expect(api.memory.revision).toBe(1);
  });

  it('is allowed by a role for it alone, and by nothing less', async () => {
    const cases = casesOf();
    let api = accessHarness();
    for (const [index, { info, verb, subresource }] of cases.entries()) {
      const other = cases[(index + 1) % cases.length];
      if (info !== cases[index - 1]?.info) api = accessHarness();
      const name = `user-${index}`;
      const resource = subresource === '' ? info.plural : `${info.plural}/${subresource}`;
      await api.allow(name, [{ apiGroups: [info.group], resources: [resource], verbs: [verb] }]);
      const ask = async (wanted: Case) => {
        const { method } = REQUESTS[wanted.verb] ?? { method: 'GET' as const };
        const response = await api.as(user(name), method, pathOf(wanted), undefined);
        await response.events?.[Symbol.asyncIterator]().return?.();
        return response.status;
      };
      expect(await ask({ info, verb, subresource }), `${verb} ${resource}`).not.toBe(403);
      if (other === undefined || other.info.plural.startsWith('selfsubject')) continue;
      // Two versions of a resource are one to access control.
      const same = other.info.plural === info.plural && other.verb === verb && other.subresource === subresource;
      if (!same) expect(await ask(other)).toBe(403);
    }
  }, 60_000);

  it('is refused, but for reading, to whoever may only read everything', async () => {
    const api = accessHarness();
    await api.allow('jane', [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]);
    // A fresh store gets its system namespaces when namespaces are first looked at, whoever looks.
    await api.as(jane, 'GET', '/api/v1/namespaces');
    const { revision } = api.memory;
    const wrong: string[] = [];
    for (const each of casesOf()) {
      if (each.info.plural.startsWith('selfsubject')) continue;
      const response = await api.as(jane, REQUESTS[each.verb]?.method ?? 'GET', pathOf(each), undefined);
      await response.events?.[Symbol.asyncIterator]().return?.();
      const mayRead = ['get', 'list', 'watch'].includes(each.verb);
      if ((response.status === 403) === mayRead) wrong.push(`${response.status} ${each.verb} ${pathOf(each)}`);
    }
    expect(wrong).toEqual([]);
    expect(api.memory.revision).toBe(revision);
  }, 60_000);

  it('is allowed to members of system:masters, and to this process', async () => {
    const api = accessHarness();
    expect(await api.as(MASTER, 'POST', CONFIG_MAPS, configMap('c'))).toMatchObject({ status: 201 });
    expect(await api.request('DELETE', `${CONFIG_MAPS}/c`)).toMatchObject({ status: 200 });
  });

  it('is allowed to everybody where the server says so', async () => {
    const api = accessHarness({ authorization: 'AlwaysAllow' });
    expect(await api.as(jane, 'POST', CONFIG_MAPS, configMap('c'))).toMatchObject({ status: 201 });
  });
});

describe('roles', () => {
  it('hold where they are bound', async () => {
    const api = accessHarness();
    await api.allow('jane', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }], 'default');
    expect(await api.as(jane, 'GET', CONFIG_MAPS)).toMatchObject({ status: 200 });
    expect(await api.as(jane, 'GET', '/api/v1/configmaps')).toMatchObject({ status: 403 });
    expect(await api.as(jane, 'GET', '/api/v1/namespaces/kube-system/configmaps')).toMatchObject({ status: 403 });
    expect(await api.as(user('joe'), 'GET', CONFIG_MAPS)).toMatchObject({ status: 403 });
  });

  it('are given to groups and service accounts too', async () => {
    const api = accessHarness();
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const subjects = [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'devs' },
      { kind: 'ServiceAccount', name: 'robot', namespace: 'default' },
    ];
    await api.send(
      'POST',
      `${RBAC}/namespaces/default/rolebindings`,
      object('RoleBinding', 'b', { roleRef, subjects }),
    );
    expect(await api.as(user('x', 'devs'), 'GET', CONFIG_MAPS)).toMatchObject({ status: 200 });
    expect(await api.as(user('system:serviceaccount:default:robot'), 'GET', CONFIG_MAPS)).toMatchObject({
      status: 200,
    });
    expect(await api.as(user('system:serviceaccount:other:robot'), 'GET', CONFIG_MAPS)).toMatchObject({ status: 403 });
    // `view` shows no secrets and changes nothing.
    const secrets = '/api/v1/namespaces/default/secrets';
    expect(await api.as(user('x', 'devs'), 'GET', secrets)).toMatchObject({ status: 403 });
    expect(await api.as(user('x', 'devs'), 'POST', CONFIG_MAPS, configMap('c'))).toMatchObject({ status: 403 });
  });

  it('may be of named objects, of paths, and of anything', async () => {
    const api = accessHarness();
    await api.send('POST', CONFIG_MAPS, configMap('mine'));
    await api.allow('jane', [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'], verbs: ['get', 'list'] },
      { nonResourceURLs: ['/metrics/*'], verbs: ['get'] },
      { apiGroups: ['*'], resources: ['*/status'], verbs: ['*'] },
    ]);
    expect(await api.as(jane, 'GET', `${CONFIG_MAPS}/mine`)).toMatchObject({ status: 200 });
    expect(await api.as(jane, 'GET', `${CONFIG_MAPS}/other`)).toMatchObject({ status: 403 });
    expect(await api.as(jane, 'GET', `${CONFIG_MAPS}?fieldSelector=metadata.name%3Dmine`)).toMatchObject({
      status: 200,
    });
    expect(await api.as(jane, 'GET', '/metrics/x')).toMatchObject({ status: 404 });
    expect((await api.as(jane, 'GET', '/metrics')).body).toMatchObject({
      message: 'forbidden: User "jane" cannot get path "/metrics"',
    });
    expect(await api.as(jane, 'GET', '/api/v1/namespaces/default/status')).toMatchObject({ status: 200 });
  });

  it('take in others by their labels', async () => {
    const api = accessHarness();
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { 'to-all': 'yes' } }] };
    await api.send('POST', `${RBAC}/clusterroles`, object('ClusterRole', 'all', { rules: [], aggregationRule }));
    const part = object('ClusterRole', 'part', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
    });
    part.metadata.labels = { 'to-all': 'yes', 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    await api.send('POST', `${RBAC}/clusterroles`, part);
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }];
    await api.send('POST', `${RBAC}/clusterrolebindings`, object('ClusterRoleBinding', 'b', { roleRef, subjects }));
    expect(await api.as(jane, 'GET', CONFIG_MAPS)).toMatchObject({ status: 200 });
  });

  it('that are missing are told', async () => {
    const api = accessHarness();
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gone' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }];
    await api.send('POST', `${RBAC}/clusterrolebindings`, object('ClusterRoleBinding', 'b', { roleRef, subjects }));
    expect((await api.as(jane, 'GET', CONFIG_MAPS)).body).toMatchObject({
      message:
        'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    });
  });

  it('of the default policy are stored where they are to be seen, and not over what is there', async () => {
    const api = accessHarness({ storePolicy: true });
    const own = object('ClusterRole', 'view', { rules: [] });
    const other = accessHarness({ storage: api.storage });
    await other.send('POST', `${RBAC}/clusterroles`, own);
    const list = (await api.send('GET', `${RBAC}/clusterroles`)) as unknown as { items: (typeof own)[] };
    const names = list.items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining(['admin', 'cluster-admin', 'edit', 'system:basic-user', 'view']));
    expect(list.items.find(({ metadata }) => metadata.name === 'view')).toMatchObject({ rules: null });
    const bindings = (await api.send('GET', `${RBAC}/clusterrolebindings`)) as unknown as typeof list;
    expect(bindings.items.map(({ metadata }) => metadata.name)).toContain('cluster-admin');
    const plain = accessHarness();
    expect((await plain.send('GET', `${RBAC}/clusterroles`))['items']).toEqual([]);
  });
});

describe('acting as somebody else', () => {
  it('must be allowed, for the user, each group, and what else is claimed', async () => {
    const api = accessHarness();
    await api.allow('target', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]);
    const target = { ...user('target', 'devs'), extra: { scopes: ['a'] } };
    const asTarget = () => api.inNameOf(target, jane, CONFIG_MAPS);
    const refused = async () => ((await asTarget()).body as { message: string }).message;
    expect(await refused()).toBe(
      'users "target" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    await api.allow('jane', [
      { apiGroups: [''], resources: ['users'], resourceNames: ['target'], verbs: ['impersonate'] },
    ]);
    expect(await refused()).toMatch(/^groups "devs" is forbidden: User "jane" cannot impersonate resource "groups"/);
    await api.allow('jane', [{ apiGroups: [''], resources: ['groups'], verbs: ['impersonate'] }]);
    expect(await refused()).toMatch(
      /^userextras\.authentication\.k8s\.io "a" is forbidden: User "jane" cannot impersonate resource "userextras\/scopes"/,
    );
    const extras = { apiGroups: ['authentication.k8s.io'], resources: ['userextras/scopes'], verbs: ['impersonate'] };
    await api.allow('jane', [extras]);
    expect(await asTarget()).toMatchObject({ status: 200 });
  });

  it('takes away what one may do oneself', async () => {
    const api = accessHarness();
    expect(await api.inNameOf(jane, MASTER, CONFIG_MAPS)).toMatchObject({
      status: 403,
      body: { message: /^configmaps is forbidden: User "jane" cannot list/ },
    });
  });

  it('is asked of the service account in its namespace', async () => {
    const api = accessHarness();
    const robot = user(
      'system:serviceaccount:default:robot',
      'system:serviceaccounts',
      'system:serviceaccounts:default',
    );
    const response = await api.inNameOf(robot, jane, CONFIG_MAPS);
    expect(response.body).toMatchObject({
      message:
        'serviceaccounts "robot" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default"',
    });
  });
});

describe('giving away what one has not', () => {
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }];
  const manage = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'], verbs: ['create', 'update', 'get'] };

  it('is refused in a role, unless it may be escalated', async () => {
    const api = accessHarness();
    await api.allow('jane', [manage]);
    const role = object('ClusterRole', 'r', { rules });
    expect((await api.as(jane, 'POST', `${RBAC}/clusterroles`, role)).body).toMatchObject({
      code: 403,
      message:
        'clusterroles.rbac.authorization.k8s.io "r" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    });
    await api.allow('jane', [{ ...manage, verbs: ['escalate'] }]);
    expect(await api.as(jane, 'POST', `${RBAC}/clusterroles`, role)).toMatchObject({ status: 201 });
  });

  it('is refused in a binding, unless the role may be bound', async () => {
    const api = accessHarness();
    await api.allow('jane', [manage]);
    await api.send('POST', `${RBAC}/clusterroles`, object('ClusterRole', 'r', { rules }));
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }];
    const binding = object('RoleBinding', 'b', { roleRef, subjects });
    const path = `${RBAC}/namespaces/default/rolebindings`;
    expect((await api.as(jane, 'POST', path, binding)).body).toMatchObject({ message: /attempting to grant RBAC/ });
    await api.allow('jane', [{ ...manage, resources: ['clusterroles'], verbs: ['bind'] }]);
    expect(await api.as(jane, 'POST', path, binding)).toMatchObject({ status: 201 });
  });

  it('is no matter of what one has, or of a role that stays as it is', async () => {
    const api = accessHarness();
    await api.allow('jane', [manage, { apiGroups: [''], resources: ['*'], verbs: ['*'] }]);
    const made = await api.as(jane, 'POST', `${RBAC}/clusterroles`, object('ClusterRole', 'r', { rules }));
    expect(made).toMatchObject({ status: 201 });
    const big = object('ClusterRole', 'big', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] });
    const current = await api.send('POST', `${RBAC}/clusterroles`, big);
    const labelled = { ...current, metadata: { ...current.metadata, labels: { a: 'b' } } };
    expect(await api.as(jane, 'PUT', `${RBAC}/clusterroles/big`, labelled)).toMatchObject({ status: 200 });
  });
});
