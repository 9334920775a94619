const PACKAGES: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis',
  metrics: 'io.k8s.metrics.pkg.apis',
};

/** The name of a type's definition: `core.v1.Pod` -> `io.k8s.api.core.v1.Pod`, `meta.v1.ObjectMeta` -> `io.k8s.apimachinery.…`. */
export function definitionName(typeName: string): string {
  const root = typeName.slice(0, typeName.indexOf('.'));
  return `${PACKAGES[root] ?? 'io.k8s.api'}.${typeName}`;
}

/** The name of a custom kind's definition: `stable.example.com`, `v1`, `CronTab` -> `com.example.stable.v1.CronTab`. */
export function customDefinitionName(group: string, version: string, kind: string): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}
