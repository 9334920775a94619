import type { Describer } from './describer.ts';

/** A kind that has a describer of its own, and the versions that it reads, the best first. */
export interface DescriberEntry {
  readonly apiVersions: readonly string[];
  readonly load: () => Promise<Describer>;
}

const core: Readonly<Record<string, DescriberEntry>> = {
  Pod: { apiVersions: ['v1'], load: async () => (await import('./pod.ts')).describePod },
  Secret: { apiVersions: ['v1'], load: async () => (await import('./secret.ts')).describeSecret },
  Service: { apiVersions: ['v1'], load: async () => (await import('./service.ts')).describeService },
  Node: { apiVersions: ['v1'], load: async () => (await import('./node.ts')).describeNode },
  LimitRange: { apiVersions: ['v1'], load: async () => (await import('./limit-range.ts')).describeLimitRange },
  ResourceQuota: { apiVersions: ['v1'], load: async () => (await import('./resource-quota.ts')).describeResourceQuota },
  Namespace: { apiVersions: ['v1'], load: async () => (await import('./namespace.ts')).describeNamespace },
  ConfigMap: { apiVersions: ['v1'], load: async () => (await import('./config-map.ts')).describeConfigMap },
};

const groups: Readonly<Record<string, Readonly<Record<string, DescriberEntry>>>> = {
  '': core,
  apps: {
    Deployment: { apiVersions: ['apps/v1'], load: async () => (await import('./deployment.ts')).describeDeployment },
  },
};

/** The describer of a kind; undefined for the many that the generic one describes. */
export function describerOf(group: string, kind: string): DescriberEntry | undefined {
  const kinds = Object.hasOwn(groups, group) ? groups[group] : undefined;
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}
