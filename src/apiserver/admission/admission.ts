import type { KubeObject } from '../../model/kube-object.ts';
import { invalid } from '../../model/status-errors.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import type { ServedResource } from '../served-resource.ts';
import { quotaResource } from './quota-usage.ts';
import type { QuotaCharge } from './resource-quota.ts';

/** What a namespace says of the objects that are created in it. */
export interface NamespacePolicy {
  readonly labels: Readonly<Record<string, string>>;
  readonly limitRanges: readonly KubeObject[];
  readonly quotas: readonly KubeObject[];
}

const NO_POLICY: NamespacePolicy = { labels: {}, limitRanges: [], quotas: [] };
const LIMITED: readonly string[] = ['pods', 'persistentvolumeclaims'];
/** Resources that no quota counts. */
const UNCOUNTED: readonly string[] = ['events', 'events.events.k8s.io'];

/** Whether quotas can count the objects of a resource. */
export function isCounted({ info }: ServedResource): boolean {
  return info.namespaced && !UNCOUNTED.includes(quotaResource(info.group, info.plural));
}

/** Reads the limits, and where that is asked for the quotas, that hold for new objects of a resource in a namespace. */
export async function readPolicy(
  { server, served }: { server: ApiServer; served: ServedResource },
  namespace: string,
  withQuotas: boolean,
): Promise<NamespacePolicy> {
  const { info } = served;
  if (!info.namespaced) return NO_POLICY;
  const resource = quotaResource(info.group, info.plural);
  const context = strategyContext(server);
  const [limitRanges, quotas] = await Promise.all([
    LIMITED.includes(resource) ? context.list('limitranges', namespace) : [],
    withQuotas && isCounted(served) ? context.list('resourcequotas', namespace) : [],
  ]);
  return { labels: {}, limitRanges, quotas };
}

/** What admission changes about a new object, before it is validated. */
export async function setPolicyDefaults(
  { info }: ServedResource,
  object: KubeObject,
  { limitRanges }: NamespacePolicy,
): Promise<void> {
  if (limitRanges.length === 0 || info.plural !== 'pods') return;
  const { setLimitDefaults } = await import('./limit-ranger.ts');
  setLimitDefaults(object, limitRanges);
}

/** A new namespace must name levels of security that there are. */
async function checkLevels({ info }: ServedResource, { metadata }: KubeObject): Promise<void> {
  const { labels = {}, name = '' } = metadata;
  if (!Object.keys(labels).some((label) => label.startsWith('pod-security.kubernetes.io/'))) return;
  const { levelErrors } = await import('./pod-security.ts');
  const errors = levelErrors(labels);
  if (errors.length > 0) throw invalid(info.kind, info.group, name, errors);
}

/**
 * What admission says to a new object that is valid: throws Forbidden when the namespace's level of security or its limits are
 * against it; answers warnings. `charge` is to be called last: it throws Forbidden when quotas are against the object, and answers
 * what is to be written to them together with it.
 */
export async function checkPolicy(
  { server, served }: { server: ApiServer; served: ServedResource },
  object: KubeObject,
  policy: NamespacePolicy,
): Promise<{ warnings: string[]; charge: () => Promise<QuotaCharge[]> }> {
  const resource = quotaResource(served.info.group, served.info.plural);
  const { labels, limitRanges, quotas } = policy;
  if (resource === 'namespaces') await checkLevels(served, object);
  if (resource === 'certificatesigningrequests.certificates.k8s.io') {
    const { checkRequestedSubject } = await import('./certificates.ts');
    await checkRequestedSubject(server, object);
  }
  if (limitRanges.length > 0) {
    const { checkLimits } = await import('./limit-ranger.ts');
    checkLimits(resource, object, limitRanges);
  }
  let warnings: string[] = [];
  if (Object.keys(labels).some((label) => label.startsWith('pod-security.kubernetes.io/'))) {
    const { checkPodSecurity } = await import('./pod-security.ts');
    warnings = checkPodSecurity(resource, object, labels);
  }
  const charge = async (): Promise<QuotaCharge[]> => {
    if (quotas.length === 0) return [];
    const { chargeQuotas } = await import('./resource-quota.ts');
    return chargeQuotas({ server, served, object }, quotas);
  };
  return { warnings, charge };
}
