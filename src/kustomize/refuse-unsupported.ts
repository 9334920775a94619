import type { FileLoader } from './file-loader.ts';
import type { Kustomization } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';

/** Throws KustomizeError for what of a kustomization kube-lite does not do; `warn` hears of what it leaves out. */
export function refuseUnsupported(
  kustomization: Kustomization,
  loader: FileLoader,
  warn: (line: string) => void,
): void {
  const { helmCharts = [], helmChartInflationGenerator = [], openapi } = kustomization;
  if (helmCharts.length > 0 || helmChartInflationGenerator.length > 0) {
    throw new KustomizeError(
      'kube-lite does not inflate Helm charts; render the chart with helm template, and refer to the result',
    );
  }
  const [validator] = kustomization.validators ?? [];
  if (validator !== undefined) throw new KustomizeError(`kube-lite does not run validators: ${validator}`);
  if (openapi?.['path'] !== undefined) {
    loader.load(openapi['path']);
    warn(
      `# Warning: the schema ${openapi['path']} of 'openapi' is not used: strategic merge patches merge the lists of Kubernetes 1.21's own kinds, and replace those of all others.`,
    );
  }
  const version = openapi?.['version'];
  if (version !== undefined && version !== 'v1.21.2') {
    throw new KustomizeError('the specified OpenAPI version is not built in');
  }
}
