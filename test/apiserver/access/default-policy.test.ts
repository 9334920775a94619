import { describe, expect, it } from 'vitest';
import {
  DEFAULT_CLUSTER_ROLE_BINDINGS,
  DEFAULT_CLUSTER_ROLES,
  settledClusterRole,
} from '../../../src/apiserver/access/default-policy.ts';
import type { PolicyRule } from '../../../src/apiserver/access/policy-rule.ts';
import type { UserInfo } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { apiHarness } from '../api-harness.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

function account(name: string): UserInfo {
  const groups = ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'];
  return { name: `system:serviceaccount:kube-system:${name}`, groups };
}

const rulesOf = (role: KubeObject | undefined): PolicyRule[] => (role?.['rules'] ?? []) as PolicyRule[];

describe('the default policy', () => {
  it('has the roles that a fresh cluster has', () => {
    const names = [...DEFAULT_CLUSTER_ROLES.keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'admin',
        'cluster-admin',
        'edit',
        'system:aggregate-to-view',
        'system:controller:deployment-controller',
        'system:kube-scheduler',
        'system:node-proxier',
        'system:public-info-viewer',
        'view',
      ]),
    );
    const controllers = names.filter((name) => name.startsWith('system:controller:'));
    expect(controllers.length).toBeGreaterThan(30);
    for (const name of controllers) {
      expect(DEFAULT_CLUSTER_ROLE_BINDINGS.get(name)).toMatchObject({
        subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: name.slice('system:controller:'.length) }],
        roleRef: { kind: 'ClusterRole', name },
      });
    }
    expect(DEFAULT_CLUSTER_ROLE_BINDINGS.get('system:node')).not.toHaveProperty('subjects');
  });

  it('has whole rules, with sorted values, as kube-apiserver makes them', () => {
    for (const role of DEFAULT_CLUSTER_ROLES.values()) {
      for (const rule of rulesOf(role)) {
        const { verbs = [], apiGroups, resources, nonResourceURLs } = rule;
        expect(verbs.length, role.metadata.name).toBeGreaterThan(0);
        expect((nonResourceURLs === undefined) !== (apiGroups === undefined), role.metadata.name).toBe(true);
        if (apiGroups !== undefined) expect(resources?.length, role.metadata.name).toBeGreaterThan(0);
        for (const values of Object.values(rule) as string[][]) {
          expect(values, role.metadata.name).toEqual([...new Set<string>(values)].sort());
          for (const value of values) expect(value, role.metadata.name).not.toMatch(/[:\s]$|^-$/);
        }
      }
    }
  });

  it.each([
    [account('deployment-controller'), 'PUT', '/apis/apps/v1/namespaces/default/deployments/x', true],
    [account('deployment-controller'), 'DELETE', '/apis/apps/v1/namespaces/default/deployments/x', false],
    [account('generic-garbage-collector'), 'DELETE', '/api/v1/namespaces/default/pods/x', true],
    [account('ttl-controller'), 'GET', '/api/v1/namespaces/default/secrets', false],
    [account('token-cleaner'), 'GET', '/api/v1/namespaces/kube-system/secrets', true],
    [account('token-cleaner'), 'GET', '/api/v1/namespaces/default/secrets', false],
    [{ name: 'system:kube-scheduler', groups: [] }, 'GET', '/api/v1/pods', true],
    [{ name: 'system:kube-scheduler', groups: [] }, 'DELETE', '/api/v1/nodes/x', false],
    [{ name: 'system:kube-proxy', groups: [] }, 'GET', '/api/v1/services', true],
    [{ name: 'system:kube-controller-manager', groups: [] }, 'GET', '/api/v1/secrets', true],
  ] as const)('%j: %s %s: %s', async (user, method, path, allowed) => {
    const api = apiHarness();
    expect((await api.handler({ method, path, user, body: {} })).status === 403).toBe(!allowed);
  });

  it('is stored for all to see, in its namespaces too, with the rules of aggregated roles', async () => {
    const api = apiHarness({ storePolicy: true });
    const { items } = (await api.send('GET', `${RBAC}/clusterroles`)) as unknown as { items: KubeObject[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual([...DEFAULT_CLUSTER_ROLES.keys()].sort());
    const view = items.find(({ metadata }) => metadata.name === 'view');
    expect(rulesOf(view)).toEqual(rulesOf(DEFAULT_CLUSTER_ROLES.get('system:aggregate-to-view')));
    const admin = DEFAULT_CLUSTER_ROLES.get('admin');
    const all = ['admin', 'edit', 'view'].flatMap((each) =>
      rulesOf(DEFAULT_CLUSTER_ROLES.get(`system:aggregate-to-${each}`)),
    );
    const own = rulesOf(admin === undefined ? undefined : settledClusterRole(admin));
    expect(own).toHaveLength(all.length);
    expect(own).toEqual(expect.arrayContaining(all));
    const roles = (await api.send('GET', `${RBAC}/namespaces/kube-system/roles`)) as unknown as typeof view & {
      items: KubeObject[];
    };
    expect(roles.items.map(({ metadata }) => metadata.name)).toContain('extension-apiserver-authentication-reader');
    const bindings = await api.send('GET', `${RBAC}/namespaces/kube-public/rolebindings`);
    expect(bindings).toMatchObject({ items: [{ metadata: { name: 'system:controller:bootstrap-signer' } }] });
  });
});
