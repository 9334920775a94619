import type { ApiHandlerOptions } from '../../../src/apiserver/handler.ts';
import type { ApiMethod, ApiResponse, UserInfo } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

export const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** A server that is asked by users. */
export interface AccessHarness extends ApiHarness {
  as(user: UserInfo, method: ApiMethod, path: string, body?: unknown): Promise<ApiResponse>;
  /** As `as`, by somebody who acts in the user's name. */
  inNameOf(user: UserInfo, impersonator: UserInfo, path: string): Promise<ApiResponse>;
  /** Binds a ClusterRole of some rules to a user, in a namespace or ('') everywhere. */
  allow(user: string, rules: readonly Record<string, readonly string[]>[], namespace?: string): Promise<void>;
}

export function accessHarness(options: Partial<ApiHandlerOptions> = {}): AccessHarness {
  const api = apiHarness(options);
  let count = 0;
  return Object.assign(api, {
    inNameOf(user: UserInfo, impersonator: UserInfo, path: string) {
      return api.handler({ method: 'GET', path, user, impersonator });
    },
    as(user: UserInfo, method: ApiMethod, target: string, body?: unknown) {
      const [path = '', query] = target.split('?');
      return api.handler({
        method,
        path,
        user,
        ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
        ...(body === undefined ? {} : { body: structuredClone(body) }),
        headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      });
    },
    async allow(user: string, rules: readonly Record<string, readonly string[]>[], namespace = '') {
      const name = `role-${(count += 1)}`;
      await api.send('POST', `${RBAC}/clusterroles`, object('ClusterRole', name, { rules }));
      const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
      const path = namespace === '' ? 'clusterrolebindings' : `namespaces/${namespace}/rolebindings`;
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
      const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }];
      await api.send('POST', `${RBAC}/${path}`, object(kind, name, { roleRef, subjects }));
    },
  });
}

export function object(kind: string, name: string, rest: Record<string, unknown>): KubeObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, ...rest };
}

export function user(name: string, ...groups: string[]): UserInfo {
  return { name, groups: [...groups, 'system:authenticated'] };
}
