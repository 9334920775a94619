import { deepEqual } from '../../model/deep-equal.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { invalid } from '../../model/status-errors.ts';
import { strategyContext } from '../api-server.ts';
import { partOf } from '../kinds/fields.ts';
import type { WriteRequest } from '../write-request.ts';
import { quotaResource } from './quota-usage.ts';
import type { QuotaCharge } from './resource-quota.ts';

/** Kinds that have pods, or make some. */
const WITH_PODS: ReadonlySet<string> = new Set([
  'pods',
  'replicationcontrollers',
  'podtemplates',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'cronjobs.batch',
  'jobs.batch',
]);
/** Kinds of which quotas count what is in them, which may change. */
const MEASURED: ReadonlySet<string> = new Set(['pods', 'services', 'persistentvolumeclaims']);

/** What admission says to a change. */
export interface ChangeVerdict {
  readonly warnings: readonly string[];
  /** Whether quotas count the object anew once it is written. */
  readonly recount: boolean;
  /** What is to be written to quotas together with the object. */
  readonly charges: readonly QuotaCharge[];
}

const NOTHING: ChangeVerdict = { warnings: [], recount: false, charges: [] };

/**
 * What admission says to a valid change of an object: throws Forbidden when the namespace's level of security, its quotas or a
 * claim's class are against it, and Invalid for wrong levels. Costs nothing for kinds and changes that none of them looks at.
 */
export async function checkChange(write: WriteRequest, object: KubeObject, old: KubeObject): Promise<ChangeVerdict> {
  const { info } = write.served;
  const resource = quotaResource(info.group, info.plural);
  if (resource === 'namespaces' && write.subresource === '') return checkRelabelling(write, object, old);
  if (resource === 'certificatesigningrequests.certificates.k8s.io') {
    const { checkSignerPermission } = await import('./certificates.ts');
    await checkSignerPermission(write, object, old);
    return NOTHING;
  }
  if (deepEqual(specsOf(object), specsOf(old)) && write.subresource !== '') return NOTHING;
  if (resource === 'persistentvolumeclaims' && write.subresource === '') {
    const { checkClaimGrowth } = await import('./claim-resize.ts');
    await checkClaimGrowth(object, old, strategyContext(write.server));
  }
  if (resource === 'pods' && write.subresource === 'ephemeralcontainers' && write.server.serviceAccounts) {
    const { checkEphemeralSecrets } = await import('./service-account.ts');
    await checkEphemeralSecrets(write.server, write.namespace, object);
  }
  const warnings = WITH_PODS.has(resource) ? await securityWarnings(write, resource, { object, old }) : [];
  return { ...(MEASURED.has(resource) ? await chargeChange(write, object, old) : NOTHING), warnings };
}

function specsOf({ spec, status }: KubeObject): unknown {
  return [spec, partOf({ status }, 'status')['phase']];
}

async function securityWarnings(
  { server, namespace, subresource }: WriteRequest,
  resource: string,
  { object, old }: { object: KubeObject; old: KubeObject },
): Promise<string[]> {
  const looked = subresource === '' || (resource === 'pods' && ['ephemeralcontainers', 'resize'].includes(subresource));
  if (!looked) return [];
  const found = await strategyContext(server).get('namespaces', '', namespace);
  const labels = found?.metadata.labels ?? {};
  if (!hasLevels(labels)) return [];
  const { checkChangedPodSecurity } = await import('./pod-security.ts');
  return checkChangedPodSecurity(resource, object, old, labels);
}

function hasLevels(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).some((label) => label.startsWith('pod-security.kubernetes.io/'));
}

async function chargeChange(
  write: WriteRequest,
  object: KubeObject,
  old: KubeObject,
): Promise<Pick<ChangeVerdict, 'recount' | 'charges'>> {
  const { server, served, namespace } = write;
  const { chargeQuotasOfChange } = await import('./resource-quota.ts');
  return chargeQuotasOfChange({ server, served, object }, old, () =>
    strategyContext(server).list('resourcequotas', namespace),
  );
}

async function checkRelabelling(write: WriteRequest, object: KubeObject, old: KubeObject): Promise<ChangeVerdict> {
  const labels = object.metadata.labels ?? {};
  const before = old.metadata.labels ?? {};
  if (!hasLevels(labels) || deepEqual(labels, before)) return NOTHING;
  const { isStricter, levelErrors, relabelWarnings } = await import('./pod-security.ts');
  const errors = levelErrors(labels);
  const { kind, group } = write.served.info;
  if (errors.length > 0 && !deepEqual(errors, levelErrors(before))) {
    throw invalid(kind, group, object.metadata.name ?? '', errors);
  }
  if (!isStricter(labels, before)) return NOTHING;
  const pods = await strategyContext(write.server).list('pods', object.metadata.name ?? '');
  return { warnings: relabelWarnings(object, pods), recount: false, charges: [] };
}
