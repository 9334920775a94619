import type { KubeObject } from '../../../model/kube-object.ts';
import {
  ensureObject,
  fillAbsent,
  fillEmpty,
  isSet,
  numberIn,
  objectIn,
  objectsIn,
  partOf,
  textIn,
} from '../fields.ts';
import { isExternallyAccessible } from './service-state.ts';

/** Three hours: how long a client keeps its endpoint. */
const AFFINITY_SECONDS = 10_800;

/** Defaults of a service (core/v1 SetDefaults_Service). */
export function defaultService(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillEmpty(spec, 'sessionAffinity', 'None');
  if (textIn(spec, 'sessionAffinity') === 'None') delete spec['sessionAffinityConfig'];
  if (textIn(spec, 'sessionAffinity') === 'ClientIP') {
    const config = partOf(spec, 'sessionAffinityConfig', 'clientIP');
    if (!isSet(config, 'timeoutSeconds')) {
      spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
    }
  }
  fillEmpty(spec, 'type', 'ClusterIP');
  for (const port of objectsIn(spec, 'ports')) {
    fillEmpty(port, 'protocol', 'TCP');
    fillEmpty(port, 'targetPort', numberIn(port, 'port') ?? 0);
  }
  const type = textIn(spec, 'type');
  if (isExternallyAccessible(spec)) fillEmpty(spec, 'externalTrafficPolicy', 'Cluster');
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type)) fillAbsent(spec, 'internalTrafficPolicy', 'Cluster');
  if (type !== 'LoadBalancer') return;
  fillAbsent(spec, 'allocateLoadBalancerNodePorts', true);
  const balancer = objectIn(partOf(object, 'status'), 'loadBalancer');
  for (const point of objectsIn(balancer ?? {}, 'ingress')) {
    if (textIn(point, 'ip') !== '') fillAbsent(point, 'ipMode', 'VIP');
  }
}
